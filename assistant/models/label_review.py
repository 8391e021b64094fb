"""LabelReview: what a member said of a proposed label. The evaluation counts by them, and training learns from them."""

from typing import Any, ClassVar

from django.db import models, transaction

from assistant.models.message_labels import MessageLabels
from assistant.reading.vocabulary import VALUES
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class LabelReviewQuerySet(TenantQuerySet["LabelReview"]):
    def of_labels(self, labels: MessageLabels) -> "LabelReviewQuerySet":
        return self.filter(labels=labels)


class LabelReview(TenantModel):
    """A member's answer to a proposed label: right, or what is right instead."""

    labels: Any = TenantForeignKey(MessageLabels, models.CASCADE, related_name="reviews")
    facet = models.CharField(max_length=8)
    proposed = models.CharField(max_length=12)
    # Who proposed it: "rules", "trained" or "model"; its figures are its own.
    proposed_by = models.CharField(max_length=8)
    right = models.CharField(max_length=12)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(LabelReviewQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "labels", "facet"], name="label_is_reviewed_once")]
        indexes = [models.Index(fields=["tenant", "facet", "-at", "-id"], name="label_review_newest")]

    def __str__(self) -> str:
        return f"{self.facet}: {self.proposed} is {self.right}"

    @classmethod
    @transaction.atomic
    def say(cls, labels: MessageLabels, facet: str, right: str, *, by: Member) -> None:
        """Record which label is right, and put it in force. Idempotent. Raises ValueError for an unknown label."""
        if right not in VALUES[facet]:
            raise ValueError(f"no label {facet}.{right}")
        labels.lock()
        proposed = labels.proposed[facet]
        cls.objects.update_or_create(
            labels=labels,
            facet=facet,
            defaults={
                "proposed": proposed["value"],
                "proposed_by": proposed["by"],
                "right": right,
                "by": by,
                "at": clock.now(),
            },
        )
        if labels.current(facet) != right:
            labels.put_label(facet, right)
            labels.save(update_fields=[facet])
        events.record("label.reviewed", subject=labels, by=by, data={"facet": facet, "right": right})

    @classmethod
    @transaction.atomic
    def take_back(cls, labels: MessageLabels, facet: str, *, by: Member) -> None:
        """Delete what was said of a label; the proposed one is in force again. Idempotent."""
        labels.lock()
        deleted, _models = cls.objects.of_labels(labels).filter(facet=facet).delete()
        if deleted:
            labels.put_label(facet, labels.proposal(facet))
            labels.save(update_fields=[facet])
            events.record("label.review_withdrawn", subject=labels, by=by, data={"facet": facet})
