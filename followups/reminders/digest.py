"""The daily digest: due work of each tenant that mails it to every member once on each of their local days.

The row of the day, and what waits in the outbox, are written in one transaction: a killed worker leaves neither.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.notices.member_hours import hours_of
from followups.models import DigestMail, ReminderPreference
from followups.models.reminder_plan import member_zone, reminder_setup
from followups.reminders.digest_content import mail_digest

DIGEST = "followup.digest"
# A morning mail that comes later than this after its time is no morning mail.
LATEST = timedelta(hours=4)
# The next look is never later than this: members come, and move to other time zones.
LOOK = timedelta(hours=1)
# Mails made in one transaction.
AT_ONCE = 20


class DigestTime(NamedTuple):
    """When a member's digest of a local day is due."""

    member: Member
    day: date
    at: datetime


def begin() -> None:
    """Schedule the first look for a new tenant."""
    due.schedule(DIGEST, 0, clock.now())


def mail_digests(_subjects: Sequence[int]) -> None:
    """Mail the digests that are due now, and schedule the next look (due work). Idempotent."""
    now = clock.now()
    times = [DigestTime(member, *next_digest(preference, now)) for member, preference in _list_recipients()]
    mailed = set(DigestMail.objects.filter(day__gte=now.date() - timedelta(days=2)).values_list("member_id", "day"))
    waiting = [one for one in times if one.at <= now and (one.member.pk, one.day) not in mailed]
    for one in waiting[:AT_ONCE]:
        _mail_day(one)
    if len(waiting) > AT_ONCE:
        due.schedule(DIGEST, 0, now)
    else:
        due.schedule(DIGEST, 0, min([now + LOOK, *(one.at for one in times if one.at > now)]))


def _mail_day(one: DigestTime) -> None:
    count = 0
    if not reminder_setup().preference(one.member.pk).working_days_only or is_working_day(one.member.pk, one.day):
        count = mail_digest(one.member)
    DigestMail.objects.create(member=one.member, day=one.day, count=count)


def _list_recipients() -> list[tuple[Member, ReminderPreference]]:
    setup = reminder_setup()
    members = [row for row in directory().members.values() if row.active and allows(row, "followups.view")]
    return [(row, setup.preference(row.pk)) for row in members if setup.preference(row.pk).wants_digest]


def next_digest(preference: ReminderPreference, now: datetime) -> tuple[date, datetime]:
    """Return the local day and instant of the digest that is due now, else of the next one."""
    zone = member_zone(preference.member_id)
    today = now.astimezone(zone).date()
    at = digest_instant(preference, today, zone)
    if now < at + LATEST:
        return today, at
    tomorrow = today + timedelta(days=1)
    return tomorrow, digest_instant(preference, tomorrow, zone)


def digest_instant(preference: ReminderPreference, day: date, zone: ZoneInfo) -> datetime:
    """Return the instant of a day's digest: an hour later where the clocks skip it, the first of a repeated time."""
    return datetime.combine(day, preference.digest_time, zone).astimezone(UTC)


def is_working_day(member_id: int, day: date) -> bool:
    """True if a member works on a local day: their hours have it, it is no holiday, and they are not absent."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=member_zone(member_id))
    if assignment_setup().absence_of(member_id, noon):
        return False
    hours = hours_of(member_id)
    if hours is None:
        return day.weekday() < 5
    return bool(hours.week[day.weekday()]) and hours.closed(day) is None
