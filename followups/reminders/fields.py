"""Form fields of reminders: number, unit, channel and, in some forms, recipient."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.web.notices.delivery.texts import WHATSAPP, text_sender
from followups.models.reminder import MOST, ReminderChannel, ReminderTime
from followups.reminders.notices import time_before

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
# To whom: the member who does it, or the customer.
MEMBER = "member"
CUSTOMER = "customer"


class ReminderField(NamedTuple):
    """One row of fields; all blank for one more."""

    number: int | str
    unit: str
    channel: str
    # What is said below it: when it is sent, or why it was not.
    note: str = ""
    to: str = MEMBER


BLANK = ReminderField("", "minutes", ReminderChannel.APP)


def list_fields(
    times: Sequence[ReminderTime], notes: Sequence[str] = (), *, to: str = MEMBER, most: int = MOST
) -> list[ReminderField]:
    """Return the fields of these reminders, and an empty row if there may be more."""
    notes = notes or [""] * len(times)
    rows = [ReminderField(*_split(one.minutes), one.channel, note, to) for one, note in zip(times, notes, strict=True)]
    if len(rows) < most:
        rows.append(BLANK)
    return rows


def _split(minutes: int) -> tuple[int, str]:
    """Return a number and the largest unit it is whole in."""
    unit = max((name for name, size in UNITS.items() if minutes % size == 0), key=lambda name: UNITS[name])
    return minutes // UNITS[unit], unit


def read_fields(post: QueryDict, *, to: str = MEMBER) -> list[tuple[int, str]]:
    """Return the reminders of a posted form to the member or the customer. Rows without a number are left out.

    Raises Refused for no number.
    """
    times = []
    for row in posted_fields(post):
        if row.to != to or not str(row.number).strip():
            continue
        number = read_number(str(row.number), most=99_999)
        if number is None or row.unit not in UNITS:
            raise Refused(_("Write a whole number of minutes, hours or days."))
        times.append((number * UNITS[row.unit], row.channel))
    return times


def posted_fields(post: QueryDict) -> list[ReminderField]:
    """Return the rows of a posted form as typed. Without a field for the recipient, it is the member."""
    numbers = post.getlist("number")
    recipients = post.getlist("to") or [MEMBER] * len(numbers)
    rows = zip(numbers, post.getlist("unit"), post.getlist("channel"), recipients, strict=False)
    return [ReminderField(number, unit, channel, "", to) for number, unit, channel, to in rows]


def field_choices(rows: Iterable[ReminderField] = (), *, with_whatsapp: bool = False) -> dict[str, Any]:
    """Return the options of the fields. WhatsApp is one if members can be reached by it, or a row has it."""
    with_whatsapp = with_whatsapp or text_sender(WHATSAPP) is not None
    is_chosen = any(row.channel == ReminderChannel.WHATSAPP for row in rows)
    return {
        "units": [("minutes", _("minutes before")), ("hours", _("hours before")), ("days", _("days before"))],
        "channels": [
            (value, label)
            for value, label in ReminderChannel.choices
            if value != ReminderChannel.WHATSAPP or with_whatsapp or is_chosen
        ],
    }


def describe_times(times: Sequence[ReminderTime]) -> str:
    """Format reminders in one line: "1 day before, by email; 15 minutes before, here"."""
    words = [
        _("%(time)s before, %(channel)s")
        % {"time": time_before(one.minutes), "channel": ReminderChannel(one.channel).label}
        for one in times
    ]
    return "; ".join(words) or _("no reminders")
