"""The fields of a follow-up's details in forms: how long it takes, how it meets by video, its reminders."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.integrations.models import CalendarConnection, CalendarProvider
from crm.integrations.models.meeting import has_zoom
from crm.jobs.appointments.appointment_panel import duration
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from followups.customer_reminders.models import customer_reminder_settings
from followups.details.customer_act import read_act
from followups.models.details import MeetingChoice
from followups.models.kind_setup import kinds
from followups.models.reminder import MOST, ReminderTime, clean_customer_times, clean_times
from followups.models.reminder_plan import read_times, reminder_setup
from followups.models.tenant_kind import LONGEST_MINUTES
from followups.reminders.fields import (
    BLANK,
    CUSTOMER,
    MEMBER,
    ReminderField,
    field_choices,
    list_fields,
    posted_fields,
    read_fields,
)

LENGTHS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


def read_details(post: QueryDict, *, kind: str) -> dict[str, Any]:
    """Return the columns of FollowUpDetails that a form gives. Raises Refused with a sentence."""
    meeting = post.get("meeting", "")
    if meeting and meeting not in MeetingChoice.values:
        raise Refused(_("Choose how you meet."))
    return {
        "own_minutes": _read_minutes(post.get("minutes", "")),
        "meeting": meeting,
        "own_reminders": _read_reminders(post),
        "customer_reminders": read_customer_times(post, kind=kind),
        "completes_on": read_act(post),
    }


def read_customer_times(post: QueryDict, *, kind: str) -> list[list[Any]]:
    """Return the reminders to the customer. Raises Refused for a type without a text to customers."""
    times = clean_customer_times(read_fields(post, to=CUSTOMER))
    if times and kind not in customer_reminder_settings():
        sentence = _("Customers are not reminded of “%(type)s”. An admin can choose a text for it.")
        raise Refused(sentence % {"type": kinds().of(kind).label})
    return times


def recipient_choices(rows: Iterable[ReminderField], kind: str, *, has_customer: bool) -> list[tuple[str, str]]:
    """Return the choices of a reminder's recipient; empty if only the member can be reminded."""
    if has_customer and (kind in customer_reminder_settings() or any(row.to == CUSTOMER for row in rows)):
        return [(MEMBER, _("whoever does it")), (CUSTOMER, _("the customer"))]
    return []


def _read_minutes(text: str) -> int | None:
    if not text:
        return None
    minutes = read_number(text, most=LONGEST_MINUTES)
    if not minutes:
        raise Refused(_("It takes between one minute and a day."))
    return minutes


def _read_reminders(post: QueryDict) -> list[list[Any]] | None:
    """Return the reminders of the form; None where they are as proposed, or the form has no fields for them."""
    if "proposed" not in post:
        return None
    times = clean_times(read_fields(post))
    if _key(times) == post["proposed"]:
        return None
    return times


def _key(times: Any) -> str:
    """Return reminders in one line, to compare what was proposed with what was chosen."""
    return ",".join(f"{minutes}:{channel}" for minutes, channel in times)


def proposed_times(member_id: int | None, kind: str) -> tuple[ReminderTime, ...]:
    """Return the reminders that a member's follow-up of a type has by default."""
    return read_times(clean_times(reminder_setup().times(member_id, kind)))


def proposed_rows(member_id: int | None, kind: str, *, has_customer: bool) -> list[ReminderField]:
    """Return the rows of a new follow-up: the defaults, and what is proposed for the customer of this type."""
    rows = list_fields(proposed_times(member_id, kind), most=0)
    setting = customer_reminder_settings().get(kind)
    if setting and has_customer:
        rows += list_fields(read_times(setting.times), to=CUSTOMER, most=0)
    return rows


def stored_rows(details: Mapping[str, Any], member_id: int | None, kind: str) -> list[ReminderField]:
    """Return the rows of a follow-up or series as it is."""
    own = details["own_reminders"]
    times = proposed_times(member_id, kind) if own is None else read_times(own)
    rows = list_fields(times, most=0)
    return rows + list_fields(read_times(details["customer_reminders"]), to=CUSTOMER, most=0)


def detail_context(
    rows: list[ReminderField], *, member_id: int | None, kind: str, minutes: str, meeting: str, has_customer: bool
) -> dict[str, Any]:
    """Return what the templates of the fields need. `rows`: those of reminders, without the blank one."""
    recipients = recipient_choices(rows, kind, has_customer=has_customer)
    return {
        "lengths": length_choices(minutes),
        "meetings": meeting_choices(meeting),
        "fields": [*rows, BLANK],
        "most_reminders": 2 * MOST,
        "recipients": recipients,
        "proposed": _key(proposed_times(member_id, kind)),
        **field_choices(rows, with_whatsapp=bool(recipients)),
    }


def posted_rows(post: QueryDict) -> list[ReminderField]:
    """Return the rows of a form that was refused, as they were typed."""
    return [row for row in posted_fields(post) if str(row.number).strip()]


def changed_rows(post: QueryDict) -> list[ReminderField] | None:
    """Return the rows of a form whose type or member changes; None if they are as they were proposed."""
    try:
        if _key(clean_times(read_fields(post))) == post.get("proposed", ""):
            return None
    except Refused:
        pass
    return posted_rows(post)


def length_choices(minutes: str) -> list[tuple[str, str]]:
    """Return how long it may take, in minutes; blank: as long as its type."""
    chosen = read_number(minutes, most=LONGEST_MINUTES) if minutes else None
    lengths = sorted({*LENGTHS, *([chosen] if chosen else [])})
    return [("", _("as usual")), *((str(one), duration(one)) for one in lengths)]


def meeting_choices(chosen: str) -> list[tuple[str, str]]:
    """Return the ways to meet by video that are connected, and the chosen one."""
    offered = [
        ("", _("as usual for the type")),
        (MeetingChoice.NONE, _("no link")),
        (MeetingChoice.LINK, _("the own link")),
    ]
    google = CalendarConnection.objects.filter(provider=CalendarProvider.GOOGLE)
    if chosen == MeetingChoice.GOOGLE or google.exists():
        offered.append((MeetingChoice.GOOGLE, _("Google Meet, a new one each time")))
    if chosen == MeetingChoice.ZOOM or has_zoom():
        offered.append((MeetingChoice.ZOOM, _("Zoom, a new one each time")))
    return [(str(value), label) for value, label in offered]
