"""Lead scoring: PriorityPoint (points per condition) and PriorityScore (points of a lead)."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration

# More is nobody's reasoning any more.
MOST = 40
LARGEST = 20


class PriorityPoint(ConfigurationModel):
    """Points added to a lead, or subtracted, if conditions of the lead list hold."""

    # What stands on the lead's page: "insurance job".
    words = models.CharField(max_length=120)
    # As the address of the list has them.
    where = models.CharField(max_length=1000)
    points = models.SmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-points", "words", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(points=0) & models.Q(points__gte=-LARGEST, points__lte=LARGEST),
                name="priority_point_counts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.words} {self.points:+d}"

    @classmethod
    @transaction.atomic
    def add(cls, words: str, where: str, points: int, *, by: Member | None) -> "PriorityPoint":
        """Add points for a condition. Raises Refused without a condition, for an invalid number, or above the limit."""
        lock_configuration()
        if not where:
            raise Refused(_("Add a condition. Without one, every lead gets the points."))
        if not points or abs(points) > LARGEST:
            raise Refused(_("Enter points from -%(most)s to %(most)s, but not 0.") % {"most": LARGEST})
        if cls.objects.count() >= MOST:
            raise Refused(_("Enter at most %(most)s.") % {"most": MOST})
        row: PriorityPoint = cls.objects.create(words=words[:120], where=where[:1000], points=points)
        events.record("points.added", subject=row, by=by, data={"points": points})
        return row

    @transaction.atomic
    def weigh(self, points: int, *, by: Member | None) -> None:
        """Set the number of points. Idempotent. Raises Refused for zero, or too many."""
        lock_configuration()
        if not points or abs(points) > LARGEST:
            raise Refused(_("Enter points from -%(most)s to %(most)s, but not 0.") % {"most": LARGEST})
        before = self.points
        if before != points:
            self.points = points
            self.save(update_fields=["points"])
            events.record("points.weighed", subject=self, by=by, data={"from": before, "points": points})

    @transaction.atomic
    def remove(self, *, by: Member | None) -> None:
        """Delete the points."""
        lock_configuration()
        events.record("points.removed", subject=self, by=by, data={"points": self.points})
        self.delete()


class PriorityScore(TenantModel):
    """The points of a lead when last counted, with the reasons."""

    job: Any = TenantForeignKey(Job, models.CASCADE, related_name="+")
    points = models.SmallIntegerField()
    # [["insurance job", 3], …]
    reasons = models.JSONField(default=list)
    # The priority the points set last: what they set, they may lower again. Null: none.
    set_to = models.SmallIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "job"], name="priority_score_is_one_a_job")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.points}"
