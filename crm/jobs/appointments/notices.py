"""Notices to members about appointments: bookings, moves, cancellations and requests from customers."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.offer import WHY
from crm.platform.models import Event
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all

CHANGED = "appointment.changed"
ASKED = "appointment.asked"
RELEASED = "appointment.released"


# What a notice keeps of its event.
_TOLD = ("agreed", "why", "new")


def _changed_words(data: dict[str, Any]) -> str:
    by = {"name": data["by"]}
    if data.get("what") == "appointment.cancelled":
        if data["by"]:
            return _("%(name)s cancelled it") % by
        return _("The customer cancelled it")
    if data.get("what") == "appointment.rescheduled":
        if data.get("agreed"):
            return _("The customer accepted the new time")
        if data["by"]:
            return _("%(name)s moved it") % by
        return _("The customer chose another time")
    if data.get("what") == "appointment.booked" and data.get("agreed"):
        return _("The customer accepted the time")
    if data.get("what") == "appointment.confirmed":
        return _("The customer confirmed it")
    if data["by"]:
        return _("%(name)s booked it for you") % by
    return _("It was booked for you")


def _released_words(data: dict[str, Any]) -> str:
    values = {"why": str(WHY[data["why"]])}
    if data.get("new"):
        return _("The held time was released and the appointment cancelled: %(why)s") % values
    return _("The other time was released, the appointment stays as it was: %(why)s") % values


KINDS = [
    NoticeKind(
        name=CHANGED,
        permission="appointments.view",
        icon="calendar",
        label=gettext_lazy("An appointment of mine is booked, moved, cancelled, or confirmed by the customer"),
        words=_changed_words,
    ),
    NoticeKind(
        name=ASKED,
        permission="appointments.view",
        icon="calendar-clock",
        label=gettext_lazy("A customer asks for another time"),
        words=gettext_lazy("The customer asks for another time"),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=RELEASED,
        permission="appointments.view",
        icon="calendar-clock",
        label=gettext_lazy("A time I held for a customer is released"),
        words=_released_words,
        default=NoticeWay.MAIL,
        gathers=False,
    ),
]


def tell_changed(changed: Sequence[Event]) -> None:
    """Notify the attendees, except the actor. A confirmation recorded by a colleague is not notified."""
    _notify_members(CHANGED, [event for event in changed if _is_news(event)])


def _is_news(event: Event) -> bool:
    """Return False for a confirmation by a colleague, or one that the notice of a booking or move already covers."""
    return event.kind != "appointment.confirmed" or (event.actor_id is None and not event.data.get("agreed"))


def tell_asked(asked: Sequence[Event]) -> None:
    """Notify the attendees and the lead's owner that the customer asks for another time."""
    _notify_members(ASKED, asked, with_owner=True)


def tell_released(released: Sequence[Event]) -> None:
    """Notify who asked and the would-be attendees that a held time was released, and why; not for own releases."""
    _notify_members(RELEASED, released)


def _notify_members(kind: str, happened: Sequence[Event], *, with_owner: bool = False) -> None:
    rows = Appointment.objects.select_related("job", "type").prefetch_related("attendances")
    appointments = rows.in_bulk([event.subject_id for event in happened])
    drafts = []
    for event in happened:
        row = appointments.get(event.subject_id)
        if row is not None:
            to = [*row.member_ids, *([row.job.member_id] if with_owner else [])]
            to += [event.data["asked_by"]] if event.data.get("asked_by") else []
            data = {"what": event.kind} | {name: event.data[name] for name in _TOLD if name in event.data}
            drafts.append(NoticeDraft(to, f"event:{event.pk}", row, by=event.actor_id, data=data, at=event.at))
    notify_all(kind, drafts)
