"""StoredSummary: a summary of a record that a language model wrote, valid until the next message."""

from typing import Any, ClassVar

from django.db import models

from assistant.models.assistant_call import AssistantCall
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class StoredSummaryQuerySet(TenantQuerySet["StoredSummary"]):
    def about(self, record: models.Model) -> "StoredSummaryQuerySet":
        return self.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)


class StoredSummary(TenantModel):
    """Sentences about a record, each with the messages it rests on."""

    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    language = models.CharField(max_length=8)
    # What was summarized, by its last message: another key means that something came.
    key = models.CharField(max_length=200)
    # Each with its text, the elements of the page it rests on (`refs`), and whether it says what is open.
    sentences = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    call = TenantForeignKey(AssistantCall, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(StoredSummaryQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "language"],
                name="record_has_one_summary_in_a_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.language}"
