"""Project: the work of an accepted job: dates, crew, percentage and holds."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from crm.jobs.models import Job
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import (
    Change,
    ChangedRow,
    Member,
    Team,
    TenantForeignKey,
    TenantManager,
    TenantOneToOneField,
)
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable, restore_columns
from service.models.project_template import ProjectTemplate
from service.models.project_verbs import (
    clear_hold,
    hold_project,
    milestone_percent,
    move_milestones,
    plan_milestones,
    resume_project,
)
from service.models.queryset import ProjectQuerySet


class Project(JobPart, Undoable):
    """The delivery of a sold job, one per job. It starts when service accepts the hand-off."""

    undo_named_with = ("job",)
    undo_columns = (
        *("starts_on", "ends_on", "percent", "team_id", "hold_reason", "hold_until", "held_at", "finished_at"),
    )

    uid = public_id()
    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="project")
    template = TenantForeignKey(ProjectTemplate, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(default=clock.now)
    # The first and the last day of the work, as planned.
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # How much of the work is done: by the milestones, or as somebody on site says.
    percent = models.PositiveSmallIntegerField(default=0)
    # The crew.
    team = TenantForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    # What it stands still for, and until when as far as is known; blank: it does not.
    hold_reason = models.CharField(max_length=120, blank=True)
    hold_until = models.DateField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ProjectQuerySet)()
    # The reverse side of Milestone.
    milestones: Any

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="project_uid_is_unique"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="project_is_done_at_a_hundred_percent"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="project_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, hold_reason="", hold_until__isnull=True)
                | Q(held_at__isnull=False) & ~Q(hold_reason=""),
                name="project_is_held_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "starts_on", "job"], name="project_by_start"),
            models.Index(fields=["tenant", "team", "starts_on"], name="project_of_team"),
        ]

    def __str__(self) -> str:
        return f"project of job {self.job_id}"

    # What it is

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

    @property
    def has_begun(self) -> bool:
        """True if some of the work is done."""
        return self.percent > 0 or self.milestones.filter(done_at__isnull=False).exists()

    # Verbs

    @classmethod
    @transaction.atomic
    def start(
        cls, job: Job, template: ProjectTemplate | None, *, by: Member | None, starts_on: date | None = None
    ) -> "Project":
        """Set a job up from a template. Idempotent. Called when its hand-off is accepted."""
        job.lock()
        if present := cls.objects.filter(job=job).first():
            return present
        project = cls(job=job, template=template, starts_on=starts_on, ends_on=starts_on)
        if template:
            project.team_id = template.team_id
            project.ends_on = starts_on and starts_on + timedelta(days=template.days - 1)
        project.save(force_insert=True)
        project.refresh_from_db(fields=["uid"])
        plan_milestones(project, template)
        data = {"template": template.pk if template else None, "starts_on": _iso_day(starts_on)}
        project._record("project.started", by, data)
        return project

    @transaction.atomic
    def schedule(self, starts_on: date, ends_on: date, *, by: Member | None, cause: str = "") -> None:
        """Set first and last day; open milestones move with the start. Idempotent. Raises Refused if reversed."""
        self.lock()
        self._expect_unfinished()
        if ends_on < starts_on or (ends_on - starts_on).days > 730:
            raise Refused(gettext("The end must be after the start, and at most two years later."))
        if (self.starts_on, self.ends_on) == (starts_on, ends_on):
            return
        data = {"from": _iso_day(self.starts_on), "to": _iso_day(starts_on), "until": _iso_day(ends_on)}
        before = self.starts_on
        self.starts_on = starts_on
        self.ends_on = ends_on
        self._save("starts_on", "ends_on")
        move_milestones(self, before)
        self._record("project.scheduled", by, data | ({"cause": cause} if cause else {}))

    @transaction.atomic
    def give_to(self, team: Team | None, *, by: Member | None) -> None:
        """Assign it to a crew, or to none. Idempotent."""
        self.lock()
        self._expect_unfinished()
        if self.team_id != (team.pk if team else None):
            data = {"from": self.team_id, "to": team.pk if team else None}
            self.team = team
            self._save("team")
            self._record("project.given", by, data)

    @transaction.atomic
    def report_percent(self, percent: int, *, by: Member | None) -> None:
        """Set the reported percentage. Idempotent. Raises Refused outside of 0 to 100."""
        self.lock()
        self._expect_unfinished()
        if not 0 <= percent <= 100:
            raise Refused(gettext("Enter the progress, from 0 to 100 percent."))
        if self.percent != percent:
            data = {"from": self.percent, "to": percent}
            self.percent = percent
            self._save("percent")
            self._record("project.progressed", by, data)

    def follow_milestones(self) -> None:
        """Set the percentage from the completed milestones. Called by Milestone with the project locked."""
        percent = milestone_percent(self)
        if percent is not None and percent != self.percent:
            self.percent = percent
            self._save("percent")

    @transaction.atomic
    def hold(self, reason: str, until: date | None, *, by: Member | None, cause: str = "") -> None:
        """Put it on hold with a reason and, if known, the day it resumes. Idempotent."""
        self.lock()
        self._expect_unfinished()
        hold_project(self, reason, until, by=by, cause=cause)

    @transaction.atomic
    def resume(self, *, by: Member | None) -> None:
        """End the hold. Idempotent."""
        self.lock()
        resume_project(self, by=by)

    @transaction.atomic
    def finish(self, *, by: Member | None) -> None:
        """Record that the work is complete. Idempotent. The job stays open: it may still have to be paid."""
        self.lock()
        if self.finished_at is None:
            self.finished_at = clock.now()
            self.percent = 100
            self._save("finished_at", "percent", *clear_hold(self))
            self._record("project.finished", by, {})

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> None:
        """Record that the work is not complete. Idempotent."""
        self.lock()
        if self.finished_at is not None:
            self.finished_at = None
            self._save("finished_at")
            self._record("project.reopened", by, {})

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """Delete what was set up, when accepting the job is undone. Raises Refused once work has begun."""
        self.lock()
        if self.has_begun:
            raise Refused(gettext("The work has already started."))
        papers = []
        if self.template:
            papers = [paper["title"] for paper in self.template.papers]
        self._record("project.withdrawn", by, {"papers": papers})
        self.delete()

    # Undo

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the columns; milestones that moved with the start move back."""
        starts = {row.pk: row.starts_on for row in rows}
        restore_columns(rows, recorded)
        for row in rows:
            if starts[row.pk] != row.starts_on:
                move_milestones(row, starts[row.pk])
        data = {"of": change.kind, "since": change.at.isoformat()}
        events.record_all([EventDraft("project.undone", row, data, job_id=row.job_id) for row in rows], by=by)

    # How it is done

    def _expect_unfinished(self) -> None:
        if self.finished_at:
            raise Refused(gettext("The work is finished. Reopen it first."))


def _iso_day(day: date | datetime | None) -> str | None:
    if day:
        return day.isoformat()
    return None
