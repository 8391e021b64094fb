"""Notices to members about tickets: assigned, new message, missed promise, no progress."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comms.models import Direction, Message
from comms.notices import WRITTEN, WRITTEN_ON_PAGE, written_kind
from crm.jobs.models import Level
from crm.platform.models import Event
from crm.web.models import NoticeWay
from crm.web.notices.assignment_notices import notify_assigned
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from tickets.models import Entry, Ticket
from tickets.sla.event_words import NAMES

ASSIGNED = "ticket.assigned"
MISSED = "ticket.missed"
UNMOVED = "ticket.unmoved"


def _assigned_words(data: dict[str, Any]) -> str:
    if count := data.get("count"):
        words = ngettext(
            "%(count)s conversation was assigned to you", "%(count)s conversations were assigned to you", count
        )
        return words % {"count": count}
    if data["by"]:
        return _("%(name)s assigned it to you") % {"name": data["by"]}
    return _("It was assigned to you")


def _missed_words(data: dict[str, Any]) -> str:
    return _("%(promise)s: response time missed") % {"promise": NAMES.get(data.get("metric", ""), "")}


KINDS = [
    NoticeKind(
        name=ASSIGNED,
        permission="tickets.view",
        icon="user-plus",
        label=gettext_lazy("A conversation is assigned to me"),
        words=_assigned_words,
        default=NoticeWay.MAIL,
        through_mute=True,
        list_of=Ticket,
    ),
    NoticeKind(
        name=MISSED,
        permission="tickets.view",
        icon="clock-alert",
        label=gettext_lazy("A response time for a customer of mine is missed"),
        words=_missed_words,
        default=NoticeWay.MAIL,
        in_hours=True,
    ),
    NoticeKind(
        name=UNMOVED,
        permission="tickets.view",
        icon="clock-alert",
        label=gettext_lazy("A conversation of mine is very late: over twice its allowed time"),
        words=gettext_lazy("Very late: over twice its allowed time"),
        once_until_read=True,
    ),
]


def tell_assigned(assigned: Sequence[Event]) -> None:
    """Notify members of tickets assigned to them."""
    notify_assigned(ASSIGNED, Ticket, assigned)


def tell_received(received: Sequence[Event]) -> None:
    """Notify the assignee that the customer wrote or called, except for the message that created the ticket.

    The key is that of the notice to whoever has the lead (comms/notices.py): the same member is told once.
    """
    events = {event.data["message"]: event for event in received if not event.data.get("confirms")}
    tickets = Ticket.objects.in_bulk([event.subject_id for event in received])
    earlier = Entry.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"), message__isnull=False)
    entries = Entry.objects.filter(
        Exists(earlier), message__in=list(events), message__direction=Direction.IN, message__automatic=""
    )
    drafts: dict[str, list[NoticeDraft]] = {WRITTEN: [], WRITTEN_ON_PAGE: []}
    for entry in entries.select_related("message__channel").order_by("message_id"):
        message = entry.message
        event = events[entry.message_id]
        ticket = tickets.get(event.subject_id)
        if ticket is not None and _may_be_told(message, ticket.member_id):
            data = {"medium": message.medium, "taken": bool(message.duration)}
            one = NoticeDraft([ticket.member_id], f"message:{message.pk}", ticket, data=data, at=event.at)
            drafts[written_kind(message)].append(one)
    for kind, those in drafts.items():
        notify_all(kind, those)


def _may_be_told(message: Message, member_id: int | None) -> bool:
    """True if a member may learn of a message; for a colleague's private mail they may not."""
    return message.sole_reader_id in (None, member_id)


def tell_missed(missed: Sequence[Event]) -> None:
    """Notify the assignee of a missed promise."""
    notify_all(
        MISSED, [_ticket_notice(event, ticket) for event, ticket in _events_with_tickets(missed) if ticket.is_open]
    )


def tell_unmoved(crossed: Sequence[Event]) -> None:
    """Notify the assignee that the ticket has taken more than twice its time."""
    notify_all(
        UNMOVED,
        [
            _ticket_notice(event, ticket)
            for event, ticket in _events_with_tickets(crossed)
            if ticket.level == Level.CRIT
        ],
    )


def _events_with_tickets(events: Sequence[Event]) -> list[tuple[Event, Ticket]]:
    """Return the events with the current state of their tickets."""
    tickets = Ticket.objects.in_bulk([event.subject_id for event in events])
    return [(event, tickets[event.subject_id]) for event in events if event.subject_id in tickets]


def _ticket_notice(event: Event, ticket: Ticket) -> NoticeDraft:
    data = {}
    if "metric" in event.data:
        data = {"metric": event.data["metric"]}
    return NoticeDraft([ticket.member_id], f"event:{event.pk}", ticket, data=data, at=event.at)
