"""RecordOptOut: a record about which no language model is asked, because a member switched it off there."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class RecordOptOutQuerySet(TenantQuerySet["RecordOptOut"]):
    def about(self, kind: str, pk: int) -> "RecordOptOutQuerySet":
        return self.filter(subject_kind=kind, subject_id=pk)


class RecordOptOut(TenantModel):
    """A record about which no language model is asked."""

    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(RecordOptOutQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id"], name="record_is_opted_out_of_the_model_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"

    @classmethod
    @transaction.atomic
    def switch(cls, record: models.Model, *, on: bool, by: Member) -> None:
        """Allow a model to be asked about a record, or forbid it. Idempotent."""
        kind = record._meta.label_lower
        if on:
            changed, _models = cls.objects.about(kind, record.pk).delete()
        else:
            _row, changed = cls.objects.get_or_create(subject_kind=kind, subject_id=record.pk, defaults={"by": by})
        if changed:
            data = {"on": on}
            events.record("assistant.record_switched", subject=record, by=by, data=data)
