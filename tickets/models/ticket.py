"""Ticket: a matter of a customer with its messages, calls and notes. Columns of the inbox are denormalised on it.

Its verbs lock the row; what they decide is in tickets/models/ticket_verbs. `version` is the `form_version` that the
actor saw: on another one a verb raises Stale, unless there is nothing to do.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from comms.models import Message
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.models import Change, ChangedRow, Member, Team
from tickets.models.clocked_ticket import ClockedTicket
from tickets.models.ticket_verbs.assignment import assign_ticket, attach_job, change_person, give_to_team
from tickets.models.ticket_verbs.creation import begin_tickets
from tickets.models.ticket_verbs.ending import schedule_end, set_legal_hold
from tickets.models.ticket_verbs.messages import (
    receive_messages,
    record_private_answer,
    record_reply,
    reload_last_message,
)
from tickets.models.ticket_verbs.requester import mark_requester
from tickets.models.ticket_verbs.status_change import (
    archive_ticket,
    close_ticket,
    hold_ticket,
    leave_hold,
    reopen_ticket,
    solve_ticket,
    turn_ticket,
)
from tickets.models.ticket_verbs.urgency import (
    follow_policy,
    prioritize_ticket,
    schedule_wake,
    snooze_ticket,
    wake_ticket,
)

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("ticket")


class Ticket(ClockedTicket):
    """A conversation about one matter. It ages by its most urgent promise (tickets/sla)."""

    class Meta(ClockedTicket.Meta):
        pass

    # Creation

    @classmethod
    @transaction.atomic
    def begin(cls, *, by: Member | None, **columns: Any) -> "Ticket":
        """Create a ticket, with the arguments of `build`."""
        ticket = cls.build(**columns)
        cls.begin_all([ticket], by=by)
        return ticket

    @classmethod
    @transaction.atomic
    def begin_all(cls, tickets: Sequence["Ticket"], *, by: Member | None) -> None:
        """Save new tickets with one statement; our clock starts now."""
        begin_tickets(tickets, by=by)

    # Messages. Entries are written by tickets/matching and by the composer, before these.

    @transaction.atomic
    def receive(self, message: Message) -> None:
        """Record a message of the customer: it is our move, with one more waiting. Reopens a solved ticket.

        An automatic one (an absence notice) is shown and turns nothing; nor do mere thanks for what is solved. Raises
        ValueError for a closed ticket: what comes later goes on in a ticket of its own (docs/rules.md#k5).
        """
        self.lock()
        self.receive_all([(self, message)])

    @classmethod
    def receive_all(
        cls, received: Sequence[tuple["Ticket", Message]], *, confirming: Collection[int] = frozenset()
    ) -> None:
        """`receive` messages on locked or new tickets, with one statement. Messages of a ticket share its object.

        `confirming`: the ids of messages that only confirm an appointment, and so ask for no answer.
        """
        receive_messages(received, confirming)

    @transaction.atomic
    def reply(self, message: Message, *, by: Member | None, answers: bool | None = None) -> None:
        """Record an outgoing message. A member's is an answer: it becomes the customer's move.

        `answers`: whether it is an answer, by default where `by` is given. A message that the product sent by itself
        is recorded as `ticket.notified`.
        """
        self.lock()
        record_reply(self, message, by=by, is_answer=by is not None if answers is None else answers)

    @transaction.atomic
    def note_private_answer(self, *, by: Member | None) -> None:
        """Record that a member answered from their own mailbox: the customer's move. Stores nothing of the mail."""
        self.lock()
        record_private_answer(self, by=by)

    @transaction.atomic
    def reload_last_message(self) -> None:
        """Recompute the last message shown in the list, after a later one was cancelled."""
        self.lock()
        reload_last_message(self)

    # Assignment

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None, cause: str = "") -> None:
        """Assign it to a member, or unassign it. Idempotent."""
        self.lock()
        assign_ticket(self, member, by=by, cause=cause)

    @transaction.atomic
    def give_to_team(self, team: Team | None, *, by: Member | None, cause: str = "", reason: str = "") -> None:
        """Assign it to a team, or to none. Idempotent."""
        self.lock()
        give_to_team(self, team, by=by, cause=cause, reason=reason)

    @transaction.atomic
    def attach(self, job: Job | None, *, by: Member | None) -> None:
        """Link it to a job, or to none; without a person, it gets the job's customer. Idempotent."""
        self.lock()
        attach_job(self, job, by=by)

    @transaction.atomic
    def set_person(self, person: Person, *, by: Member | None) -> None:
        """Set the requester, who receives the answers. Idempotent."""
        self.lock()
        change_person(self, person, by=by)

    # Urgency

    @transaction.atomic
    def prioritize(self, priority: int, *, by: Member | None, cause: str = "") -> None:
        """Set the priority; the running clock gets its target and keeps the time used. Idempotent."""
        self.lock()
        prioritize_ticket(self, priority, by=by, cause=cause)

    @transaction.atomic
    def follow_policy(self) -> None:
        """Apply the current policy's times, without waiting for the recalculation. Idempotent."""
        self.lock()
        follow_policy(self)

    @transaction.atomic
    def snooze(self, until: datetime, *, by: Member | None) -> None:
        """Hide it until a time, or until the customer writes. Its clock runs on. Idempotent."""
        self.lock()
        snooze_ticket(self, until, by=by)

    @transaction.atomic
    def wake(self, *, by: Member | None) -> None:
        """End the snooze. Idempotent."""
        self.lock()
        wake_ticket(self, by=by)

    # Status

    @transaction.atomic
    def turn_to(self, side: str, *, by: Member | None, version: str | None = None) -> None:
        """Make it the customer's move, or ours again. Idempotent."""
        self.lock()
        turn_ticket(self, side, by=by, version=version)

    @transaction.atomic
    def pause(self, *, reason: str, until: datetime | None, by: Member | None, version: str | None = None) -> None:
        """Put it on hold: its clock stops, and the hold ends by itself. Idempotent.

        Raises Refused without a reason or an end: nothing waits for ever (docs/rules.md#tickets).
        """
        self.lock()
        hold_ticket(self, reason=reason, until=until, by=by, version=version)

    @transaction.atomic
    def resume(self, *, by: Member | None, version: str | None = None) -> None:
        """Take it off hold: the clock goes on where it stopped. Idempotent."""
        super().resume(by=by, version=version)
        self.lock()
        leave_hold(self)

    @transaction.atomic
    def solve(self, *, by: Member | None, version: str | None = None) -> None:
        """Solve it; an unassigned ticket is assigned to `by` (docs/rules.md#tickets). Idempotent.

        Raises Refused for one that nobody has and no member solves.
        """
        self.lock()
        solve_ticket(self, by=by, version=version)

    @transaction.atomic
    def close(self, *, by: Member | None, cause: str = "", version: str | None = None) -> None:
        """Close it for good: later messages of the customer begin another ticket (docs/rules.md#k5). Idempotent."""
        self.lock()
        close_ticket(self, by=by, cause=cause, version=version)

    @transaction.atomic
    def reopen(self, *, by: Member | None, version: str | None = None) -> None:
        """Open a solved ticket again. Idempotent. Raises Refused for a closed one."""
        self.lock()
        reopen_ticket(self, by=by, version=version)

    @transaction.atomic
    def archive(self, *, by: Member | None) -> None:
        """Remove a closed ticket from the lists; search still finds it. Idempotent."""
        self.lock()
        archive_ticket(self, by=by)

    @transaction.atomic
    def place_legal_hold(self, reason: str, *, by: Member) -> None:
        """Exempt it from retention until the hold is lifted. Idempotent."""
        self.lock()
        set_legal_hold(self, True, "ticket.hold_placed", reason, by=by)

    @transaction.atomic
    def lift_legal_hold(self, reason: str, *, by: Member) -> None:
        """Apply retention to it again. Idempotent."""
        self.lock()
        set_legal_hold(self, False, "ticket.hold_lifted", reason, by=by)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the columns, the clocks' scheduled crossings, and the ends of snoozes."""
        super().undo_all(rows, recorded, change, by=by)
        schedule_wake(rows)
        for row in rows:
            schedule_end(row)
            mark_requester(row)
            if macro_use := (recorded[row.pk].after or {}).get("macro_use"):
                row._record("ticket.macro_undone", by, {"use": macro_use})
