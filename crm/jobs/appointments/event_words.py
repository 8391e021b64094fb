"""Describe the events of appointments: "booked an inspection on Tue, May 12, 2:30 PM"."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments import AppointmentOutcome
from crm.jobs.models.appointments.local_time import moment
from crm.jobs.models.appointments.offer import WHY
from crm.web.timeline.event_words import EventWords, Words


def _event_values(data: dict[str, Any]) -> dict[str, str]:
    kind = appointment_types().get(data.get("type", 0))
    values = {"what": kind.name if kind else _("appointment"), "reason": data.get("reason", "")}
    for name in ("from", "to"):
        if at := data.get(name):
            values[name] = moment(datetime.fromisoformat(at), data["zone"])
    return values


def _words_about(words: Any, by_customer: Any = "") -> Words:
    """Return a function that describes an appointment's event, worded differently if the customer caused it."""
    return lambda data: str(by_customer if by_customer and data.get("way") else words) % _event_values(data)


def _offered_words(data: dict[str, Any]) -> str:
    if data.get("from"):
        return _("asked the customer: %(what)s, %(to)s instead of %(from)s") % _event_values(data)
    return _("asked the customer: %(what)s, %(to)s") % _event_values(data)


def _booked_words(data: dict[str, Any]) -> str:
    if data.get("way"):
        return _("The customer accepted the time: %(what)s, %(to)s") % _event_values(data)
    return _("booked: %(what)s, %(to)s") % _event_values(data)


def _rescheduled_words(data: dict[str, Any]) -> str:
    words = _("moved: %(what)s, from %(from)s to %(to)s")
    if data.get("way") and data.get("agreed"):
        words = _("The customer agreed: %(what)s, %(to)s instead of %(from)s")
    elif data.get("way"):
        words = _("The customer chose another time: %(what)s, %(to)s instead of %(from)s")
    return words % _event_values(data)


def _released_words(data: dict[str, Any]) -> str:
    return _("released the held time: %(what)s, %(to)s") % _event_values(data) + f" · {WHY[data['why']]}"


def _cancelled_words(data: dict[str, Any]) -> str:
    if data.get("way"):
        words = _("The customer cancelled: %(what)s")
    else:
        words = _("cancelled: %(what)s")
    words = f"{words} %(from)s"
    return (f"{words} · %(reason)s" if data.get("reason") else words) % _event_values(data)


def _completed_words(data: dict[str, Any]) -> str:
    words = _("completed: %(what)s") % _event_values(data)
    return f"{words} · {AppointmentOutcome(data['outcome']).label}"


EVENT_WORDS = [
    EventWords("appointment.booked", "calendar", _booked_words, mark="in"),
    EventWords("appointment.offered", "calendar-clock", _offered_words),
    EventWords("appointment.released", "calendar-clock", _released_words, mark="in"),
    EventWords(
        "appointment.confirmed",
        "circle-check",
        _words_about(gettext_lazy("confirmed: %(what)s"), gettext_lazy("The customer confirmed: %(what)s")),
        mark="in",
    ),
    EventWords("appointment.unconfirmed", "undo-2", _words_about(gettext_lazy("undid the confirmation: %(what)s"))),
    EventWords("appointment.rescheduled", "calendar-clock", _rescheduled_words, mark="in"),
    EventWords(
        "appointment.asked",
        "calendar-clock",
        _words_about(gettext_lazy("The customer asks for another time: %(what)s")),
        mark="in",
    ),
    EventWords("appointment.cancelled", "circle-x", _cancelled_words, mark="in"),
    EventWords("appointment.completed", "circle-check", _completed_words),
    EventWords("appointment.missed", "circle-x", _words_about(gettext_lazy("no one was there: %(what)s"))),
    EventWords("appointment.reopened", "undo-2", _words_about(gettext_lazy("reopened: %(what)s"))),
    EventWords("appointment_type.added", "plus", gettext_lazy("added a type of appointment")),
    EventWords("appointment_type.edited", "pencil", gettext_lazy("edited a type of appointment")),
    EventWords("appointment_type.archived", "archive", gettext_lazy("archived a type of appointment")),
    EventWords("appointment_type.restored", "undo-2", gettext_lazy("restored a type of appointment")),
]
