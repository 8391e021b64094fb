"""Notices to members about messages: a customer wrote, a message failed, an item could not be read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comms.models import Direction, Medium, Message
from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify, notify_all

WRITTEN = "message.written"
FAILED = "message.failed"
PARKED = "inbound.parked"
# By the customers' own page: of a kind of its own, for who wants it to reach them otherwise than mail and texts do.
WRITTEN_ON_PAGE = "message.written_on_page"
SET_UP = "comms.set_up"


def _received_text(data: dict[str, Any]) -> str:
    if data.get("medium") == Medium.CALL:
        if data.get("taken"):
            return _("Your customer called")
        return _("Missed call from your customer")
    return _("Your customer wrote · %(medium)s") % {"medium": Medium(data["medium"]).label}


def _failure_text(data: dict[str, Any]) -> str:
    words = {
        "message.bounced": _("A message to your customer bounced · %(medium)s"),
        "message.unknown": _("A message to your customer may not have been sent · %(medium)s"),
        "message.dropped": _("A message to your customer was not sent, because of a rule · %(medium)s"),
    }
    sentence = words.get(data.get("event", ""), _("A message to your customer could not be sent · %(medium)s"))
    return sentence % {"medium": Medium(data["medium"]).label}


def _parked_text(data: dict[str, Any]) -> str:
    count = data.get("count", 1)
    words = ngettext(
        "A message that came in could not be read", "%(count)s messages that came in could not be read", count
    )
    return words % {"count": count}


KINDS = [
    NoticeKind(
        name=WRITTEN,
        permission="comms.view",
        icon="message-circle-more",
        label=gettext_lazy("My customer writes or calls"),
        words=_received_text,
    ),
    NoticeKind(
        name=WRITTEN_ON_PAGE,
        permission="comms.view",
        icon="house",
        label=gettext_lazy("My customer writes or answers in the portal"),
        words=gettext_lazy("Your customer wrote in the portal"),
    ),
    NoticeKind(
        name=FAILED,
        permission="comms.view",
        icon="triangle-alert",
        label=gettext_lazy("A message to my customer is not delivered"),
        words=_failure_text,
        default=NoticeWay.MAIL,
    ),
    NoticeKind(
        name=PARKED,
        permission=SET_UP,
        icon="mail",
        label=gettext_lazy("A message that came in can’t be read"),
        words=_parked_text,
        default=NoticeWay.MAIL,
        once_until_read=True,
        page="comms:unread",
    ),
]


def tell_written(received: Sequence[Event]) -> None:
    """Notify the members of a customer that they wrote or called, except for automatic messages."""
    messages = _messages_of(event for event in received if not event.data.get("automatic"))
    members = _members_of_people([message.person_id for message in messages.values() if not message.job_id])
    events_by_row: dict[tuple[str, type[Model]], list[NoticeDraft]] = {}
    for event in received:
        message = messages.get(event.subject_id)
        if message is None or message.direction != Direction.IN:
            continue
        to = [message.job.member_id] if message.job else members.get(message.person_id or 0, set())
        if (channel := message.channel) and channel.owner_id:
            # Of private mail nobody else learns anything, not even that somebody wrote.
            to = [channel.owner_id, *([] if message.sole_reader_id else to)]
        data = {"medium": message.medium, "taken": bool(event.data.get("taken"))}
        about = message.job or message
        one = NoticeDraft(to, f"message:{message.pk}", about=about, data=data, at=event.at)
        events_by_row.setdefault((written_kind(message), type(about)), []).append(one)
    for (kind, _model), each in events_by_row.items():
        notify_all(kind, each)


def written_kind(message: Message) -> str:
    """Return the notice kind for a customer's message."""
    if message.medium == Medium.PORTAL:
        return WRITTEN_ON_PAGE
    return WRITTEN


def tell_failed(failed: Sequence[Event]) -> None:
    """Notify the author and the customer's member that a message was not delivered."""
    messages = _messages_of(failed)
    for event in failed:
        message = messages.get(event.subject_id)
        # What the rules keep from being sent concerns whoever wrote it by hand.
        if message is None or (event.kind == "message.dropped" and message.author_id is None):
            continue
        to = [message.author_id, message.job.member_id if message.job else None]
        data = {"medium": message.medium, "event": event.kind}
        notify(FAILED, to, key=f"event:{event.pk}", about=message.job or message, data=data, at=event.at)


def tell_parked(parked: Sequence[Event]) -> None:
    """Notify administrators of an unreadable item, once until they have looked."""
    last = parked[-1]
    admins = [pk for pk, member in directory().members.items() if allows(member, SET_UP)]
    notify(PARKED, admins, key=f"event:{last.pk}", data={"count": len(parked)}, at=last.at)


def _messages_of(events: Iterable[Event]) -> dict[int, Message]:
    wanted = [event.subject_id for event in events]
    messages: dict[int, Message] = {}
    if wanted:
        messages = Message.objects.select_related("job", "channel").in_bulk(wanted)
    return messages


def _members_of_people(people: Iterable[int | None]) -> dict[int, set[int]]:
    """Return the members of these persons' open leads, by person."""
    members: dict[int, set[int]] = {}
    wanted = {pk for pk in people if pk}
    jobs = Job.objects.open().filter(person_id__in=wanted, member_id__isnull=False).order_by() if wanted else ()
    for job in jobs and jobs.values_list("person_id", "member_id"):
        members.setdefault(job[0], set()).add(job[1])
    return members
