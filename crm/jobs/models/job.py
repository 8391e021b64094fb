"""Job: one thing a customer wants done, from first contact to aftercare. What a list shows or sorts is on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.crossings import crossed, last_crossed, schedule
from crm.jobs.list.list_order import mirrored
from crm.jobs.models.clocked import Clocked, Level, Side, forever
from crm.jobs.models.queryset import JobQuerySet
from crm.jobs.models.stage import Stage
from crm.jobs.models.verb import verb
from crm.jobs.models.visibility import limited_to
from crm.jobs.models.visit import enter, leave
from crm.jobs.pipelines.setup import Allowance, line
from crm.jobs.pipelines.stage_successor import living
from crm.kernel import clock
from crm.platform.database.write_batch import Ledger
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member, TenantForeignKey, TenantManager

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("job")


class Priority(models.IntegerChoices):
    """K16: one scale for jobs, tickets and follow-ups."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class State(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Dropped")


class Stale(Exception):
    """The job is no longer where the actor saw it; `job` is how it is now."""

    def __init__(self, job: "Job") -> None:
        super().__init__("the job is elsewhere by now")
        self.job = job


class Job(Clocked):
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
    # Where the work is done.
    site = TenantForeignKey("people.Property", models.PROTECT, null=True, blank=True, related_name="jobs")
    source = TenantForeignKey("jobs.Source", models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    # In minor units of the currency.
    value = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    came_in_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=80, blank=True)
    # `stage:level` pairs of past visits, in order; all the bar needs of history.
    past = models.TextField(blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    next_step_kind = models.CharField(max_length=16, blank=True)
    next_step_label = models.CharField(max_length=120, blank=True)
    # They wrote and we have not answered: since when, how often, on which channel last.
    waiting_since = models.DateTimeField(null=True, blank=True)
    unread_count = models.PositiveSmallIntegerField(default=0)
    unread_channel = models.CharField(max_length=12, blank=True)
    # The last touch with the customer, either way. System writes never move it (RULES 2.3).
    touched_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(JobQuerySet)()

    class Meta(Clocked.Meta):
        base_manager_name = "objects"
        constraints = [
            *Clocked.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="job_number_is_unique"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="job_has_an_end_unless_open",
            ),
        ]
        indexes = [
            # The list, "what to jump on": all, one member's (or nobody's), and by each common filter.
            models.Index(fields=["tenant", "level", "jump_at", "id"], name="job_jump"),
            models.Index(fields=["tenant", "member", "level", "jump_at", "id"], name="job_member_jump"),
            models.Index(fields=["tenant", "brand", "level", "jump_at", "id"], name="job_brand_jump"),
            models.Index(fields=["tenant", "pipeline", "level", "jump_at", "id"], name="job_pipeline_jump"),
            models.Index(fields=["tenant", "stage", "level", "jump_at", "id"], name="job_stage_jump"),
            models.Index(fields=["tenant", "source", "level", "jump_at", "id"], name="job_source_jump"),
            models.Index(fields=["tenant", "priority", "level", "jump_at", "id"], name="job_priority_jump"),
            models.Index(
                fields=["tenant", "level", "jump_at", "id"],
                condition=Q(waiting_since__isnull=False),
                name="job_waiting",
            ),
            # Edits of a calendar recompute the clocks that count by it.
            models.Index(
                fields=["tenant", "calendar", "id"], condition=Q(due_at__isnull=False), name="job_open_calendar"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    # What it is

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def stay(self) -> str:
        """Which stay on the line this is: what a form carries, so that of two people at once one wins."""
        entered = f"{int(self.entered_at.timestamp() * 1_000_000):x}"
        return entered if self.is_open else f"{entered}-{self.state}"

    def is_visible_to(self, member: Member) -> bool:
        """As `Job.objects.visible_to`, of a job that is read already."""
        mine = limited_to(member)
        return mine is None or self.member_id in (mine, None)

    def level_at(self, at: datetime) -> Level:
        if not self.is_open:
            return Level.ENDED
        if self.side == Side.PAUSED:
            return Level.HOLD
        return ageing.level(at, instants) if self.stage_id and (instants := self.instants) else Level.NONE

    # The line. `stay` is the one the actor saw: a verb on another raises Stale, unless there is nothing to do.

    @verb
    def move_to(self, stage: Stage, *, by: Member | None, cause: str = "", stay: str | None = None) -> None:
        """Enter a step of this job's pipeline; our clock starts. Moving to where it is records nothing.

        Raises ValueError for another pipeline's step, or when the job has ended; Stale when it is elsewhere by now.
        """
        if self.stage_id == stage.pk and self.is_open:
            return
        self._expect(stay)
        if stage.pipeline_id != self.pipeline_id or not self.is_open:
            raise ValueError("only an open job moves, and only along its own pipeline")
        if stage.archived_at:
            raise ValueError("nobody enters an archived step")
        left, level = self.stage_id, leave(self)
        self.stage_id, self.entered_at = stage.pk, clock.now()
        self._start_clock(Side.US, self._allowance())
        enter(self, by, cause)
        self._keep("stage_id", "entered_at", "past", *self.CLOCK_COLUMNS)
        data = {"from": left, "to": stage.pk, "level": level.css, "cause": cause}
        self._record("job.moved", by, data)

    @verb
    def turn_to(self, side: str, *, by: Member | None, stay: str | None = None) -> None:
        """Make it the customer's move, or ours again; the other clock starts afresh (L8: two clocks, one bar)."""
        if self.side == side or not self.is_open:
            return
        self._expect(stay)
        self._start_clock(side, self._allowance(theirs=side == Side.CUSTOMER))
        self._keep(*self.CLOCK_COLUMNS)
        self._record("job.turned", by, {"side": side})

    @verb
    def pause(self, *, reason: str, until: datetime | None, by: Member | None, stay: str | None = None) -> None:
        """Stop the clock, with a reason and, best, an end; what is used so far is kept."""
        if self.side == Side.PAUSED or not self.is_open:
            return
        self._expect(stay)
        self._stop_clock(Level.HOLD, until or forever())
        self.paused_from, self.side = self.side, Side.PAUSED
        self.pause_reason, self.pause_ends_at = reason[:120], until
        self._keep(*self.CLOCK_COLUMNS)
        self._record("job.paused", by, {"until": until.isoformat() if until else None})

    @verb
    def resume(self, *, by: Member | None, stay: str | None = None) -> None:
        """Let the clock run on from where the pause stopped it; a shorter allowance since may have it cross at once."""
        if self.side != Side.PAUSED or not self.is_open:
            return
        self._expect(stay)
        seen = last_crossed([self])[self.pk]
        self.side, self.paused_from = self.paused_from or Side.US, ""
        self.pause_reason, self.pause_ends_at, self.clock_started_at = "", None, clock.now()
        self._count()
        self._keep(*self.CLOCK_COLUMNS)
        self._record("job.resumed", by, {})
        events.record_all(crossed(self, seen, clock.now()), by=None, into=self.ledger)

    # Ends

    def finish(self, *, by: Member | None, stay: str | None = None) -> None:
        """The work is done: the tick. Winning the sale is not an end (ARCHITECTURE §4)."""
        self._end(State.DONE, "", by, "job.finished", stay)

    def lose(self, reason: str, *, by: Member | None, stay: str | None = None) -> None:
        """The customer went elsewhere; the reason is what the bar says."""
        self._end(State.LOST, reason, by, "job.lost", stay)

    def drop(self, reason: str, *, by: Member | None, stay: str | None = None) -> None:
        """We will not do it: spam, a double, out of our area."""
        self._end(State.DROPPED, reason, by, "job.dropped", stay)

    @verb
    def _end(self, state: str, reason: str, by: Member | None, kind: str, stay: str | None) -> None:
        if self.state == state:
            return
        self._expect(stay)
        if not self.is_open:
            return
        self.ended_at, self.ended_reason = clock.now(), reason[:80]
        level = leave(self)
        self._stop_clock(Level.ENDED, mirrored(self.ended_at))
        self.state = state
        self._keep("state", "ended_at", "ended_reason", "past", *self.CLOCK_COLUMNS)
        self._record(kind, by, {"reason": reason, "stage": self.stage_id, "level": level.css})

    @verb
    def reopen(self, *, by: Member | None, stay: str | None = None) -> None:
        """Take an ended job up again, in the step it ended in or the living one nearest, with a fresh clock."""
        if self.is_open:
            return
        self._expect(stay)
        ended_in, self.stage_id = self.stage_id, living(self.stage_id).pk if self.stage_id else None
        self.state, self.ended_at, self.ended_reason, self.entered_at = State.OPEN, None, "", clock.now()
        self._start_clock(Side.US, self._allowance())
        enter(self, by, "reopened")
        self._keep("stage_id", "state", "ended_at", "ended_reason", "entered_at", *self.CLOCK_COLUMNS)
        self._record("job.reopened", by, {} if self.stage_id == ended_in else {"from": ended_in, "to": self.stage_id})

    # Who and what next

    @verb
    def assign_to(self, member: Member | None, *, by: Member | None) -> None:
        """Give the job to a member, or back to nobody. Assigning it to who has it records nothing."""
        new = member.pk if member else None
        if self.member_id == new:
            return
        before, self.member_id = self.member_id, new
        self._keep("member_id")
        self._record("job.assigned", by, {"from": before, "to": new})

    @verb
    def prioritize(self, priority: int, *, by: Member | None) -> None:
        """Set the priority; the running clock follows its target, with what is used so far, and may cross by it."""
        if self.priority == priority:
            return
        before, self.priority = self.priority, priority
        crossings = self._retarget(last_crossed([self])) if self.is_open else []
        self._keep("priority", *self.CLOCK_COLUMNS)
        self._record("job.prioritized", by, {"from": before, "to": priority})
        events.record_all(crossings, by=None, into=self.ledger)

    @verb
    def plan_next(self, *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = "") -> None:
        """Show the next step on the job; a blank kind leaves the visible hole. `cause`: whose copy it is."""
        planned = (kind, label[:120], at)
        if (self.next_step_kind, self.next_step_label, self.next_step_at) == planned:
            return
        self.next_step_kind, self.next_step_label, self.next_step_at = planned
        self._keep("next_step_kind", "next_step_label", "next_step_at")
        data = {"kind": kind, "at": at.isoformat() if at else None}
        self._record("job.next_step_planned", by, data | ({"cause": cause} if cause else {}))

    @verb
    def hear(self, channel: str, *, by: Member | None = None) -> None:
        """They wrote: it is our move, and one more message waits for an answer. `by`: who noted it by hand."""
        now = clock.now()
        self.waiting_since, self.touched_at = self.waiting_since or now, now
        self.unread_count, self.unread_channel = min(self.unread_count + 1, 999), channel
        if self.is_open and self.side == Side.CUSTOMER:
            self._start_clock(Side.US, self._allowance())
        self._keep("waiting_since", "touched_at", "unread_count", "unread_channel", *self.CLOCK_COLUMNS)
        self._record("job.heard", by, {"channel": channel} | ({"noted": True} if by else {}))

    @verb
    def answer(self, channel: str, *, by: Member | None, turn: bool = False) -> None:
        """We wrote back: nothing waits any more. `turn`: and now it is the customer's move."""
        self.waiting_since, self.unread_count, self.unread_channel = None, 0, ""
        self.touched_at = clock.now()
        turned = turn and self.is_open and self.side == Side.US and self.stage_id is not None
        if turned:
            self._start_clock(Side.CUSTOMER, self._allowance(theirs=True))
        clocked = self.CLOCK_COLUMNS if turned else ()
        self._keep("waiting_since", "touched_at", "unread_count", "unread_channel", *clocked)
        self._record("job.answered", by, {"channel": channel} | ({"side": Side.CUSTOMER} if turned else {}))

    # How it is done

    # Locked and read already, by who holds it (jobs/undo.py): a verb need not do it again.
    is_held = False
    # What the present verb writes (models/verb.py); on the object only within one.
    ledger: Ledger

    def _locked(self) -> Self:
        """The row as it is now; nobody else acts on it before the transaction ends."""
        if self.is_held:
            return self
        job = type(self).objects.select_for_update().get(pk=self.pk)
        job.ledger = self.ledger
        return cast("Self", job)

    def _expect(self, stay: str | None) -> None:
        if stay is not None and stay != self.stay:
            raise Stale(self)

    def _keep(self, *names: str) -> None:
        self.ledger.keep([self], names)
        if "jump_at" in names:
            schedule([self], clock.now(), into=self.ledger)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any]) -> None:
        events.record_all([Fact(kind, self, data, job_id=self.pk)], by=by, into=self.ledger)

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        return line().allowance(self.pipeline_id, self.stage_id, self.brand_id, self.priority, theirs=theirs)

    def follow_target(self) -> None:
        """Allow what the target says now; a pause keeps whose move it was."""
        self.allowed, self.calendar_id = self._allowance(theirs=Side.CUSTOMER in (self.side, self.paused_from))

    def _retarget(self, seen: Mapping[int, int]) -> list[Fact]:
        """Count by the target that holds now: what the running clock crossed by that."""
        self.follow_target()
        if self.is_running:
            self._count()
        return crossed(self, seen[self.pk], clock.now())
