"""Consent: an agreement or withdrawal, with wording, source and time. Immutable."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from comms.models.medium import Medium, Purpose
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class ConsentQuerySet(TenantQuerySet["Consent"]):
    def in_force(self) -> Self:
        """Filter the last entry for each address, medium, purpose and brand."""
        what = ("key", "medium", "purpose", "brand_id")
        return self.order_by(*what, "-pk").distinct(*what)


class Consent(TenantModel):
    """An entry of the consent ledger; the last entry is in force.

    Written by comms/gate/consent/consents.py alone.

    Rule: docs/rules.md#sending-law.
    """

    app_may = "select, insert"

    class Source(models.TextChoices):
        """Where consent was given."""

        FORM = "form", _("A form")
        PREFERENCES = "preferences", _("Their preferences page")
        ONE_CLICK = "one_click", _("One click in their mail program")
        MESSAGE = "message", _("A message of theirs")
        CALL = "call", _("On the phone")
        PAPER = "paper", _("On paper")
        IMPORT = "import", _("An import")

    uid = public_id()
    key = models.CharField(max_length=64)
    masked = models.CharField(max_length=254)
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    purpose = models.CharField(max_length=14, choices=Purpose)
    given = models.BooleanField()
    # The exact words that were shown or said, and which version of them it was.
    wording = models.TextField()
    wording_version = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=12, choices=Source)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(ConsentQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="consent_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "key", "medium", "purpose", "brand", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.medium} {self.purpose} {self.masked}: {'yes' if self.given else 'no'}"
