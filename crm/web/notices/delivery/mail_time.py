"""When to mail a notice: at once, batched, hourly or daily, and only within working hours if so set."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.kernel.business_hours import BusinessHours, HoursError
from crm.web.models import NoticeWay

# Of what comes within ten minutes one mail is made.
GATHER = timedelta(minutes=10)
# The hour of the mail that comes once a day, where the member is.
MORNING = time(8)


def mail_time(
    way: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    gathers: bool,
    last: datetime | None,
    hours: BusinessHours | None,
    is_urgent: bool = False,
) -> datetime | None:
    """Return when to mail a notice written at `now`; None for a way without mail.

    `last`: when the member was mailed notices last; `hours`: outside of which nothing is mailed, if any.
    """
    if is_urgent and way in (NoticeWay.MAIL, NoticeWay.AWAY, NoticeWay.TEXT):
        at = now
    elif way in (NoticeWay.MAIL, NoticeWay.AWAY, NoticeWay.TEXT):
        # Whoever is here has ten minutes to see it; whether they were is asked when it is mailed (mails.py).
        if gathers or way != NoticeWay.MAIL:
            at = now + GATHER
        else:
            at = now
        if last:
            at = max(at, last + GATHER)
    elif way == NoticeWay.HOURLY:
        at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    elif way == NoticeWay.DAILY:
        at = _next_morning(now.astimezone(zone))
    else:
        return None
    if hours:
        return _next_opening(at, hours)
    return at


def _next_morning(local_time: datetime) -> datetime:
    today = local_time.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    if today > local_time:
        return today
    return today + timedelta(days=1)


def _next_opening(at: datetime, hours: BusinessHours) -> datetime:
    """Return the instant if open, else the next opening; the instant itself if the calendar never opens."""
    try:
        return hours.opening(at)
    except HoursError:
        return at
