"""Silence: switches off all rules for one customer."""

from django.db import models, transaction

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel


class Silence(TenantModel):
    """A customer excluded from rules. Members can still write to them."""

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "person"], name="silence_is_one_a_person")]

    def __str__(self) -> str:
        return str(self.person_id)

    @classmethod
    @transaction.atomic
    def begin(cls, person: Person, *, by: Member | None) -> None:
        """Switch rules off for a customer. Idempotent."""
        _row, made = cls.objects.get_or_create(person=person, defaults={"by": by, "tenant_id": person.tenant_id})
        if made:
            events.record("person.rules_switched_off", subject=person, by=by)

    @classmethod
    @transaction.atomic
    def end(cls, person: Person, *, by: Member | None) -> None:
        """Switch rules on again for a customer. Idempotent."""
        deleted, _rows = cls.objects.filter(person=person).delete()
        if deleted:
            events.record("person.rules_switched_on", subject=person, by=by)
