"""Context of one selected appointment: its facts, other possible members, and free times nearby."""

from datetime import timedelta
from typing import Any

from crm.jobs.appointments.asking import can_be_asked
from crm.jobs.appointments.availability import FreeTime, eligible, next_free
from crm.jobs.appointments.feed.calendar_source import meeting_urls_of
from crm.jobs.models.appointments import Appointment, AppointmentOutcome
from crm.jobs.models.appointments.appointment_type import has_length
from crm.jobs.models.appointments.local_time import clock_time, moment
from crm.jobs.models.appointments.offer import LEAST_HOLD
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.kernel.zone_names import zone_name
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest

# Lengths that are offered, in minutes.
LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720)


def appointment_panel(request: TenantRequest, row: Appointment, reader: Reader) -> dict[str, Any]:
    """Return the context of the appointment's side panel in the calendar."""
    organization, local = directory(), row.starts_at.astimezone(row.zone)
    members = [organization.members[pk] for pk in row.member_ids if pk in organization.members]
    own = (row.starts_at, row.ends_at)
    free = next_free(
        row.type, _possible_members(row, members), row.zone, minutes=row.minutes, besides=row.pk, besides_time=own
    )
    sent = request.POST if request.method == "POST" else {}
    is_other_clock = clock_time(row.starts_at, row.time_zone) != reader.time(row.starts_at)
    chosen = request.POST.getlist("member") if request.method == "POST" else [str(one.uid) for one in members]
    can_ask = row.starts_at > clock.now() + LEAST_HOLD and can_be_asked(row.job)
    minutes = read_number(sent.get("minutes")) or 0
    return {
        "picked": row,
        "members_of": members,
        "when": f"{moment(row.starts_at, row.time_zone)} – {clock_time(row.ends_at, row.time_zone)}",
        "yours": reader.moment(row.starts_at) if is_other_clock else "",
        "there": zone_name(row.zone) if is_other_clock else "",
        "people": [(one, str(one.uid) in chosen) for one in people_for(row, members)],
        "day": sent.get("day") or local.date().isoformat(),
        "time": sent.get("time") or local.strftime("%H:%M"),
        "lengths": lengths(minutes if has_length(minutes) else row.minutes),
        "free": slot_buttons(free, row.time_zone),
        "outcomes": AppointmentOutcome.choices,
        "held": _held_time(row),
        "hold_words": duration(row.type.hold_minutes),
        "can_ask": can_ask,
        "asks": "ask" in request.POST if request.method == "POST" else can_ask,
        "has_begun": row.starts_at <= clock.now(),
        "meeting_url": meeting_urls_of([row]).get(row.pk, ""),
    }


def _held_time(row: Appointment) -> dict[str, str]:
    """Return the time on offer to the customer, when the hold ends and other attendees; {} if nothing is held."""
    if row.held_until is None:
        return {}
    all_members = directory().members
    ids = row.offered_ids
    return {
        "when": moment(row.asked_time, row.time_zone),
        "until": moment(row.held_until, row.time_zone),
        "who": ", ".join(all_members[pk].name for pk in ids if pk in all_members) if ids != row.member_ids else "",
    }


def people_for(row: Appointment, members: list[Member]) -> list[Member]:
    """Return the members to choose from: attendees first, then all with the skill, then everybody else."""
    able = eligible(row.type)
    return list(dict.fromkeys([*members, *able]))


def _possible_members(row: Appointment, members: list[Member]) -> list[Member]:
    """Return the members to offer free times for: the given eligible members first, then all other eligible members."""
    able = eligible(row.type)
    return list(dict.fromkeys([*(one for one in members if one in able), *able])) or members


def slot_buttons(free: list[FreeTime], zone: str) -> list[dict[str, Any]]:
    """Return free times as buttons: instant, label and member."""
    return [
        {
            "at": offer.starts_at.isoformat(),
            "words": moment(offer.starts_at, zone),
            "member": offer.member,
            "value": f"{offer.starts_at.isoformat()} {offer.member.uid}",
        }
        for offer in free
    ]


def lengths(minutes: int) -> list[tuple[int, str, bool]]:
    """Return the durations to choose from: minutes, label, whether it is selected."""
    return [(one, duration(one), one == minutes) for one in sorted({*LENGTHS, minutes})]


def duration(minutes: int) -> str:
    """Format a duration: "45 min", "2 h", "1:30"."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return str(timedelta(minutes=minutes))[:-3]
    if hours:
        return f"{hours} h"
    return f"{rest} min"
