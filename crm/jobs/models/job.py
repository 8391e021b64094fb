"""Job: one thing a customer wants done, from first contact to aftercare. What a list shows or sorts is on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.jobs import clock as ageing
from crm.jobs.crossing import crossed, last_crossed
from crm.jobs.jump import mirrored
from crm.jobs.landing import living
from crm.jobs.line import line
from crm.jobs.models.clocked import Clocked, Level, Side, forever
from crm.jobs.models.queryset import JobQuerySet
from crm.jobs.models.stage import Stage
from crm.jobs.models.verb import verb
from crm.jobs.models.visit import ENTERING, LEAVING, PASSING_ON
from crm.platform import clock, due, events
from crm.platform.events import Fact
from crm.platform.ledger import Ledger
from crm.platform.models import Member, TenantForeignKey, TenantManager

CLOCK = "job.clock"
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
        job = self._locked()
        if job.stage_id == stage.pk and job.is_open:
            self._reflect(job)
            return
        job._expect(stay)
        if stage.pipeline_id != job.pipeline_id or not job.is_open:
            raise ValueError("only an open job moves, and only along its own pipeline")
        if stage.archived_at:
            raise ValueError("nobody enters an archived step")
        left, level = job.stage_id, job._leave_step()
        job.stage_id, job.entered_at = stage.pk, clock.now()
        job._start_clock(Side.US, job._allowance())
        job._enter_step(by, cause)
        job._keep("stage_id", "entered_at", "past", *job.CLOCK_COLUMNS)
        data = {"from": left, "to": stage.pk, "level": level.css, "cause": cause}
        job._record("job.moved", by, data)
        self._reflect(job)

    @verb
    def turn_to(self, side: str, *, by: Member | None, stay: str | None = None) -> None:
        """Make it the customer's move, or ours again; the other clock starts afresh (L8: two clocks, one bar)."""
        job = self._locked()
        if job.side == side or not job.is_open:
            return
        job._expect(stay)
        job._start_clock(side, job._allowance(theirs=side == Side.CUSTOMER))
        job._keep(*job.CLOCK_COLUMNS)
        job._record("job.turned", by, {"side": side})
        self._reflect(job)

    @verb
    def pause(self, *, reason: str, until: datetime | None, by: Member | None, stay: str | None = None) -> None:
        """Stop the clock, with a reason and, best, an end; what is used so far is kept."""
        job = self._locked()
        if job.side == Side.PAUSED or not job.is_open:
            return
        job._expect(stay)
        job._stop_clock(Level.HOLD, until or forever())
        job.paused_from, job.side = job.side, Side.PAUSED
        job.pause_reason, job.pause_ends_at = reason[:120], until
        job._keep(*job.CLOCK_COLUMNS)
        job._record("job.paused", by, {"until": until.isoformat() if until else None})
        self._reflect(job)

    @verb
    def resume(self, *, by: Member | None, stay: str | None = None) -> None:
        """Let the clock run on from where the pause stopped it; a shorter allowance since may have it cross at once."""
        job = self._locked()
        if job.side != Side.PAUSED or not job.is_open:
            return
        job._expect(stay)
        seen = last_crossed([job])[job.pk]
        job.side, job.paused_from = job.paused_from or Side.US, ""
        job.pause_reason, job.pause_ends_at, job.clock_started_at = "", None, clock.now()
        job._count()
        job._keep(*job.CLOCK_COLUMNS)
        job._record("job.resumed", by, {})
        events.record_all(crossed(job, seen, clock.now()), by=None, into=job.ledger)
        self._reflect(job)

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
        job = self._locked()
        if job.state == state:
            return
        job._expect(stay)
        if not job.is_open:
            return
        job.ended_at, job.ended_reason = clock.now(), reason[:80]
        level = job._leave_step()
        job._stop_clock(Level.ENDED, mirrored(job.ended_at))
        job.state = state
        job._keep("state", "ended_at", "ended_reason", "past", *job.CLOCK_COLUMNS)
        job._record(kind, by, {"reason": reason, "stage": job.stage_id, "level": level.css})
        self._reflect(job)

    @verb
    def reopen(self, *, by: Member | None, stay: str | None = None) -> None:
        """Take an ended job up again, in the step it ended in or the living one nearest, with a fresh clock."""
        job = self._locked()
        if job.is_open:
            return
        job._expect(stay)
        ended_in, job.stage_id = job.stage_id, living(job.stage_id).pk if job.stage_id else None
        job.state, job.ended_at, job.ended_reason, job.entered_at = State.OPEN, None, "", clock.now()
        job._start_clock(Side.US, job._allowance())
        job._enter_step(by, "reopened")
        job._keep("stage_id", "state", "ended_at", "ended_reason", "entered_at", *job.CLOCK_COLUMNS)
        job._record("job.reopened", by, {} if job.stage_id == ended_in else {"from": ended_in, "to": job.stage_id})
        self._reflect(job)

    # Who and what next

    @verb
    def assign_to(self, member: Member | None, *, by: Member | None) -> None:
        """Give the job to a member, or back to nobody. Assigning it to who has it records nothing."""
        job = self._locked()
        new = member.pk if member else None
        if job.member_id == new:
            return
        before, job.member_id = job.member_id, new
        job._keep("member_id")
        job._record("job.assigned", by, {"from": before, "to": new})
        self._reflect(job)

    @verb
    def prioritize(self, priority: int, *, by: Member | None) -> None:
        """Set the priority; the running clock follows its target, with what is used so far, and may cross by it."""
        job = self._locked()
        if job.priority == priority:
            return
        before, job.priority = job.priority, priority
        crossings = job._retarget(last_crossed([job])) if job.is_open else []
        job._keep("priority", *job.CLOCK_COLUMNS)
        job._record("job.prioritized", by, {"from": before, "to": priority})
        events.record_all(crossings, by=None, into=job.ledger)
        self._reflect(job)

    @verb
    def plan_next(self, *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = "") -> None:
        """Show the next step on the job; a blank kind leaves the visible hole. `cause`: whose copy it is."""
        job = self._locked()
        planned = (kind, label[:120], at)
        if (job.next_step_kind, job.next_step_label, job.next_step_at) == planned:
            return
        job.next_step_kind, job.next_step_label, job.next_step_at = planned
        job._keep("next_step_kind", "next_step_label", "next_step_at")
        data = {"kind": kind, "at": at.isoformat() if at else None}
        job._record("job.next_step_planned", by, data | ({"cause": cause} if cause else {}))
        self._reflect(job)

    @verb
    def hear(self, channel: str, *, by: Member | None = None) -> None:
        """They wrote: it is our move, and one more message waits for an answer. `by`: who noted it by hand."""
        job = self._locked()
        now = clock.now()
        job.waiting_since, job.touched_at = job.waiting_since or now, now
        job.unread_count, job.unread_channel = min(job.unread_count + 1, 999), channel
        if job.is_open and job.side == Side.CUSTOMER:
            job._start_clock(Side.US, job._allowance())
        job._keep("waiting_since", "touched_at", "unread_count", "unread_channel", *job.CLOCK_COLUMNS)
        job._record("job.heard", by, {"channel": channel} | ({"noted": True} if by else {}))
        self._reflect(job)

    @verb
    def answer(self, channel: str, *, by: Member | None, turn: bool = False) -> None:
        """We wrote back: nothing waits any more. `turn`: and now it is the customer's move."""
        job = self._locked()
        job.waiting_since, job.unread_count, job.unread_channel = None, 0, ""
        job.touched_at = clock.now()
        turned = turn and job.is_open and job.side == Side.US and job.stage_id is not None
        if turned:
            job._start_clock(Side.CUSTOMER, job._allowance(theirs=True))
        clocked = job.CLOCK_COLUMNS if turned else ()
        job._keep("waiting_since", "touched_at", "unread_count", "unread_channel", *clocked)
        job._record("job.answered", by, {"channel": channel} | ({"side": Side.CUSTOMER} if turned else {}))
        self._reflect(job)

    # How it is done

    # Locked and read already, by who holds it (jobs/undo.py): a verb need not do it again.
    is_held = False
    # What the present verb writes (models/verb.py); on the object only within one.
    ledger: Ledger

    def _locked(self) -> Self:
        if self.is_held:
            return self
        job = type(self).objects.select_for_update().get(pk=self.pk)
        job.ledger = self.ledger
        return cast("Self", job)

    def _expect(self, stay: str | None) -> None:
        if stay is not None and stay != self.stay:
            raise Stale(self)

    def _reflect(self, job: Self) -> None:
        if job is self:
            return
        self.__dict__.update({k: v for k, v in job.__dict__.items() if k != "_state"})
        # Or `job.stage` would still be the row read before the move.
        self._state.fields_cache = dict(job._state.fields_cache)

    def _keep(self, *names: str) -> None:
        self.ledger.keep([self], names)
        if "jump_at" in names:
            self._schedule()

    def _schedule(self) -> None:
        """One Due per job for its clock, holding the next crossing."""
        at = self.next_crossing(clock.now())
        if at is None:
            due.cancel(CLOCK, [self.pk], into=self.ledger)
        else:
            due.schedule(CLOCK, self.pk, at, into=self.ledger)

    def _allowance(self, *, theirs: bool = False) -> Any:
        return line().allowance(self.pipeline_id, self.stage_id, self.brand_id, self.priority, theirs=theirs)

    def _retarget(self, seen: Mapping[int, int]) -> list[Fact]:
        """Count by the target that holds now: what the running clock crossed by that. A pause takes it along."""
        self.allowed, self.calendar_id = self._allowance(theirs=Side.CUSTOMER in (self.side, self.paused_from))
        if self.is_running:
            self._count()
        return crossed(self, seen[self.pk], clock.now())

    def _enter_step(self, by: Member | None, cause: str) -> None:
        part = PASSING_ON if LEAVING in self.ledger else ENTERING
        self.ledger.write(part, [self.entering(by, cause)])

    def _leave_step(self) -> Level:
        """End the stay; the bar remembers the level it ended on."""
        left = self.leaving()
        self.ledger.write(LEAVING, [left])
        return Level(left["level"])

    def entering(self, by: Member | None, cause: str) -> dict[str, Any]:
        """The stay that begins now."""
        actor, entered = by.pk if by else None, {"stage_id": self.stage_id, "entered_at": self.entered_at}
        return {"job_id": self.pk, "actor_id": actor, "cause": cause[:80], "allowed": self.allowed} | entered

    def leaving(self) -> dict[str, Any]:
        """What the stay that ends now is left with; `past` remembers it."""
        now = clock.now()
        level = ageing.level(now, self.instants) if self.instants else self.level_at(now)
        if self.stage_id:
            self.past = f"{self.past} {self.stage_id}:{level.css}".strip()
        used = self.used_at(now)
        return {"job_id": self.pk, "left_at": now, "used": used, "allowed": self.allowed, "level": level}

    def _record(self, kind: str, by: Member | None, data: dict[str, Any]) -> None:
        events.record_all([Fact(kind, self, data, job_id=self.pk)], by=by, into=self.ledger)
