"""ProfilingObjection: a person who does not want to be scored (GDPR, article 21). Whoever scores people asks here."""

from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal

from crm.kernel import clock
from crm.people.models.person import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel

# Of the same transaction, with the person: their scores are deleted by whoever made them.
profiling_objected = Signal()


class ProfilingObjection(TenantModel):
    """A person who objected to profiling: they and their jobs have no score."""

    person: Any = TenantForeignKey(Person, models.CASCADE, related_name="+")
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "person"], name="person_objects_to_profiling_once")]

    def __str__(self) -> str:
        return f"person {self.person_id}"

    @classmethod
    @transaction.atomic
    def record(cls, person: Person, *, by: Member | None) -> None:
        """Record that a person objects, and delete their scores. Idempotent."""
        person.lock()
        _row, created = cls.objects.get_or_create(person=person, defaults={"by": by})
        if created:
            profiling_objected.send(sender=cls, person=person)
            events.record("person.profiling_objected", subject=person, by=by)

    @classmethod
    @transaction.atomic
    def withdraw(cls, person: Person, *, by: Member) -> None:
        """Withdraw a person's objection. Idempotent."""
        person.lock()
        deleted, _models = cls.objects.filter(person=person).delete()
        if deleted:
            events.record("person.profiling_allowed", subject=person, by=by)


def may_be_profiled(person: str = "person") -> Q:
    """Return the condition on rows whose person, in this column, has not objected to profiling."""
    return ~Q(Exists(ProfilingObjection.objects.filter(person=OuterRef(person))))
