"""Job: one thing a customer wants done, from first contact to aftercare, and its verbs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from crm.jobs.clock.clocked import Level, Side
from crm.jobs.clock.crossings import last_crossed
from crm.jobs.models import job_changes, job_undo
from crm.jobs.models.job_record import JobRecord, JobState
from crm.jobs.models.queryset import JobQuerySet, mirror_time
from crm.jobs.models.visit import StageVisit, visit_entered, visit_left
from crm.jobs.pipelines.exit_criteria import Heed, check_criteria
from crm.jobs.pipelines.sale_guards import refusals_to_sell
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.jobs.pipelines.stage_successor import successor_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Member, TenantManager
from crm.platform.undo import Values

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("job")


class Job(JobRecord):
    """The central model: all other records belong to a job and its people."""

    objects: ClassVar[Any] = TenantManager.from_queryset(JobQuerySet)()

    # Moving. `version`: the `stay` the actor saw; on another a verb raises Stale, unless there is nothing to do.

    @transaction.atomic
    def move_to(
        self, stage: Stage, *, by: Member | None, cause: str = "", version: str | None = None, heed: Heed = Heed.ALL
    ) -> None:
        """Enter a stage of this job's pipeline; our clock starts. Moving to the present stage records nothing.

        Raises Refused when the job has ended, the stage is archived or a SaleGuard keeps it back, ValueError for
        another pipeline's stage, Unmet where the stage it leaves asks for what is missing.
        """
        self.lock()
        if self.is_open and self.stage_id == stage.pk:
            return
        self.expect_version(version)
        self.check_may_enter(stage)
        if reason := refusals_to_sell([(self, stage)]).get(self.pk):
            raise Refused(reason)
        despite = check_criteria(self, stage, heed, Job.objects)
        left, data, crossings = job_changes.enter_stage(self, stage, cause)
        self.save(update_fields=self.ENTER_COLUMNS)
        self._follow_visit(left, by, cause)
        self._schedule_crossing()
        self._record("job.moved", by, data | despite)
        events.record_all(crossings, by=None)

    def check_may_enter(self, stage: Stage) -> None:
        """Raise Refused for an ended job or an archived stage, ValueError for another pipeline's stage."""
        if stage.pipeline_id != self.pipeline_id:
            raise ValueError("a job moves along its own pipeline only")
        if not self.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if stage.archived_at:
            raise Refused(gettext("That step no longer exists. Choose another."))
        if not self.may_go_on_to(stage.pk):
            raise _not_accepted()

    def may_go_on_to(self, stage_id: int) -> bool:
        """Return False if the job is sold but not accepted, and the step is in a sold phase."""
        pipelines = pipeline_setup()
        return not (self.awaits_acceptance and pipelines.is_sold(self.stage_id) and pipelines.is_sold(stage_id))

    @transaction.atomic
    def await_acceptance(self, awaits: bool) -> None:
        """Set whether the job awaits acceptance by service. The hand-off records the events."""
        self.lock()
        if self.awaits_acceptance != awaits:
            self.awaits_acceptance = awaits
            self.save(update_fields=["awaits_acceptance"])

    def check_may_pause(self) -> None:
        """Raise Refused while it is sold and not accepted: such a job must keep ageing."""
        if self.awaits_acceptance:
            raise _not_accepted()

    # Ends

    def finish(self, *, by: Member | None, version: str | None = None) -> None:
        """Mark the work as done. Winning the sale is not an end (docs/rules.md#ageing)."""
        self._end(JobState.DONE, "", by, "job.finished", version)

    def lose(self, reason: str, *, by: Member | None, version: str | None = None) -> None:
        """Mark as lost to somebody else; the bar shows the reason."""
        self._end(JobState.LOST, reason, by, "job.lost", version)

    def drop(self, reason: str, *, by: Member | None, version: str | None = None) -> None:
        """Drop the job because we will not do it: spam, a duplicate, out of our area."""
        self._end(JobState.DROPPED, reason, by, "job.dropped", version)

    @transaction.atomic
    def _end(self, state: str, reason: str, by: Member | None, kind: str, version: str | None) -> None:
        self.lock()
        if self.state == state:
            return
        self.expect_version(version)
        if not self.is_open:
            return
        if state == JobState.DONE and self.awaits_acceptance:
            raise _not_accepted()
        self.ended_at = clock.now()
        self.ended_reason = reason[:80]
        left = visit_left(self)
        self._stop_clock(Level.ENDED, mirror_time(self.ended_at))
        self.state = state
        # Of work that is done something may be left to do, such as asking how it went.
        emptied = None
        columns = ["state", "ended_at", "ended_reason", "past", *self.CLOCK_COLUMNS]
        if state != JobState.DONE and (emptied := job_changes.change_next_step(self, "", "", None, kind)):
            columns += self.NEXT_STEP_COLUMNS
        self.save(update_fields=columns)
        self._end_visit(left)
        self._schedule_crossing()
        self._record(kind, by, {"reason": reason, "stage": self.stage_id, "level": left["level"].css})
        if emptied:
            self._record("job.next_step_planned", by, emptied)

    @transaction.atomic
    def reopen(self, *, by: Member | None, version: str | None = None) -> None:
        """Reopen an ended job, in the stage it ended in or the nearest live one, with a new clock."""
        self.lock()
        if self.is_open:
            return
        self.expect_version(version)
        ended_in = self.stage_id
        if ended_in:
            self.stage_id = successor_of(ended_in).pk
        self.state = JobState.OPEN
        self.ended_at = None
        self.ended_reason = ""
        self.entered_at = clock.now()
        self._start_clock(Side.US, self._allowance())
        self.save(update_fields=["stage_id", "state", "ended_at", "ended_reason", "entered_at", *self.CLOCK_COLUMNS])
        self._begin_visit(by, "reopened")
        self._schedule_crossing()
        data = {}
        if self.stage_id != ended_in:
            data = {"from": ended_in, "to": self.stage_id}
        self._record("job.reopened", by, data)

    # Who and what next. A verb and its set form (bulk/verbs.py) share the functions of job_changes.py.

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None, reason: str = "") -> None:
        """Assign the job to a member, or unassign it with None. `reason` is recorded. Idempotent."""
        self.lock()
        if data := job_changes.change_member(self, member):
            self.save(update_fields=["member_id"])
            if reason:
                data["reason"] = reason[:200]
            self._record("job.assigned", by, data)

    @transaction.atomic
    def prioritize(self, priority: int, *, by: Member | None) -> None:
        """Set the priority; the running clock uses its target, keeps the used time, and may cross an instant by it."""
        self.lock()
        if self.priority == priority:
            return
        data, crossings = job_changes.change_priority(self, priority, last_crossed([self])[self.pk])
        self.save(update_fields=["priority", *self.CLOCK_COLUMNS])
        self._schedule_crossing()
        self._record("job.prioritized", by, data)
        events.record_all(crossings, by=None)

    @transaction.atomic
    def plan_next(self, *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = "") -> None:
        """Set the next step shown on the job; a blank kind shows it as missing. `cause`: what it is copied from."""
        self.lock()
        if data := job_changes.change_next_step(self, kind, label, at, cause):
            self.save(update_fields=self.NEXT_STEP_COLUMNS)
            self._record("job.next_step_planned", by, data)

    # Visits. The demo's history collects them instead (demo/stories/job_history.py).

    def _begin_visit(self, by: Member | None, cause: str) -> None:
        StageVisit.begin_all({self.pk: visit_entered(self, by, cause)})

    def _follow_visit(self, left: dict[str, Any], by: Member | None, cause: str) -> None:
        StageVisit.follow_all({self.pk: left}, {self.pk: visit_entered(self, by, cause)})

    def _end_visit(self, left: dict[str, Any]) -> None:
        StageVisit.end_all({self.pk: left})

    # Undo

    undo_columns = job_undo.COLUMNS

    @property
    def undo_name(self) -> str:
        return self.title

    @classmethod
    def lock_beside(cls, recorded: Iterable[ChangedRow]) -> None:
        job_undo.lock_customers(recorded)

    @classmethod
    def undo_context(cls, ids: Iterable[int]) -> Mapping[int, Values]:
        return job_undo.open_visits(ids)

    def undo_refusal(self, before: Values, change: Change) -> str:
        return job_undo.archived_step_refusal(self, before, change)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        job_undo.restore_jobs(rows, recorded, change, by=by)


def _not_accepted() -> Refused:
    return Refused(gettext("It is sold, and service has not accepted it yet. It goes on from the hand-off."))
