"""ContactPoint: an address or number of a person, normalised. Once verified, it belongs to one person only."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.people.models.person import Person
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.tenancy import secrets


class ContactPointQuerySet(TenantQuerySet["ContactPoint"]):
    def reached_at(self, *values: str) -> "ContactPointQuerySet":
        """Filter points with one of these normalised values."""
        # Of every kind, said aloud: it is what the index begins with.
        return self.filter(kind__in=ContactPoint.PointKind.values, value__in=values)

    def verified_first(self, *then: str) -> "ContactPointQuerySet":
        """Order by confirmation, most recent first; unconfirmed ones last, in the given order, else oldest first."""
        # Postgres has nulls first where the order is downward, and null is what nobody has confirmed.
        return self.order_by(models.F("verified_at").desc(nulls_last=True), *(then or ("pk",)))

    def phones_first(self) -> "ContactPointQuerySet":
        """Order numbers before email addresses, confirmed ones first within each kind."""
        return self.order_by(models.F("kind").desc(), models.F("verified_at").desc(nulls_last=True), "pk")


class AddressFingerprint(models.CharField):
    """Keyed hash of the row's `value`, computed on every save and bulk write."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        hashed = secrets.address_fingerprint(model_instance.value)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, hashed)
        return hashed


class ContactPoint(TenantModel):
    """A contact value of a person, normalised (lower-case address, E.164 number) and compared with `=`."""

    class PointKind(models.TextChoices):
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        # WhatsApp's ID of somebody who shows no number ("US.1349120…"): no number, and compared as it is.
        WHATSAPP = "whatsapp", _("WhatsApp without a number")

    person = TenantForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=PointKind)
    value = models.CharField(max_length=254)
    # What outlives its erasure is found by: what was agreed to, and what must not be sent. A set of rows that is
    # written by SQL brings it along (`secrets.address_fingerprint`); one without it is refused.
    fingerprint = AddressFingerprint(max_length=64, editable=False)
    # What was typed beside it: whose it is, what it is for, its extension ("wife, ext. 12"); shown, never matched.
    note = models.CharField(max_length=80, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    # How we came by it: typed, import, message, portal.
    source = models.CharField(max_length=16, default="typed")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(ContactPointQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "kind", "value"], name="contact_point_is_once_a_person"
            ),
            # A household may share a number; one who has confirmed it is who it belongs to.
            models.UniqueConstraint(
                fields=["tenant", "kind", "value"],
                condition=models.Q(verified_at__isnull=False),
                name="contact_point_is_one_persons_when_verified",
            ),
            models.CheckConstraint(condition=~models.Q(fingerprint=""), name="contact_point_has_its_fingerprint"),
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "value"], name="contact_point_value"),
            models.Index(fields=["tenant", "fingerprint"], name="contact_point_fingerprint"),
            GinIndex(
                fields=["tenant", "value"], opclasses=["int8_ops", "gin_trgm_ops"], name="contact_point_value_trgm"
            ),
        ]

    def __str__(self) -> str:
        return self.value
