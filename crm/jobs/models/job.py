"""Job: one thing a customer wants done, from first contact to aftercare. What a list shows or sorts is on it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from crm.jobs.clock.clocked import Level, Side
from crm.jobs.clock.crossings import last_crossed
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models.contact import Contactable
from crm.jobs.models.job_undo import JobUndo
from crm.jobs.models.queryset import JobQuerySet, mirrored
from crm.jobs.models.visibility import limited_to
from crm.jobs.models.visit import Visiting
from crm.jobs.pipelines.exit_criteria import Heed, heeded
from crm.jobs.pipelines.setup import Allowance, pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.jobs.pipelines.stage_successor import successor_of
from crm.jobs.untouched import stands_at_start
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, TenantForeignKey, TenantManager

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("job")


class Priority(models.IntegerChoices):
    """The priority scale shared by jobs, tickets and follow-ups (docs/rules.md#k16)."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class State(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Dropped")


class Job(JobUndo, Visiting, Contactable):
    """The spine: everything else hangs off a job and its people."""

    number = models.BigIntegerField()
    # What a person calls it: the customer's name, or the firm and the building.
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=120, blank=True)
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    pipeline = TenantForeignKey("jobs.Pipeline", models.PROTECT, related_name="+")
    stage = TenantForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="jobs")
    company = TenantForeignKey("people.Company", models.PROTECT, null=True, blank=True, related_name="jobs")
    site = TenantForeignKey("people.Property", models.PROTECT, null=True, blank=True, related_name="jobs")
    source = TenantForeignKey("jobs.Source", models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    # In minor units of the currency.
    value = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    expected_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    came_in_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=80, blank=True)
    # `stage:level` pairs of past visits, in order; all the bar needs of history.
    past = models.TextField(blank=True)
    # Sold, and service has not accepted it yet: nothing that was sold goes on unseen. Set by who holds the hand-off.
    awaits_acceptance = models.BooleanField(default=False, db_default=False)
    next_step_at = models.DateTimeField(null=True, blank=True)
    next_step_kind = models.CharField(max_length=16, blank=True)
    next_step_label = models.CharField(max_length=120, blank=True)

    # What it has in the tenant's own fields, by their keys: dates in ISO form, and words (crm/jobs/fields).
    own_fields = models.JSONField(default=dict, blank=True, db_default={})

    objects: ClassVar[Any] = TenantManager.from_queryset(JobQuerySet)()

    # What a verb writes together.
    ENTER_COLUMNS = ("stage_id", "entered_at", "past", *Pausable.CLOCK_COLUMNS)
    NEXT_STEP_COLUMNS = ("next_step_kind", "next_step_label", "next_step_at")
    # Whoever mutes the customer hears of none of their leads.
    muted_with = ("person",)

    class Meta(Contactable.Meta):
        base_manager_name = "objects"
        constraints = [
            *Contactable.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="job_number_is_unique"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="job_has_an_end_unless_open",
            ),
        ]
        indexes = [
            # The list, most urgent first: all, one member's (or nobody's), and by each common filter.
            models.Index(fields=["tenant", "level", "sort_at", "id"], name="job_order"),
            models.Index(fields=["tenant", "member", "level", "sort_at", "id"], name="job_member_order"),
            models.Index(fields=["tenant", "brand", "level", "sort_at", "id"], name="job_brand_order"),
            models.Index(fields=["tenant", "pipeline", "level", "sort_at", "id"], name="job_pipeline_order"),
            models.Index(fields=["tenant", "stage", "level", "sort_at", "id"], name="job_stage_order"),
            models.Index(fields=["tenant", "source", "level", "sort_at", "id"], name="job_source_order"),
            models.Index(fields=["tenant", "priority", "level", "sort_at", "id"], name="job_priority_order"),
            models.Index(
                fields=["tenant", "level", "sort_at", "id"],
                condition=Q(waiting_since__isnull=False),
                name="job_waiting",
            ),
            # Its other orders (crm/jobs/list/job_list.py), of open leads.
            models.Index(
                F("tenant"),
                Coalesce(F("value"), -1),
                F("id"),
                condition=Q(level__lt=Level.ENDED),
                name="job_value_order",
            ),
            models.Index(
                fields=["tenant", "entered_at", "id"], condition=Q(level__lt=Level.ENDED), name="job_age_order"
            ),
            # A rep's own by age, of whom thousands would be sorted for a page.
            models.Index(
                fields=["tenant", "member", "entered_at", "id"],
                condition=Q(level__lt=Level.ENDED),
                name="job_member_age_order",
            ),
            # What the reports add up of many thousand leads stands in the index itself: what came in by source, and the
            # open ones by who has them.
            models.Index(
                fields=["tenant", "came_in_at"],
                include=["id", "source", "currency", "value", "state", "ended_at", "person"],
                name="job_by_arrival",
            ),
            models.Index(
                # In the order of a rep's own by value, of whom thousands would be sorted for a page.
                *(F("tenant"), F("member"), Coalesce(F("value"), -1), F("id")),
                include=[
                    *("stage", "brand", "pipeline", "level", "currency", "value", "entered_at"),
                    *("waiting_since", "next_step_at", "next_step_kind"),
                ],
                condition=Q(level__lt=Level.ENDED),
                name="job_open_sums",
            ),
            models.Index(
                fields=["tenant", "member", "stage", "brand", "pipeline"],
                condition=Q(level__lt=Level.ENDED, touched_at__isnull=True),
                name="job_untouched",
            ),
            models.Index(fields=["tenant", "ended_at"], condition=Q(ended_at__isnull=False), name="job_by_end"),
            models.Index(fields=["tenant", "id"], condition=~Q(own_fields={}), name="job_with_own_fields"),
            # Edits of a calendar recompute the clocks that count by it.
            models.Index(
                fields=["tenant", "calendar", "id"], condition=Q(due_at__isnull=False), name="job_open_calendar"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    # Its state and visibility

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def stay(self) -> str:
        """Token of the present stay in a step, sent by forms so that of two people moving at once one wins."""
        entered = f"{int(self.entered_at.timestamp() * 1_000_000):x}"
        return entered if self.is_open else f"{entered}-{self.state}"

    def is_visible_to(self, member: Member) -> bool:
        """Whether a member may see this job, as `Job.objects.visible_to` but for a job in memory."""
        mine = limited_to(member)
        return mine is None or self.member_id in (mine, None)

    @property
    def has_status(self) -> bool:
        return self.stage_id is not None

    @property
    def is_untouched(self) -> bool:
        """Whether the customer still waits for the first contact (crm/jobs/untouched.py)."""
        at_start = stands_at_start(self.pipeline_id, self.stage_id, self.past)
        return self.is_open and self.touched_at is None and at_start

    @property
    def next_step(self) -> tuple[str, str, datetime | None]:
        """Kind, words and time of the next step; blank where nothing is planned."""
        return self.next_step_kind, self.next_step_label, self.next_step_at

    @property
    def form_version(self) -> str:
        return self.stay

    @property
    def counted_since(self) -> datetime:
        return self.entered_at

    @property
    def is_sold(self) -> bool:
        """Whether it is work by now: done, or in a phase of what is sold (crm/jobs/pipelines/phase.py)."""
        return self.state == State.DONE or (self.is_open and pipeline_setup().is_sold(self.stage_id))

    @property
    def event_job_id(self) -> int:
        return int(self.pk)

    def crossing_data(self) -> dict[str, Any]:
        return {"stage": self.stage_id, "side": self.side}

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        return pipeline_setup().allowance(self.pipeline_id, self.stage_id, self.brand_id, self.priority, theirs=theirs)

    def level_at(self, at: datetime) -> Level:
        """No status stands above all levels, whatever its clock says."""
        level = super().level_at(at)
        return level if self.stage_id or level in (Level.ENDED, Level.HOLD) else Level.NONE

    # Moving. `version`: the `stay` the actor saw; on another a verb raises Stale, unless there is nothing to do.

    @transaction.atomic
    def move_to(
        self, stage: Stage, *, by: Member | None, cause: str = "", version: str | None = None, heed: Heed = Heed.ALL
    ) -> None:
        """Enter a stage of this job's pipeline; our clock starts. Moving to the present stage records nothing.

        Raises Refused when the job has ended or the stage is archived, ValueError for another pipeline's stage, Unmet
        where the stage it leaves asks for what is missing.
        """
        self.lock()
        if self.is_open and self.stage_id == stage.pk:
            return
        self.expect_version(version)
        self.check_may_enter(stage)
        despite = heeded(self, stage, heed, Job.objects)
        left, data, crossings = self._enter(stage, cause)
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
            raise self._unaccepted()

    def may_go_on_to(self, stage_id: int) -> bool:
        """Whether nothing waits for acceptance between where it stands and a step: what is sold goes on accepted."""
        setup = pipeline_setup()
        return not (self.awaits_acceptance and setup.is_sold(self.stage_id) and setup.is_sold(stage_id))

    @staticmethod
    def _unaccepted() -> Refused:
        return Refused(gettext("It is sold, and service has not accepted it yet. It goes on from the hand-off."))

    @transaction.atomic
    def await_acceptance(self, awaits: bool) -> None:
        """Have it wait where it is until service accepts it, or wait no more. The hand-off's events tell of it."""
        self.lock()
        if self.awaits_acceptance != awaits:
            self.awaits_acceptance = awaits
            self.save(update_fields=["awaits_acceptance"])

    def check_may_pause(self) -> None:
        """Raise Refused while it is sold and not accepted: that line keeps ageing."""
        if self.awaits_acceptance:
            raise self._unaccepted()

    def _enter(self, stage: Stage, cause: str) -> tuple[dict[str, Any], dict[str, Any], list[EventDraft]]:
        """Set the stage; returns the values of the visit that ends, the event's data, and what the clock crossed."""
        before, left, crossings = self.stage_id, self.visit_left(), list[EventDraft]()
        still_waits = before is None and self.side == Side.US and self.is_running
        self.stage_id, self.entered_at = stage.pk, clock.now()
        if still_waits and self.is_untouched:
            # A step of its own is no contact: the customer waits on, and so does the clock of the first one.
            crossings = self._retarget(Level.OK)
        else:
            self._start_clock(Side.US, self._allowance())
        return left, {"from": before, "to": stage.pk, "level": left["level"].css, "cause": cause}, crossings

    # Ends

    def finish(self, *, by: Member | None, version: str | None = None) -> None:
        """Mark the work as done. Winning the sale is not an end (docs/rules.md#ageing)."""
        self._end(State.DONE, "", by, "job.finished", version)

    def lose(self, reason: str, *, by: Member | None, version: str | None = None) -> None:
        """Mark as lost to somebody else; the bar shows the reason."""
        self._end(State.LOST, reason, by, "job.lost", version)

    def drop(self, reason: str, *, by: Member | None, version: str | None = None) -> None:
        """Drop the job because we will not do it: spam, a duplicate, out of our area."""
        self._end(State.DROPPED, reason, by, "job.dropped", version)

    @transaction.atomic
    def _end(self, state: str, reason: str, by: Member | None, kind: str, version: str | None) -> None:
        self.lock()
        if self.state == state:
            return
        self.expect_version(version)
        if not self.is_open:
            return
        if state == State.DONE and self.awaits_acceptance:
            raise self._unaccepted()
        self.ended_at, self.ended_reason = clock.now(), reason[:80]
        left = self.visit_left()
        self._stop_clock(Level.ENDED, mirrored(self.ended_at))
        self.state = state
        # Of work that is done something may be left to do, such as asking how it went.
        emptied = None if state == State.DONE else self._plan_next("", "", None, kind)
        columns = ["state", "ended_at", "ended_reason", "past", *self.CLOCK_COLUMNS]
        self.save(update_fields=[*columns, *self.NEXT_STEP_COLUMNS] if emptied else columns)
        self._end_visit(left)
        self._schedule_crossing()
        self._record(kind, by, {"reason": reason, "stage": self.stage_id, "level": left["level"].css})
        if emptied:
            self._record("job.next_step_planned", by, emptied)

    @transaction.atomic
    def reopen(self, *, by: Member | None, version: str | None = None) -> None:
        """Reopen an ended job, in the stage it ended in or the nearest live one, with a fresh clock."""
        self.lock()
        if self.is_open:
            return
        self.expect_version(version)
        ended_in, self.stage_id = self.stage_id, successor_of(self.stage_id).pk if self.stage_id else None
        self.state, self.ended_at, self.ended_reason, self.entered_at = State.OPEN, None, "", clock.now()
        self._start_clock(Side.US, self._allowance())
        self.save(update_fields=["stage_id", "state", "ended_at", "ended_reason", "entered_at", *self.CLOCK_COLUMNS])
        self._begin_visit(by, "reopened")
        self._schedule_crossing()
        data = {} if self.stage_id == ended_in else {"from": ended_in, "to": self.stage_id}
        self._record("job.reopened", by, data)

    # Who and what next. A verb and its set form (bulk/verbs.py) share what decides the change and what the event says.

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None, reason: str = "") -> None:
        """Assign the job to a member, or to nobody; `reason` is kept. To its present member: nothing is recorded."""
        self.lock()
        if data := self._assign(member):
            self.save(update_fields=["member_id"])
            self._record("job.assigned", by, data | ({"reason": reason[:200]} if reason else {}))

    def _assign(self, member: Member | None) -> dict[str, Any] | None:
        new = member.pk if member else None
        if self.member_id == new:
            return None
        before, self.member_id = self.member_id, new
        return {"from": before, "to": new}

    @transaction.atomic
    def prioritize(self, priority: int, *, by: Member | None) -> None:
        """Set the priority; the running clock takes its target, keeps what is used, and may cross an instant by it."""
        self.lock()
        if self.priority == priority:
            return
        data, crossings = self._prioritize(priority, last_crossed([self])[self.pk])
        self.save(update_fields=["priority", *self.CLOCK_COLUMNS])
        self._schedule_crossing()
        self._record("job.prioritized", by, data)
        events.record_all(crossings, by=None)

    def _prioritize(self, priority: int, seen: int) -> tuple[dict[str, Any], list[EventDraft]]:
        """Set the priority field; returns the event's data and what the clock crossed by it."""
        before, self.priority = self.priority, priority
        return {"from": before, "to": priority}, self._retarget(seen) if self.is_open else []

    @transaction.atomic
    def plan_next(self, *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = "") -> None:
        """Set the next step shown on the job; a blank kind shows it as missing. `cause`: what it is copied from."""
        self.lock()
        if data := self._plan_next(kind, label, at, cause):
            self.save(update_fields=self.NEXT_STEP_COLUMNS)
            self._record("job.next_step_planned", by, data)

    def _plan_next(self, kind: str, label: str, at: datetime | None, cause: str) -> dict[str, Any] | None:
        planned = (kind, label[:120], at)
        if self.next_step == planned:
            return None
        self.next_step_kind, self.next_step_label, self.next_step_at = planned
        return {"kind": kind, "at": at.isoformat() if at else None} | ({"cause": cause} if cause else {})
