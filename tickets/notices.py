"""What members are told of tickets: given to them, the customer wrote, a promise was missed, it stands still."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comms.models import Channel, Direction, Message
from comms.notices import WRITTEN
from crm.jobs.models import Level
from crm.platform.models import Event
from crm.web.models import Way
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from tickets.models import Entry, Ticket
from tickets.sla.event_words import NAMES

ASSIGNED, MISSED, UNMOVED = "ticket.assigned", "ticket.missed", "ticket.unmoved"
# More than these given to one member at once are one notice.
MOST = 5


def _assigned(data: dict[str, Any]) -> str:
    if count := data.get("count"):
        words = ngettext("%(count)s conversation was given to you", "%(count)s conversations were given to you", count)
        return words % {"count": count}
    return _("%(name)s gave it to you") % {"name": data["by"]} if data["by"] else _("It was given to you")


def _missed(data: dict[str, Any]) -> str:
    return _("%(promise)s: the promised time was missed") % {"promise": NAMES.get(data.get("metric", ""), "")}


KINDS = [
    NoticeKind(
        11,
        ASSIGNED,
        "tickets.view",
        "user-plus",
        gettext_lazy("A conversation is given to me"),
        _assigned,
        default=Way.MAIL,
        through_mute=True,
        list_of=Ticket,
    ),
    NoticeKind(
        22,
        MISSED,
        "tickets.view",
        "clock-alert",
        gettext_lazy("A promise to a customer of mine is missed"),
        _missed,
        default=Way.MAIL,
    ),
    NoticeKind(
        26,
        UNMOVED,
        "tickets.view",
        "clock-alert",
        gettext_lazy("A conversation of mine stands still: over twice its time"),
        gettext_lazy("It stands still, over twice its time"),
        once_until_read=True,
    ),
]


def tell_assigned(assigned: Sequence[Event]) -> None:
    """Tell members that tickets were given to them; of many at once by one notice."""
    given: dict[tuple[int, int | None], list[Event]] = defaultdict(list)
    for event in assigned:
        if event.data.get("to"):
            given[event.data["to"], event.actor_id].append(event)
    for (member_id, by), found in given.items():
        if len(found) > MOST:
            last = found[-1]
            notify(ASSIGNED, [member_id], key=f"event:{last.pk}", by=by, data={"count": len(found)}, at=last.at)
            continue
        tickets = Ticket.objects.in_bulk([event.subject_id for event in found])
        for event in found:
            # Given on meanwhile: it concerns the next one.
            if (ticket := tickets.get(event.subject_id)) and ticket.member_id == member_id:
                notify(ASSIGNED, [member_id], key=f"event:{event.pk}", about=ticket, by=by, at=event.at)


def tell_received(received: Sequence[Event]) -> None:
    """Tell who has a ticket that its customer wrote or called; of the message that began it they were given it.

    The key is that of the notice to whoever has the lead (comms/notices.py): the same member is told once.
    """
    events = {event.data["message"]: event for event in received}
    tickets = Ticket.objects.in_bulk([event.subject_id for event in received])
    messages = Message.objects.select_related("channel").filter(pk__in=list(events), direction=Direction.IN)
    for message in messages.filter(automatic="").order_by("pk"):
        event = events[message.pk]
        ticket = tickets.get(event.subject_id)
        if ticket is None or not _came_before(ticket, message) or not _may_be_told(message, ticket.member_id):
            continue
        data = {"medium": message.medium, "taken": bool(message.duration)}
        notify(WRITTEN, [ticket.member_id], key=f"message:{message.pk}", about=ticket, data=data, at=event.at)


def _came_before(ticket: Ticket, message: Message) -> bool:
    """Whether something was said on the ticket before a message."""
    entry = Entry.objects.filter(message=message).first()
    return entry is not None and Entry.objects.filter(ticket=ticket, pk__lt=entry.pk, message__isnull=False).exists()


def _may_be_told(message: Message, member_id: int | None) -> bool:
    """Whether a member may learn of a message: of a colleague's private mailbox, not even that somebody wrote."""
    channel = message.channel
    return channel is None or channel.owner_id in (None, member_id) or channel.sharing != Channel.Sharing.PRIVATE


def tell_missed(missed: Sequence[Event]) -> None:
    """Tell who has a ticket that a promise on it was missed."""
    tickets = Ticket.objects.in_bulk([event.subject_id for event in missed])
    for event in missed:
        if (ticket := tickets.get(event.subject_id)) and ticket.is_open:
            data = {"metric": event.data.get("metric", "")}
            notify(MISSED, [ticket.member_id], key=f"event:{event.pk}", about=ticket, data=data, at=event.at)


def tell_unmoved(crossed: Sequence[Event]) -> None:
    """Tell who has a ticket that it is over twice its time."""
    tickets = Ticket.objects.in_bulk([event.subject_id for event in crossed])
    for event in crossed:
        if (ticket := tickets.get(event.subject_id)) and ticket.level == Level.CRIT:
            notify(UNMOVED, [ticket.member_id], key=f"event:{event.pk}", about=ticket, at=event.at)
