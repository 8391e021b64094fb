"""The fields in which reminders are chosen: a number, its unit and a channel for each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from followups.models.reminder import MOST, ReminderChannel, ReminderTime
from followups.reminders.notices import time_before

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}


class ReminderField(NamedTuple):
    """One row of fields; all blank for one more."""

    number: int | str
    unit: str
    channel: str
    # What is said below it: when it is sent, or why it was not.
    note: str = ""


def list_fields(times: Sequence[ReminderTime], notes: Sequence[str] = ()) -> list[ReminderField]:
    """Return the fields of these reminders, and an empty row if there may be more."""
    notes = notes or [""] * len(times)
    rows = [ReminderField(*_split(one.minutes), one.channel, note) for one, note in zip(times, notes, strict=True)]
    if len(rows) < MOST:
        rows.append(ReminderField("", "minutes", ReminderChannel.APP))
    return rows


def _split(minutes: int) -> tuple[int, str]:
    """Return a number and the largest unit it is whole in."""
    unit = max((name for name, size in UNITS.items() if minutes % size == 0), key=lambda name: UNITS[name])
    return minutes // UNITS[unit], unit


def read_fields(post: QueryDict) -> list[tuple[int, str]]:
    """Return the reminders of a posted form; rows without a number are left out. Raises Refused for no number."""
    times = []
    rows = zip(post.getlist("number"), post.getlist("unit"), post.getlist("channel"), strict=False)
    for written, unit, channel in rows:
        if not written.strip():
            continue
        number = read_number(written, most=99_999)
        if number is None or unit not in UNITS:
            raise Refused(_("Write a whole number of minutes, hours or days."))
        times.append((number * UNITS[unit], channel))
    return times


def field_choices() -> dict[str, Any]:
    """Return the options of the fields."""
    return {
        "units": [("minutes", _("minutes before")), ("hours", _("hours before")), ("days", _("days before"))],
        "channels": ReminderChannel.choices,
    }


def describe_times(times: Sequence[ReminderTime]) -> str:
    """Format reminders in one line: "1 day before, by email; 15 minutes before, here"."""
    words = [
        _("%(time)s before, %(channel)s")
        % {"time": time_before(one.minutes), "channel": ReminderChannel(one.channel).label}
        for one in times
    ]
    return "; ".join(words) or _("no reminders")
