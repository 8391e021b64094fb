"""What was done to the demo's tickets, as the events that the verbs would have recorded."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comms.models import Message
from crm.platform.models import Event, Member
from tickets.models import EntryMove, Ticket

_GIVEN = timedelta(seconds=40)
_WRITTEN = {"received": "message.received", "sent": "message.sent"}


def create_events(tickets: Sequence[Ticket], moves: Sequence[EntryMove], messages: Sequence[Message]) -> None:
    """Create the events of saved rows: tickets begun, given out, solved, closed; merged and split; what was written."""
    found = [event for ticket in tickets for event in _of_ticket(ticket)]
    found += [event for move in moves for event in _of_move(move)]
    found += [_of_message(message) for message in messages if message.state in _WRITTEN]
    Event.objects.bulk_create(found, batch_size=500)


def _of_ticket(ticket: Ticket) -> Iterator[Event]:
    yield _event("ticket.created", ticket, ticket.created_at)
    if ticket.member_id:
        data = {"from": None, "to": ticket.member_id, "cause": "rule"}
        yield _event("ticket.assigned", ticket, ticket.created_at + _GIVEN, data)
    if ticket.merged_into_id:
        return
    if ticket.solved_at:
        yield _event("ticket.solved", ticket, ticket.solved_at, {"from": "open"}, by=ticket.member)
    if ticket.closed_at:
        yield _event("ticket.closed", ticket, ticket.closed_at, {"from": "solved", "cause": "auto"})


def _of_message(message: Message) -> Event:
    """A lead shows its messages by these: where there is none, it asks for none."""
    return _event(_WRITTEN[message.state], message, message.at, {"medium": message.medium})


def _of_move(move: EntryMove) -> Iterator[Event]:
    kinds = ("ticket.merged", "ticket.received_merge") if move.is_merge else ("ticket.split",)
    sides = ((move.source, move.target), (move.target, move.source))
    for kind, (ticket, other) in zip(kinds, sides, strict=False):
        data = {"ticket": other.pk, "number": other.number, "entries": len(move.entries)}
        yield _event(kind, ticket, move.at, data, by=move.by)


def _event(
    kind: str,
    row: Ticket | Message,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    *,
    by: Member | None = None,
) -> Event:
    return Event(
        at=at,
        kind=kind,
        subject_kind=row._meta.label_lower,
        subject_id=row.pk,
        job_id=row.event_job_id if isinstance(row, Ticket) else row.job_id,
        actor=by,
        data=dict(data or {}),
    )
