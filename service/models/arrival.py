"""Arrival: a crew's report for a day: on its way, late by so many minutes, or on site."""

from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from service.models.project import Project
from service.models.queryset import ArrivalQuerySet

# Minutes a crew may be late by, as a button offers them; later than that it is another time.
DELAYS = (15, 30, 45, 60, 90, 120)


class Arrival(TenantModel):
    """Latest report of a crew for a day of a project. Customers are notified once per report."""

    class State(models.TextChoices):
        DRIVING = "driving", _("on the way")
        LATE = "late", _("late")
        HERE = "here", _("on site")

    project = TenantForeignKey(Project, models.CASCADE, related_name="arrivals")
    day = models.DateField()
    state = models.CharField(max_length=7, choices=State)
    # By how many minutes they are late.
    minutes = models.PositiveSmallIntegerField(default=0)
    said_at = models.DateTimeField(default=clock.now)
    said_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(ArrivalQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "project", "day"], name="arrival_is_one_a_day"),
            models.CheckConstraint(
                condition=models.Q(state="late", minutes__gt=0) | ~models.Q(state="late") & models.Q(minutes=0),
                name="arrival_is_late_by_some_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.day}"

    @classmethod
    @transaction.atomic
    def say(cls, project: Project, state: str, day: date, *, minutes: int = 0, by: Member | None) -> "Arrival":
        """Report the state. Idempotent. Raises Refused for an invalid delay, or if the work is over or on hold."""
        project.lock()
        if project.finished_at or project.is_held:
            raise Refused(gettext("The work is finished, or on hold."))
        state = cls.State(state)
        if state != cls.State.LATE:
            minutes = 0
        if state == cls.State.LATE and minutes not in DELAYS:
            raise Refused(gettext("Choose how late you are."))
        row = cls.objects.filter(project=project, day=day).first() or cls(project=project, day=day)
        if (row.state, row.minutes) != (state, minutes):
            row.state = state
            row.minutes = minutes
            row.said_at = clock.now()
            row.said_by = by
            row.save()
            data = {"arrival": row.pk, "minutes": minutes}
            events.record(f"arrival.{state.value}", subject=project, by=by, data=data, job_id=project.job_id)
        return row
