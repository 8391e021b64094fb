"""Partner: a company that leads are referred to, for work we do not do."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel import normalization
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import unused_name


class Partner(Archivable):
    """A company we refer leads to. An archived one is not offered."""

    noun = "partner"

    name = models.CharField(max_length=60)
    email = models.CharField(max_length=254)
    # What they do, and where, as whoever hands on reads it.
    does = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=120, blank=True)
    # The record by which they are written to.
    person = TenantForeignKey(Person, models.PROTECT, related_name="+")

    FIELDS = ("name", "email", "does", "area")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="partner_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, name: str, email: str, *, does: str = "", area: str = "", by: Member | None) -> "Partner":
        """Add a partner. Raises Refused for a name that is taken, or an invalid address."""
        lock_configuration()
        name = unused_name(cls, name, cls.objects.all())
        email = _parse_address(email)
        person = Person.objects.create(name=name)
        ContactPoint.objects.create(person=person, kind=ContactPoint.PointKind.EMAIL, value=email)
        partner: Partner = cls.objects.create(name=name, email=email, does=does[:120], area=area[:120], person=person)
        events.record("partner.added", subject=partner, by=by)
        return partner

    @transaction.atomic
    def edit(self, *, by: Member | None, name: str, email: str, does: str, area: str) -> None:
        """Edit it; without a change nothing is recorded. Raises Refused as `add` does."""
        self._lock_with_configuration()
        name = unused_name(Partner, name, Partner.objects.exclude(pk=self.pk))
        after = {"name": name, "email": _parse_address(email), "does": does[:120], "area": area[:120]}
        changed = set_fields(self, after)
        if changed:
            self.save(update_fields=changed)
            self._record("partner.edited", by, {"fields": changed})
        if "email" in changed:
            point = ContactPoint.PointKind.EMAIL
            ContactPoint.objects.get_or_create(person_id=self.person_id, kind=point, value=self.email)

    @property
    def point(self) -> ContactPoint:
        """The contact point that messages to them are sent to."""
        contact_point: ContactPoint = ContactPoint.objects.filter(person_id=self.person_id, value=self.email).order_by(
            "pk"
        )[0]
        return contact_point


def _parse_address(typed: str) -> str:
    address = normalization.normalize_email(typed)
    if address is None:
        raise Refused(_("That is not a valid email address."))
    return address
