"""TicketLife: the verbs of a ticket: who has it, how urgent it is, whose move it is, and how it ends.

`version`: the `form_version` the actor saw; on another a verb raises Stale, unless there is nothing to do.

Rules: docs/rules.md#k5, docs/rules.md#tickets.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext

from crm.jobs.clock.crossings import last_crossed
from crm.jobs.models import Side
from crm.jobs.models.tagged import Tagged
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Change, ChangedRow, Member, Team
from crm.platform.work import due
from tickets.models.promises import TicketPromises
from tickets.models.status import Status

# The Due that brings a snoozed ticket back.
WAKE = "ticket.wake"


class TicketLife(Tagged, TicketPromises):
    """What is done to a ticket by hand, by a rule, or by time."""

    STATUS_COLUMNS: ClassVar[tuple[str, ...]] = (
        *("status", "status_since", "past", "solved_at", "closed_at"),
        *TicketPromises.CLOCK_COLUMNS,
    )
    undo_columns = (
        *STATUS_COLUMNS,
        *("member_id", "team_id", "priority", "job_id", "person_id", "customer_name"),
        *("waiting_since", "unread_count", "first_reply_at", "snoozed_until", "archived_at", "legal_hold"),
        *("merged_into_id", "tag_ids", "macro_use"),
    )

    class Meta(TicketPromises.Meta):
        abstract = True

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Put back the columns, the clocks' next crossings, and when snoozed ones come back."""
        super().undo_all(rows, recorded, change, by=by)
        due.schedule_all(WAKE, [(row.pk, row.snoozed_until) for row in rows if row.snoozed_until])
        for row in rows:
            row.schedule_end()
            row.mark_requester()
            if used := (recorded[row.pk].after or {}).get("macro_use"):
                row._record("ticket.macro_undone", by, {"use": used})

    # Who has it

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None, cause: str = "") -> None:
        """Give it to a member, or to nobody. Giving it to its present member records nothing."""
        here = self.locked()
        if here.member_id != (member.pk if member else None):
            self.refuse_closed()
            self.refuse_private()
        self.assign_all([(self, member)], by=by, cause=cause)

    @classmethod
    def assign_all(
        cls, pairs: Sequence[tuple[Any, Member | None]], *, by: Member | None, cause: str = "", reason: str = ""
    ) -> None:
        """Give locked tickets to members, with one statement.

        `cause`: what gave them, where nobody did by hand; `reason`: why, in words of who did.
        """
        moved = [(row, member) for row, member in pairs if row.member_id != (member.pk if member else None)]
        facts = []
        for row, member in moved:
            before = row.member_id
            if member:
                row.member_id = member.pk
            else:
                row.member_id = None
            data = {"from": before, "to": row.member_id} | _why(cause, reason)
            facts.append(Fact("ticket.assigned", row, data, job_id=row.event_job_id))
        bulk_write.save_all([row for row, _member in moved], ["member_id"])
        events.record_all(facts, by=by)

    @transaction.atomic
    def give_to_team(self, team: Team | None, *, by: Member | None, cause: str = "", reason: str = "") -> None:
        """Give it to a team, whoever of them has it, or to none."""
        here = self.locked()
        if here.team_id != (team.pk if team else None):
            self.refuse_closed()
            self.refuse_private()
            before = here.team_id
            if team:
                here.team_id = team.pk
            else:
                here.team_id = None
            here.save(update_fields=["team_id"])
            data = {"from": before, "to": here.team_id} | _why(cause, reason)
            self._record("ticket.team_changed", by, data)

    # How urgent it is

    @transaction.atomic
    def prioritize(self, priority: int, *, by: Member | None, cause: str = "") -> None:
        """Set the priority; the running clock takes its target, keeps what is used, and may cross an instant by it."""
        here = self.locked()
        if here.priority == priority:
            return
        self.refuse_closed()
        seen = last_crossed([self])[self.pk]
        before = here.priority
        here.priority = priority
        crossings = []
        if self.is_open:
            crossings = self._retarget(seen)
        here.save(update_fields=["priority", *self.CLOCK_COLUMNS])
        self._schedule_crossing()
        self._record("ticket.prioritized", by, {"from": before, "to": priority} | ({"cause": cause} if cause else {}))
        events.record_all(crossings, by=None)

    @transaction.atomic
    def follow_policy(self) -> None:
        """Take the times of the policy that holds now, at once; the recalculation after an edit finds nothing to do."""
        here = self.locked()
        if here.is_open:
            seen = last_crossed([self])[self.pk]
            crossings = self._retarget(seen)
            here.save(update_fields=self.CLOCK_COLUMNS)
            self._schedule_crossing()
            events.record_all(crossings, by=None)

    # Whose move it is

    @transaction.atomic
    def turn_to(self, side: str, *, by: Member | None, version: str | None = None) -> None:
        """Make it the customer's move, or ours again."""
        if side == Side.CUSTOMER:
            status = Status.PENDING
        else:
            status = Status.OPEN
        if self.locked().status != status and self.is_open:
            self.expect(version)
            self._stand_in(status, "ticket.turned", by, {"side": side})

    @transaction.atomic
    def pause(self, *, reason: str, until: datetime | None, by: Member | None, version: str | None = None) -> None:
        """Put it on hold, with a reason and an end: its clock stops, and on the day it comes back by itself.

        Raises Refused without one of them: nothing waits for ever, or for nobody knows what (docs/rules.md#tickets).
        """
        if self.locked().status != Status.ON_HOLD and self.is_open:
            self.expect(version)
            if until is None or not reason.strip():
                raise Refused(gettext("Enter what it is waiting for, and until when."))
            told = {"until": until.isoformat()}
            self._stand_in(Status.ON_HOLD, "ticket.paused", by, told, reason=reason, until=until)

    @transaction.atomic
    def resume(self, *, by: Member | None, version: str | None = None) -> None:
        """Take it off hold: the clock goes on where it stopped."""
        super().resume(by=by, version=version)
        here = self.locked()
        if here.status == Status.ON_HOLD and here.side != Side.PAUSED:
            here.past = f"{here.past} {here.step_left('hold')}".strip()
            here.status = Status.OPEN
            here.status_since = clock.now()
            here.save(update_fields=["status", "status_since", "past"])

    # How it ends

    @transaction.atomic
    def solve(self, *, by: Member | None, version: str | None = None) -> None:
        """Mark it as solved. One that nobody has becomes theirs who solves it: somebody answers for it.

        Raises Refused for one that nobody has and no member solves.

        Rule: docs/rules.md#tickets.
        """
        here = self.locked()
        if here.status in (Status.SOLVED, Status.CLOSED):
            return
        self.expect(version)
        if here.member_id is None:
            if by is None:
                raise Refused(gettext("It is unassigned. Assign it first."))
            self.assign_all([(self, by)], by=by, cause="solved")
        here.waiting_since = None
        here.unread_count = 0
        here.snoozed_until = None
        here.save(update_fields=["waiting_since", "unread_count", "snoozed_until"])
        self._stand_in(Status.SOLVED, "ticket.solved", by, {})

    @transaction.atomic
    def close(self, *, by: Member | None, cause: str = "", version: str | None = None) -> None:
        """Close it for good: what the customer writes later goes on in a ticket of its own (docs/rules.md#k5)."""
        here = self.locked()
        if here.status == Status.CLOSED:
            return
        self.expect(version)
        here.waiting_since = None
        here.unread_count = 0
        here.snoozed_until = None
        here.save(update_fields=["waiting_since", "unread_count", "snoozed_until"])
        self._stand_in(Status.CLOSED, "ticket.closed", by, {"cause": cause} if cause else {})

    @transaction.atomic
    def reopen(self, *, by: Member | None, version: str | None = None) -> None:
        """Open a solved ticket again. Raises Refused for a closed one."""
        status = self.locked().status
        if status == Status.CLOSED:
            raise Refused(gettext("It is closed. Write a message to start a new conversation."))
        if status == Status.SOLVED:
            self.expect(version)
            self._stand_in(Status.OPEN, "ticket.reopened", by, {})

    # When it is looked at

    @transaction.atomic
    def note_private_answer(self, *, by: Member | None) -> None:
        """Note that a colleague answered from their own mailbox: their move. Nothing of the mail is kept."""
        self.lock()
        self.save(update_fields=set(self._stop_waiting()))
        self._schedule_crossing()
        self._record("ticket.answered_privately", by, {})

    def _stop_waiting(self) -> tuple[str, ...]:
        """Nobody waits for us after an answer: clocks that it keeps end. Return the columns to save."""
        ticket = self._ticket
        if ticket.asked_at:
            ticket.first_reply_at = ticket.first_reply_at or clock.now()
        self._answered()
        ticket.waiting_since = None
        ticket.unread_count = 0
        columns = ("waiting_since", "unread_count", "first_reply_at", "replied_at", *self.CLOCK_COLUMNS)
        if ticket.status in (Status.NEW, Status.OPEN):
            return columns + self._enter(Status.PENDING)
        self._follow_promises()
        return columns

    @transaction.atomic
    def snooze(self, until: datetime, *, by: Member | None) -> None:
        """Put it out of the way until a time, or until the customer writes. Its clock runs on."""
        here = self.locked()
        if here.snoozed_until != until and self.is_open:
            here.snoozed_until = until
            here.save(update_fields=["snoozed_until"])
            due.schedule(WAKE, self.pk, until)
            self._record("ticket.snoozed", by, {"until": until.isoformat()})

    @transaction.atomic
    def wake(self, *, by: Member | None) -> None:
        """Bring it back into view."""
        here = self.locked()
        if here.snoozed_until is not None:
            here.snoozed_until = None
            here.save(update_fields=["snoozed_until"])
            due.cancel(WAKE, [self.pk])
            self._record("ticket.woken", by, {})

    # Whose matter, and which

    @transaction.atomic
    def attach(self, job: models.Model | None, *, by: Member | None) -> None:
        """Put it on a job, or on none; a ticket of nobody becomes the job's customer's."""
        here = self.locked()
        found = job
        if here.job_id == (found.pk if found else None):
            return
        self.refuse_closed()
        self.refuse_private()
        before = here.job_id
        if found:
            here.job_id = found.pk
        else:
            here.job_id = None
        person = getattr(found, "person", None)
        if here.person_id is None and person is not None:
            here.person_id = person.pk
            here.customer_name = person.name
        here.save(update_fields=["job_id", "person_id", "customer_name"])
        self._record("ticket.attached", by, {"from": before, "to": here.job_id})

    @transaction.atomic
    def set_person(self, person: Any, *, by: Member | None) -> None:
        """Say whose matter it is: answers go to them."""
        here = self.locked()
        if here.person_id != person.pk:
            self.refuse_closed()
            before = here.person_id
            here.person_id = person.pk
            here.customer_name = person.name
            here.save(update_fields=["person_id", "customer_name"])
            self.mark_requester()
            self._record("ticket.person_changed", by, {"from": before, "to": person.pk})

    def locked(self) -> Any:
        """Lock the row and return it, for its columns: they are the ticket's own (tickets/models/ticket.py)."""
        self.lock()
        return self

    # Columns and participants are the ticket's own: tickets/models/ending.py.

    def refuse_closed(self) -> None:
        raise NotImplementedError

    def refuse_private(self) -> None:
        raise NotImplementedError

    def schedule_end(self) -> None:
        raise NotImplementedError

    def mark_requester(self) -> None:
        raise NotImplementedError

    def step_left(self, level: str) -> str:
        """Return the pair of the status it leaves, for `past`."""
        raise NotImplementedError

    def _enter(self, status: Status, *, reason: str = "", until: datetime | None = None) -> tuple[str, ...]:
        raise NotImplementedError

    def _stand_in(
        self,
        status: Status,
        kind: str,
        by: Member | None,
        data: dict[str, Any],
        *,
        reason: str = "",
        until: datetime | None = None,
    ) -> None:
        """Stand in another status from now on, and record it."""
        left: Any = self
        before = left.status
        self.save(update_fields=self._enter(status, reason=reason, until=until))
        self._schedule_crossing()
        self.schedule_end()
        self._record(kind, by, {"from": before, **data})


def wake_all(model: type[TicketLife], ids: Sequence[int]) -> None:
    """Bring back the snoozed tickets whose time has come."""
    for row in model.lock_all(model.objects.filter(pk__in=ids, snoozed_until__lte=clock.now())):
        row.wake(by=None)


def _why(cause: str, reason: str) -> dict[str, str]:
    return {name: text for name, text in (("cause", cause), ("reason", reason)) if text}
