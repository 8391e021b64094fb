"""TicketPromises: the promises of a ticket, and its own clock, which is that of the most pressing one.

The promises follow from where the ticket stands (tickets/models/open_promises.py) and which policy holds. A verb
changes the ticket; its clocks follow in `_start_clock` and `_stop_clock`, and are written when its next crossing is
scheduled (crm/jobs/clock/crossings.py), so that no verb has to think of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from comms.models import Message
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models import Level, Side
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.work import due
from tickets.models.metric import ANSWERED, OURS, THEIRS, Metric
from tickets.models.open_promises import Standing, promised
from tickets.models.sla_policy import allowance, sla_setup
from tickets.models.sla_terms import Case, Policy, choose
from tickets.models.ticket_clock import TicketClock

# The kind of the Due at the instant a promise is missed.
MISS = "ticket.miss"
# What a promise's due date is called where it is not one of the metrics.
PRESSING = [*Metric.choices, (OURS, _("Our move")), (THEIRS, _("Their move"))]


class TicketPromises(Pausable):
    """The part of a ticket that keeps its promises."""

    # Whose the columns of the clock are: the most pressing promise, and the instant that one counts from.
    clock_metric = models.CharField(max_length=12, choices=PRESSING, blank=True)
    clock_since = models.DateTimeField(default=clock.now)
    # The promise that was kept, or fell away, latest after its time, and by how much. It stays, solved or not.
    late_metric = models.CharField(max_length=12, choices=Metric, blank=True)
    late_seconds = models.PositiveBigIntegerField(default=0)
    # When they first wrote, and when a person of ours last answered.
    asked_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    CLOCK_COLUMNS = (*Pausable.CLOCK_COLUMNS, "clock_metric", "clock_since", "late_metric", "late_seconds")
    undo_columns = CLOCK_COLUMNS
    undo_derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": CLOCK_COLUMNS}

    _clocks: list[TicketClock] | None = None

    class Meta(Pausable.Meta):
        abstract = True

    # Reading

    @property
    def counted_since(self) -> datetime:
        return self.clock_since

    def crossing_data(self) -> dict[str, Any]:
        return {"side": self.side, "metric": self.clock_metric, "since": self.clock_since.isoformat()}

    def lock(self) -> None:
        super().lock()
        self.forget_clocks()

    def forget_clocks(self) -> None:
        """Read its clocks anew when they are next asked for; what was changed is written by then."""
        self._clocks = None

    @classmethod
    def lock_all(cls, rows: models.QuerySet[Any]) -> list[Any]:
        found = super().lock_all(rows)
        cls._read_clocks(found)
        return found

    @classmethod
    def _read_clocks(cls, tickets: Sequence[Any]) -> None:
        """Read the clocks of many tickets with one statement, and what their policies ask."""
        for ticket in tickets:
            ticket._clocks = []
        by_id = {ticket.pk: ticket for ticket in tickets if ticket.pk}
        if not by_id:
            return
        waiting = {ticket.waiting_since for ticket in tickets} - {None}
        for row in TicketClock.objects.filter(ticket__in=by_id).needed(waiting).order_by("pk"):
            row.loaded = row.state()
            by_id[row.ticket_id]._clocks.append(row)
        if sla_setup().asks_partners:
            prefetch_related_objects(list(by_id.values()), "participants")

    def clocks_at_hand(self) -> list[TicketClock]:
        """Return its open promises' clocks, and the ended ones that may open again."""
        if self._clocks is None:
            self._read_clocks([self])
        assert self._clocks is not None, "just read"
        return self._clocks

    def _open_clocks(self) -> Iterator[TicketClock]:
        return (row for row in self.clocks_at_hand() if row.ended_at is None)

    # Which policy holds

    def case(self) -> Case:
        """What policies ask about it."""
        row, asks = self._ticket, sla_setup().asks_partners
        # Of one that is about to begin nobody takes part yet.
        people = row.participants.all() if asks and row.pk else ()
        partner = any(one.is_requester and one.role == "partner" for one in people)
        meant = tags().meant(row.tag_ids)
        return Case(row.brand_id, row.priority, row.source_medium, row.team_id, partner, meant)

    @property
    def policy(self) -> Policy:
        """The policy that holds for it as it is now."""
        return choose(sla_setup().policies, self.case())

    @property
    def _ticket(self) -> Any:
        """Itself, with the columns that Ticket adds."""
        return self

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        if theirs:
            return Allowance(self.policy.nudge_seconds, None)
        return allowance(self.policy.turn(self._ticket.priority), self._ticket.brand_id)

    def _promised(self) -> dict[Metric, Allowance]:
        promises = self.policy.promises(self._ticket.priority)
        return {metric: allowance(target, self._ticket.brand_id) for metric, target in promises.items()}

    # How its clocks follow what is done to it

    def _start_clock(self, side: str, allowance: Allowance) -> None:
        if side == Side.CUSTOMER:
            self.clock_metric = THEIRS
        else:
            self.clock_metric = OURS
        self.clock_since = clock.now()
        super()._start_clock(side, allowance)
        self._follow_promises()

    def _stop_clock(self, level: Level, sort_at: datetime) -> None:
        super()._stop_clock(level, sort_at)
        self._follow_promises()

    def _count(self) -> None:
        """Count its promises, and its own clock after them."""
        if self.pk and self.side == Side.US:
            for row in self._open_clocks():
                row._count() if row.is_running else row.run(clock.now())
            if self._adopt():
                return
        super()._count()

    def follow_target(self) -> None:
        """Take what the policy that holds now promises, keeping what is used."""
        targets = self._promised()
        for row in self._open_clocks():
            if Metric(row.metric) in targets:
                row.follow(targets[Metric(row.metric)])
        if self.clock_metric in (OURS, THEIRS):
            super().follow_target()
        self._follow_promises()

    def _answered(self) -> None:
        """Note that a person of ours answered: what an answer keeps is kept."""
        self.replied_at = now = clock.now()
        for row in self._open_clocks():
            if row.metric in ANSWERED:
                self._end(row, now, kept=True)

    def _follow_promises(self, message: Message | None = None) -> None:
        """Begin, run, stop and end its clocks by where it stands; `message`: the one just received."""
        if not self.pk:
            return
        now = clock.now()
        targets = self._promised()
        row = self._ticket
        wanted = {metric: at for metric, at in promised(self._standing()).items() if metric in targets}
        for one in list(self._open_clocks()):
            start = wanted.get(Metric(one.metric))
            if row.merged_into_id or start is None:
                done = one.metric == Metric.RESOLUTION and row.solved_at is not None and not row.merged_into_id
                self._end(one, now, kept=done)
            elif start != one.started_at:
                one.count_from(start, message.pk if message else self._message_at(start))
        for metric in wanted.keys() - {Metric(one.metric) for one in self._open_clocks()}:
            self._begin(metric, wanted[metric], targets[metric], message)
        is_ours = self.side == Side.US and self.level < Level.HOLD
        for one in self._open_clocks():
            one.run(now) if is_ours else one.stand_still(now)
        if is_ours:
            self._adopt()

    def _standing(self) -> Standing:
        row = self._ticket
        return Standing(
            row.status,
            row.created_at,
            row.waiting_since,
            row.first_reply_at,
            self.replied_at,
            is_merged=row.merged_into_id is not None,
        )

    def _begin(self, metric: Metric, start: datetime, allowed: Allowance, message: Message | None) -> None:
        """Open the clock that ended for the same instant, or a new one."""
        for row in self.clocks_at_hand():
            if row.metric == metric and row.started_at == start:
                row.reopen(clock.now())
                row.follow(allowed)
                return
        replies = metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
        asked = (message.pk if message and message.at == start else self._message_at(start)) if replies else None
        self.clocks_at_hand().append(
            TicketClock(
                ticket_id=self.pk,
                metric=metric,
                started_at=start,
                clock_started_at=self._counted_from(start, replies=replies),
                message_id=asked,
                allowed=allowed.seconds,
                calendar_id=allowed.calendar_id,
            )
        )

    def _counted_from(self, start: datetime, *, replies: bool) -> datetime:
        """An answer counts from the message; a promise that a policy brings later counts no pause before it."""
        waited = {"3", "4"} & {pair.partition(":")[0] for pair in self._ticket.past.split()}
        if replies or not waited:
            return start
        return max(start, self._ticket.status_since)

    def _message_at(self, at: datetime) -> int | None:
        """Look up the message of theirs that a promise counts from."""
        entries = self._ticket.entries.filter(message__direction="in", message__at=at)
        found: int | None = entries.values_list("message_id", flat=True).order_by("pk").first()
        return found

    def _adopt(self) -> bool:
        """Take the columns of the most pressing promise as its own; its own clock otherwise, and False."""
        order = list(Metric)
        running = [row for row in self._open_clocks() if row.due_at is not None]
        row = min(running, key=lambda one: (one.due_at, order.index(Metric(one.metric))), default=None)
        if row is None:
            if self.clock_metric not in (OURS, THEIRS):
                self._start_clock(Side.US, self._allowance())
            return False
        for name in ("clock_started_at", "clock_used", "allowed", "calendar_id", "warn_at", "due_at", "far_at"):
            setattr(self, name, getattr(row, name))
        assert row.due_at is not None, "it runs"
        self.clock_metric = row.metric
        self.clock_since = row.started_at
        self.sort_at = row.due_at
        self.level = self.level_at(clock.now())
        return True

    def _end(self, row: TicketClock, now: datetime, *, kept: bool) -> None:
        row.end(now, kept=kept)
        late = 0
        if row.missed_at:
            late = row.clock_used - row.allowed
        if late > self.late_seconds and not self._ticket.merged_into_id:
            self.late_seconds = late
            self.late_metric = row.metric

    # Writing

    @classmethod
    def counting_by(cls, calendars: Iterable[int]) -> Any:
        by = {"calendar_id__in": list(calendars), "due_at__isnull": False}
        return cls.objects.filter(Q(**by) | Q(pk__in=TicketClock.objects.filter(**by).values("ticket_id")))

    def clock_state(self) -> tuple[object, ...]:
        return (*super().clock_state(), self.clock_metric, *(row.state() for row in self.clocks_at_hand()))

    def due_dates(self) -> dict[str, datetime]:
        dates = {row.metric: row.due_at for row in self._open_clocks() if row.due_at}
        return dates or ({self.clock_metric: self.due_at} if self.due_at else {})

    @classmethod
    def save_clocks(cls, rows: Sequence[Any]) -> None:
        bulk_write.save_all(rows, cls.CLOCK_COLUMNS)
        cls.save_parts(rows)

    @classmethod
    def save_parts(cls, rows: Sequence[Any]) -> None:
        """Write the clocks that changed, schedule when each is missed, and record which have been."""
        changed = [(row, one) for row in rows for one in row._clocks or () if one.state() != one.loaded]
        missed = [(row, one) for row, one in changed if one.missed_at and not one.was_missed]
        made = [one for _row, one in changed if one.loaded is None]
        TicketClock.objects.bulk_create(made)
        bulk_write.save_all([one for _row, one in changed if one.loaded is not None], TicketClock.COLUMNS)
        due.schedule_all(MISS, [(one.pk, one.due_at) for _row, one in changed if one.may_be_missed])
        due.cancel(MISS, [one.pk for _row, one in changed if one.loaded is not None and not one.may_be_missed])
        for _row, one in changed:
            one.loaded = one.state()
        events.record_all([_missed(row, one) for row, one in missed if not row.merged_into_id], by=None)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Put back what an act altered; the promises follow."""
        super().undo_all(rows, recorded, change, by=by)
        cls._read_clocks(rows)
        for row in rows:
            row._run_as_before()
            row._follow_promises()
        cls.save_clocks(rows)

    def _run_as_before(self) -> None:
        """Have the promise whose columns it has back run by them: its due date is what it was, passed or not."""
        for row in self.clocks_at_hand():
            if (row.metric, row.started_at) == (self.clock_metric, self.clock_since) and self.due_at is not None:
                row.run_as_before(self.clock_started_at, self.clock_used)


def _missed(ticket: Any, row: TicketClock) -> Fact:
    data = {"metric": row.metric, "message": row.message_id, "promise": row.pk}
    return Fact("ticket.missed", ticket, data, job_id=ticket.event_job_id, at=row.missed_at)
