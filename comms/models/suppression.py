"""Suppression: an address, number or person not to be contacted, why, and who lifted it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comms.models.medium import Medium, Purpose
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class SuppressionQuerySet(TenantQuerySet["Suppression"]):
    def in_force(self) -> Self:
        """Filter out lifted ones."""
        return self.filter(lifted_at__isnull=True)

    def covering(self, purpose: str) -> Self:
        """Filter those that stop messages of this purpose."""
        return self.filter(covers__in=[covers for covers, stopped in _COVERED.items() if purpose in stopped])


class Suppression(TenantModel):
    """Messages that must not be sent. It stores only a hash of the address, so that it survives erasure.

    Written by comms/gate/consent/suppressions.py alone.

    Rule: docs/rules.md#sending-law.
    """

    class Reason(models.TextChoices):
        """Why messages are suppressed."""

        STOP = "stop", _("They asked us to stop")
        UNSUBSCRIBED = "unsubscribed", _("They unsubscribed")
        COMPLAINT = "complaint", _("They reported a message as spam")
        HARD_BOUNCE = "hard_bounce", _("The address does not exist")
        DECEASED = "deceased", _("They have died")
        BLOCKED = "blocked", _("We do not write to them")
        UNCLEAR = "unclear", _("They may have asked us to stop: read their message")

    class Covers(models.TextChoices):
        """Which messages are suppressed."""

        MARKETING = "marketing", _("Offers")
        OPTIONAL = "optional", _("Offers and news of the work")
        EVERYTHING = "everything", _("Everything")

    uid = public_id()
    # `comms.addresses.address_key`, and what is shown for it; blank where it is a person with all their addresses.
    key = models.CharField(max_length=64, blank=True)
    masked = models.CharField(max_length=254, blank=True)
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    # Blank: every medium. Null: every brand.
    medium = models.CharField(max_length=8, choices=Medium, blank=True)
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    covers = models.CharField(max_length=10, choices=Covers, default=Covers.EVERYTHING)
    # Where it came from: message, link, preferences, provider, staff; and their words, where they wrote any.
    source = models.CharField(max_length=16)
    evidence = models.CharField(max_length=300, blank=True)
    # What we had sent them on that way within seven days, where it was their own wish: the figures ask after which.
    after_message = TenantForeignKey("comms.Message", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(SuppressionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="suppression_uid_is_unique"),
            # Of a person there may be two after a merge; it does no harm.
            models.UniqueConstraint(
                fields=["tenant", "key", "medium", "brand", "reason", "covers"],
                condition=Q(lifted_at__isnull=True) & ~Q(key=""),
                nulls_distinct=False,
                name="suppression_is_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(key="", person__isnull=False) | ~Q(key="") & Q(person__isnull=True),
                name="suppression_is_of_an_address_or_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "key"], condition=Q(lifted_at__isnull=True), name="suppression_in_force"),
            models.Index(
                fields=["tenant", "after_message"],
                condition=Q(after_message__isnull=False),
                name="suppression_after_message",
            ),
            models.Index(
                fields=["tenant", "person"], condition=Q(lifted_at__isnull=True), name="suppression_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.masked or self.person_id}"

    def stops(self, medium: str, brand_id: int, purpose: str) -> bool:
        """True if it stops a message of this kind."""
        return self.is_of(medium, brand_id) and purpose in _COVERED[self.covers]

    def is_of(self, medium: str, brand_id: int) -> bool:
        """True if it applies to messages by this medium from this brand."""
        return self.medium in ("", medium) and self.brand_id in (None, brand_id)

    @property
    def since(self) -> datetime:
        return self.at


_COVERED: dict[str, frozenset[str]] = {
    Suppression.Covers.MARKETING: frozenset({Purpose.MARKETING}),
    Suppression.Covers.OPTIONAL: frozenset({Purpose.MARKETING, Purpose.SERVICE}),
    Suppression.Covers.EVERYTHING: frozenset(Purpose.values),
}
