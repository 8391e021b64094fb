"""EnrolmentStep: a step of a sequence that was done for a lead, with its result."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Count

from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from followups.sequences.models.choices import StepResult
from followups.sequences.models.enrolment import Enrolment

# What begins the origin of the messages and follow-ups of sequences: "sequence:enrolment:position".
ORIGIN = "sequence:"


def step_origin(enrolment_id: int, position: int) -> str:
    """Return the origin of what a step makes; unique, so that it is made once."""
    return f"{ORIGIN}{enrolment_id}:{position}"


def parse_origin(origin: str) -> tuple[int, int] | None:
    """Return the enrolment's id and the position in an origin; None if no sequence made it."""
    if not origin.startswith(ORIGIN):
        return None
    enrolment, _colon, position = origin.removeprefix(ORIGIN).partition(":")
    return int(enrolment), int(position)


class EnrolmentStepQuerySet(TenantQuerySet[Any]):
    def counts_by_position(self, version_id: int, *, is_test: bool = False) -> dict[int, int]:
        """Return how many leads got to each act or fork of a version."""
        rows = self.filter(version_id=version_id, is_test=is_test).order_by().values_list("position")
        return dict(rows.annotate(count=Count("pk")))

    def results_by_position(self, version_id: int, *, is_test: bool = False) -> dict[tuple[int, str], int]:
        """Return how many leads got to each act or fork of a version, by result: of a fork, yes and no."""
        rows = self.filter(version_id=version_id, is_test=is_test).order_by().values_list("position", "result")
        return {(position, result): count for position, result, count in rows.annotate(count=Count("pk"))}


class EnrolmentStep(TenantModel):
    """An act or fork that was done for a lead: once, whatever happens to the worker."""

    enrolment = TenantForeignKey(Enrolment, models.CASCADE, related_name="steps")
    # Its enrolment's, for the counts of each step.
    version = TenantForeignKey("followups.SequenceVersion", models.PROTECT, related_name="+")
    # Its enrolment's: noted in test mode, and not done.
    is_test = models.BooleanField(default=False, db_default=False)
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)
    result = models.CharField(max_length=8, choices=StepResult)
    # Of a message its medium, of a follow-up its type; and what the outbox heard of it later. In test mode also when
    # the message would leave, or the follow-up would be due. No personal data.
    data = models.JSONField(default=dict)
    # Why it was skipped, waits or failed, in the organization's language.
    reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(EnrolmentStepQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "enrolment", "position"], name="enrolment_step_is_done_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "version", "is_test", "position", "result"], name="enrolment_step_count")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} step {self.position}"
