"""Create the demo's appointments: of the last days and today, held or not; and of the days to come, one of them off.

What comes is booked by the verbs, so that customers are invited and reminded; what was is written as rows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import override

from crm.integrations.models import MeetingPreference, MeetingProvider
from crm.jobs.appointments.availability import next_free
from crm.jobs.appointments.setup import begin, offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentOutcome, AppointmentState, AppointmentType, Attendance
from crm.jobs.models.appointments.local_time import zone_of
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from demo.service import how_far

COMING, PAST, APART = 18, 8, timedelta(hours=13)
ASKED, CANCELLED, OFFERED = 5, 7, 9
# Those that are held by video.
BY_VIDEO = (1, 8, 13)
# When somebody has a visit today, by the hour and minute there.
TODAY = ((9, 0), (14, 30), (10, 30), (15, 30), (11, 0))
_WISHES = {
    "en": "Could we do it on Friday instead? I work until six.",
    "nl": "Kan het ook vrijdag? Ik werk tot zes uur.",
}
_REASONS = {"en": "Rain all day", "nl": "De monteur is ziek"}


def create_appointments(now: datetime) -> None:
    """Create them inside the tenant, after its jobs and absences."""
    with override(directory().tenant.language):
        begin()
    _choose_video_rooms()
    rows = Job.objects.open().filter(person__isnull=False, member__active=True).select_related("site", "member")
    jobs = list(rows.order_by("number"))
    step = max(1, len(jobs) // (COMING + PAST))
    chosen = jobs[::step][: COMING + PAST]
    _write_today([job for job in jobs if job not in chosen], now)
    with clock.at(now):
        for number, job in enumerate(chosen[:COMING]):
            _come(number, job, now + APART * number)
    _write_past(chosen[COMING:], now)


def _choose_video_rooms() -> None:
    """Give each member a video room of their own, whose link is in invitations."""
    for member in directory().members.values():
        room = member.name.lower().split()[0]
        MeetingPreference.choose(member, MeetingProvider.LINK, f"https://meet.example.com/{quote(room)}")


def _type_of(job: Job) -> AppointmentType:
    """Return what is next for a job: an inspection, once it is sold the work itself, and then the walkthrough."""
    _video, walkthrough, inspection, installation = sorted(offered_types(), key=lambda one: one.minutes)
    if not job.is_sold:
        return inspection
    return walkthrough if how_far(job) > 0 else installation


def _come(number: int, job: Job, after: datetime) -> None:
    type_, zone = _type_of(job), ZoneInfo(zone_of(job, job.site))
    if number in BY_VIDEO:
        type_ = next(one for one in offered_types() if one.way == AppointmentType.MeetingWay.VIDEO)
    member: Member | None = job.member
    if member is None:
        return
    free = next_free(type_, [member], zone, count=1, after=after)
    if not free:
        return
    row = Appointment.book(job, type_, free[0].starts_at, [member], by=member)
    language = directory().tenant.language
    if number == CANCELLED:
        row.cancel(_REASONS.get(language, _REASONS["en"]), by=member)
    elif number == OFFERED:
        _offer(row, member, zone)
    elif number == ASKED:
        row.ask_for_another_time(_WISHES.get(language, _WISHES["en"]), way="reply")
    elif number % 3 == 0:
        row.confirm(by=None, way="link")


def _offer(row: Appointment, member: Member, zone: ZoneInfo) -> None:
    """Ask the customer whether another time suits them; it is held for them."""
    after = row.starts_at + APART
    free = next_free(row.type, [member], zone, count=1, after=after, besides=row.pk)
    if free:
        row.offer(free[0].starts_at, members=[member], by=member)


def _write_today(jobs: Sequence[Job], now: datetime) -> None:
    """Write a visit of today for each member, on a day of work: those of this morning are held by the afternoon."""
    first: dict[int | None, Job] = {}
    for job in jobs:
        first.setdefault(job.member_id, job)
    for number, job in enumerate(first.values()):
        type_, zone = _type_of(job), ZoneInfo(zone_of(job, job.site))
        hour, minute = TODAY[number % len(TODAY)]
        day = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
        hours = directory().calendars[directory().calendar_of(job.brand_id) or 0]
        if hours.between(day, day + timedelta(seconds=1)):
            starts_at = day.astimezone(UTC)
            is_over = starts_at + timedelta(minutes=type_.minutes) < now
            _write(job, type_, starts_at, AppointmentState.DONE if is_over else AppointmentState.CONFIRMED)


def _write_past(jobs: Sequence[Job], now: datetime) -> None:
    # Monday to Friday, each before the last.
    days = [day for back in range(1, 2 * PAST + 4) if (day := now - timedelta(days=back)).weekday() < 5]
    for number, (job, at) in enumerate(zip(jobs, days, strict=False), 1):
        day = at.astimezone(ZoneInfo(zone_of(job, job.site)))
        starts_at = day.replace(hour=9, minute=30, second=0, microsecond=0).astimezone(UTC)
        _write(job, _type_of(job), starts_at, AppointmentState.NO_SHOW if number % 4 == 0 else AppointmentState.DONE)


def _write(job: Job, type_: AppointmentType, starts_at: datetime, state: str) -> None:
    """Write an appointment as a row: nobody is invited, and nobody reminded."""
    row = Appointment.objects.create(
        job=job,
        type=type_,
        person_id=job.person_id,
        site_id=job.site_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=type_.minutes),
        travel_minutes=type_.travel_minutes,
        time_zone=zone_of(job, job.site),
        state=state,
        outcome=AppointmentOutcome.SUCCESSFUL if state == AppointmentState.DONE else "",
        confirmed_at=None if state == AppointmentState.NO_SHOW else starts_at - timedelta(days=1),
        changed_at=starts_at
        + timedelta(minutes=type_.minutes if state in (AppointmentState.DONE, AppointmentState.NO_SHOW) else -1440),
        created_at=starts_at - timedelta(days=6),
        created_by=job.member,
    )
    until = row.ends_at + timedelta(minutes=row.travel_minutes)
    Attendance.objects.create(appointment=row, member=job.member, busy_from=starts_at, busy_until=until)
