"""TicketPromises: the promises on a ticket, each with a TicketClock; the most urgent one sets the ticket's clock.

The promises follow from the ticket's columns (tickets/models/open_promises.py) and the policy that holds. A verb
changes the ticket and its clocks follow; they are written when the ticket's next crossing is scheduled
(crm/jobs/clock/crossings.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from comms.models import Message
from crm.jobs.models import Level, Side
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.work import due
from tickets.models.metric import ANSWERED, OURS, THEIRS, Metric
from tickets.models.open_promises import PromiseState, open_promises
from tickets.models.sla_policy import sla_setup, target_allowance
from tickets.models.sla_terms import Case, Policy, choose_policy
from tickets.models.ticket_clock import TicketClock
from tickets.models.ticket_columns import TicketColumns

# The kind of the Due at the instant a promise is missed.
MISS = "ticket.miss"
# What a ticket takes over from the clock of its most pressing promise.
_TAKEN_OVER = ("clock_started_at", "clock_used", "allowed", "calendar_id", "warn_at", "due_at", "far_at")


class TicketPromises:
    """The promises on one ticket, in memory; see `save_promises`."""

    def __init__(self, ticket: TicketColumns) -> None:
        self.ticket = ticket
        self._clocks: list[TicketClock] | None = None

    # Reading

    def clocks(self) -> list[TicketClock]:
        """Return the clocks of open promises, and ended ones that may reopen."""
        if self._clocks is None:
            load_promises([self])
        assert self._clocks is not None, "just read"
        return self._clocks

    def open_clocks(self) -> list[TicketClock]:
        return [promise for promise in self.clocks() if promise.ended_at is None]

    def changed_clocks(self) -> list[TicketClock]:
        """List the clocks that differ from the database; excludes those not loaded."""
        return [promise for promise in self._clocks or () if promise.state() != promise.loaded]

    def start_with(self, clocks: list[TicketClock]) -> None:
        """Set the clocks without reading the database."""
        self._clocks = clocks

    def forget_clocks(self) -> None:
        """Discard loaded clocks, so that they are read again; changes must have been saved."""
        self._clocks = None

    # Which policy holds

    def case(self) -> Case:
        """Attributes of the ticket that policies match on."""
        ticket = self.ticket
        people: Any = ()
        # Of one that is about to begin nobody takes part yet.
        if sla_setup().asks_partners and ticket.pk:
            people = ticket.participants.all()
        partner = any(person.is_requester and person.role == "partner" for person in people)
        tag_ids = tags().roots(ticket.tag_ids)
        return Case(ticket.brand_id, ticket.priority, ticket.source_medium, ticket.team_id, partner, tag_ids)

    @property
    def policy(self) -> Policy:
        """Policy that currently applies to the ticket."""
        return choose_policy(sla_setup().policies, self.case())

    def turn_allowance(self, *, theirs: bool) -> Allowance:
        """Return the allowance for a move, ours or the customer's."""
        if theirs:
            return Allowance(self.policy.nudge_seconds, None)
        return target_allowance(self.policy.turn(self.ticket.priority), self.ticket.brand_id)

    def targets(self) -> dict[Metric, Allowance]:
        """Return the policy's targets, by metric."""
        promises = self.policy.promises(self.ticket.priority)
        return {metric: target_allowance(target, self.ticket.brand_id) for metric, target in promises.items()}

    # How the clocks follow what is done to the ticket

    def follow(self, message: Message | None = None) -> None:
        """Start, run, stop and end the clocks by the ticket's columns; `message`: the one just received."""
        ticket = self.ticket
        if not ticket.pk:
            return
        now = clock.now()
        targets = self.targets()
        starts = {metric: at for metric, at in open_promises(self._state()).items() if metric in targets}
        for promise in self.open_clocks():
            start = starts.get(Metric(promise.metric))
            if ticket.merged_into_id or start is None:
                is_solved = ticket.solved_at is not None and not ticket.merged_into_id
                self._end_clock(promise, now, kept=is_solved and promise.metric == Metric.RESOLUTION)
            elif start != promise.started_at:
                promise.count_from(start, message.pk if message else self._message_id_at(start))
        for metric in starts.keys() - {Metric(promise.metric) for promise in self.open_clocks()}:
            self._open_clock(metric, starts[metric], targets[metric], message)
        is_ours = ticket.side == Side.US and ticket.level < Level.HOLD
        for promise in self.open_clocks():
            if is_ours:
                promise.run(now)
            else:
                promise.stand_still(now)
        if is_ours:
            self.lend_clock()

    def recount(self) -> None:
        """Recompute the due dates of open promises."""
        for promise in self.open_clocks():
            if promise.is_running:
                promise._count()
            else:
                promise.run(clock.now())

    def follow_targets(self) -> None:
        """Apply the targets of the current policy, keeping the seconds used."""
        targets = self.targets()
        for promise in self.open_clocks():
            if Metric(promise.metric) in targets:
                promise.follow(targets[Metric(promise.metric)])

    def keep_answered(self) -> None:
        """End the promises kept by a member's answer."""
        now = clock.now()
        self.ticket.replied_at = now
        for promise in self.open_clocks():
            if promise.metric in ANSWERED:
                self._end_clock(promise, now, kept=True)

    def lend_clock(self) -> bool:
        """Copy the most urgent promise's clock to the ticket; if none is running, start its own and return False."""
        ticket = self.ticket
        order = list(Metric)
        running = [promise for promise in self.open_clocks() if promise.due_at is not None]
        first = min(running, key=lambda promise: (promise.due_at, order.index(Metric(promise.metric))), default=None)
        if first is None:
            if ticket.clock_metric not in (OURS, THEIRS):
                ticket._start_clock(Side.US, self.turn_allowance(theirs=False))
            return False
        for name in _TAKEN_OVER:
            setattr(ticket, name, getattr(first, name))
        assert first.due_at is not None, "it runs"
        ticket.clock_metric = first.metric
        ticket.clock_since = first.started_at
        ticket.sort_at = first.due_at
        ticket.level = ticket.level_at(clock.now())
        return True

    def run_as_before(self) -> None:
        """Run the promise whose clock the ticket has again after an undo, with its old due date."""
        ticket = self.ticket
        for promise in self.clocks():
            is_tickets = (promise.metric, promise.started_at) == (ticket.clock_metric, ticket.clock_since)
            if is_tickets and ticket.due_at is not None:
                promise.run_as_before(ticket.clock_started_at, ticket.clock_used)

    def _state(self) -> PromiseState:
        ticket = self.ticket
        return PromiseState(
            ticket.status,
            ticket.created_at,
            ticket.waiting_since,
            ticket.first_reply_at,
            ticket.replied_at,
            is_merged=ticket.merged_into_id is not None,
        )

    def _open_clock(self, metric: Metric, start: datetime, target: Allowance, message: Message | None) -> None:
        """Reopen the clock that ended for the same start, or create one."""
        for promise in self.clocks():
            if promise.metric == metric and promise.started_at == start:
                promise.reopen(clock.now())
                promise.follow(target)
                return
        promise = TicketClock(
            ticket_id=self.ticket.pk,
            metric=metric,
            started_at=start,
            clock_started_at=start,
            allowed=target.seconds,
            calendar_id=target.calendar_id,
        )
        if metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY):
            if message and message.at == start:
                promise.message_id = message.pk
            else:
                promise.message_id = self._message_id_at(start)
        elif self._has_waited():
            # A promise that a policy brings later counts no pause before it; an answer counts from the message.
            promise.clock_started_at = max(start, self.ticket.status_since)
        self.clocks().append(promise)

    def _has_waited(self) -> bool:
        """True if it has ever been the customer's move, or the ticket on hold."""
        return not {"3", "4"}.isdisjoint(pair.partition(":")[0] for pair in self.ticket.past.split())

    def _message_id_at(self, at: datetime) -> int | None:
        """Return the id of the customer's message from which a promise counts."""
        entries = self.ticket.entries.filter(message__direction="in", message__at=at)
        message_id: int | None = entries.values_list("message_id", flat=True).order_by("pk").first()
        return message_id

    def _end_clock(self, promise: TicketClock, now: datetime, *, kept: bool) -> None:
        promise.end(now, kept=kept)
        late = 0
        if promise.missed_at:
            late = promise.clock_used - promise.allowed
        if late > self.ticket.late_seconds and not self.ticket.merged_into_id:
            self.ticket.late_seconds = late
            self.ticket.late_metric = promise.metric


def load_promises(rows: Sequence[TicketPromises]) -> None:
    """Load the clocks of many tickets with one statement, and the attributes their policies match on."""
    for promises in rows:
        promises.start_with([])
    by_id = {promises.ticket.pk: promises for promises in rows if promises.ticket.pk}
    if not by_id:
        return
    waiting = {promises.ticket.waiting_since for promises in rows} - {None}
    for promise in TicketClock.objects.filter(ticket__in=by_id).for_act(waiting).order_by("pk"):
        promise.loaded = promise.state()
        by_id[promise.ticket_id].clocks().append(promise)
    if sla_setup().asks_partners:
        prefetch_related_objects([promises.ticket for promises in by_id.values()], "participants")


def save_promises(rows: Sequence[TicketPromises]) -> None:
    """Save changed clocks, schedule when each is missed, and record misses."""
    changed = [(promises.ticket, promise) for promises in rows for promise in promises.changed_clocks()]
    missed = [(ticket, promise) for ticket, promise in changed if promise.missed_at and not promise.was_missed]
    stored = [promise for _ticket, promise in changed if promise.loaded is not None]
    TicketClock.objects.bulk_create([promise for _ticket, promise in changed if promise.loaded is None])
    bulk_write.save_all(stored, TicketClock.COLUMNS)
    pending = [promise for _ticket, promise in changed if promise.may_be_missed]
    due.schedule_all(MISS, [(promise.pk, promise.due_at) for promise in pending if promise.due_at])
    due.cancel(MISS, [promise.pk for promise in stored if not promise.may_be_missed])
    for _ticket, promise in changed:
        promise.loaded = promise.state()
    events.record_all(
        [_missed_fact(ticket, promise) for ticket, promise in missed if not ticket.merged_into_id], by=None
    )


def _missed_fact(ticket: TicketColumns, promise: TicketClock) -> EventDraft:
    data = {"metric": promise.metric, "message": promise.message_id, "promise": promise.pk}
    return EventDraft("ticket.missed", ticket, data, job_id=ticket.event_job_id, at=promise.missed_at)
