"""Book an appointment: choose a type, then a suggested free time, or enter a day and time."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.appointments.appointment_form_values import chosen_slot, job_in, members_in, minutes_in
from crm.jobs.appointments.appointment_panel import duration, lengths, slot_buttons
from crm.jobs.appointments.asking import can_be_asked
from crm.jobs.appointments.availability import eligible, next_free
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.models.appointments.local_time import instant, moment, zone_of
from crm.jobs.models.appointments.obstacles import WORK, InTheWay
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.kernel.zone_names import zone_name
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

# Leads that are offered by name as somebody types.
OFFERED = 60
# What an address says besides the lead and the type, and the form that asks for these takes along.
CARRIED = ("next", "at", "member")
# Appointments, the latest first, that tell which type is usual.
LATEST = 100


@require(WORK)
def book(request: TenantRequest) -> HttpResponse:
    """Show the booking form with free times; a POST books the appointment."""
    if request.method != "POST":
        return _booking_page(request)
    try:
        row = _book_from_form(request)
    except InTheWay as why:
        return _booking_page(request, str(why), may_insist=why.may_insist)
    except Refused as why:
        return _booking_page(request, str(why))
    change = undo.record_created("appointment.booked", [row], by=request.member, at=clock.now())
    values = {"what": row.type.name, "moment": moment(row.starts_at, row.time_zone)}
    sentence = _("Booked: %(what)s, %(moment)s.") % values
    if row.held_until:
        values["until"] = moment(row.held_until, row.time_zone)
        sentence = _("The customer is asked about %(moment)s; it is held until %(until)s.") % values
    messages.success(request, sentence, extra_tags=reverse("undo", args=[request.tenant.slug, change.uid]))
    return redirect(safe_next(request) or record_url(row, request.tenant.slug))


def _book_from_form(request: TenantRequest) -> Appointment:
    post = request.POST
    job = job_in(post.get("job", ""), request.member)
    type_ = _find_type(post.get("type", ""))
    if type_ is None:
        raise Refused(_("Choose a type."))
    slot = chosen_slot(post.get("slot", ""))
    zone = ZoneInfo(zone_of(job, job.site))
    if slot:
        at = slot[0]
    else:
        at = instant(post.get("day", ""), post.get("time", ""), zone)
    if slot:
        members = [slot[1]]
    else:
        members = members_in(post)
    note = post.get("note", "")[:4000]
    if slot:
        minutes = 0
    else:
        minutes = minutes_in(post)
    return Appointment.book(
        job,
        type_,
        at,
        members,
        by=request.member,
        minutes=minutes,
        note=note,
        anyway="anyway" in post,
        ask_first="ask" in post,
    )


def _booking_page(request: TenantRequest, told: str = "", *, may_insist: bool = False) -> HttpResponse:
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    reader = Reader.of(request.member, clock.now())
    types = sorted(offered_types(), key=lambda one: (one.way != AppointmentType.MeetingWay.VISIT, one.name.casefold()))
    type_ = _find_type(posted.get("type", "")) or _usual_type(types)
    job, why = _find_job(posted.get("job", ""), request.member)
    told = told or why
    if job:
        zone = ZoneInfo(zone_of(job, job.site))
    else:
        zone = reader.zone
    chosen = posted.getlist("member") or [str(request.member.uid)]
    context = {
        "given": posted,
        "told": told,
        "trouble": bool(told),
        "may_insist": may_insist,
        "types": types,
        "carried": [(name, posted[name]) for name in CARRIED if posted.get(name)],
        "type": type_,
        "hold_words": duration(type_.hold_minutes) if type_ else "",
        "can_ask": job is not None and can_be_asked(job),
        "asks": "ask" in posted,
        "job": job,
        "job_text": f"{job.number} {job.title}" if job else posted.get("job", ""),
        "jobs": [] if job else Job.objects.visible_to(request.member).open().order_by("-came_in_at", "-pk")[:OFFERED],
        "back": safe_next(request) or reverse("calendar:calendar", args=[request.tenant.slug]),
        **_times_context(posted, type_, zone, chosen, reader),
    }
    return render(request, "jobs/appointments/book.html", context, status=422 if told else 200)


def _usual_type(types: list[AppointmentType]) -> AppointmentType | None:
    """Return the most frequent type of the latest appointments; the first one on a tie."""
    latest = Appointment.objects.order_by("-starts_at", "-pk").values_list("type", flat=True)[:LATEST]
    booked = Counter(latest)
    return max(types, key=lambda type_: booked[type_.pk], default=None)


def _times_context(
    given: Any, type_: AppointmentType | None, zone: ZoneInfo, chosen: list[str], reader: Reader
) -> dict[str, Any]:
    """Return the free times and the fields for entering a time, in the given zone."""
    able = []
    if type_:
        able = eligible(type_)
    wanted = [one for one in able if str(one.uid) in given.getlist("member")] or able
    free = []
    if type_:
        free = next_free(type_, wanted, zone, count=6)
    begins = _asked_instant(given.get("at", ""))
    local = None
    if begins:
        local = begins.astimezone(zone)
    if free:
        first = free[0].starts_at.astimezone(zone)
    else:
        first = reader.now.astimezone(zone)
    length = read_number(given.get("minutes"), most=999)
    return {
        "free": slot_buttons(free, str(zone)),
        "people": [(one, str(one.uid) in chosen) for one in _members_to_choose(able)],
        "day": given.get("day") or (local or first).date().isoformat(),
        "time": given.get("time") or (local or first).strftime("%H:%M"),
        "lengths": lengths(length or (type_.minutes if type_ else 60)),
        "there": zone_name(zone) if zone != reader.zone else "",
    }


def _members_to_choose(able: list[Member]) -> list[Member]:
    active = [one for one in directory().members.values() if one.active]
    return list(dict.fromkeys([*able, *active]))


def _asked_instant(text: str) -> Any:
    slot = chosen_slot(f"{text} {next(iter(directory().members.values())).uid}")
    if slot:
        return slot[0]
    return None


def _find_type(text: str) -> AppointmentType | None:
    return next((one for one in offered_types() if str(one.pk) == text), None)


def _find_job(text: str, member: Member) -> tuple[Job | None, str]:
    """Return the lead that the typed text identifies, or the reason why there is none."""
    try:
        if text:
            return (job_in(text, member), "")
        return (None, "")
    except Refused as why:
        return None, str(why)
