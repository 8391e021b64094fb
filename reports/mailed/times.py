"""How often a mailed report leaves, when next, and which period it is about. No database, no present time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.home.periods import Period, month_before, week_before


class Rhythm(models.TextChoices):
    WEEKLY = "week", _("every week")
    MONTHLY = "month", _("every month")


def next_time(rhythm: str, day: int, hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first instant after another at which a report of this rhythm leaves.

    `day`: of a weekly one the weekday, Monday 1; of a monthly one the day of the month, 28 at most. `hour`: by the
    clock on the wall; one that a change of the clocks skips is the hour after it.
    """
    here = after.astimezone(zone).date()
    days = 8 if rhythm == Rhythm.WEEKLY else 62
    for ahead in range(days + 1):
        one = here + timedelta(days=ahead)
        if (one.isoweekday() if rhythm == Rhythm.WEEKLY else one.day) != day:
            continue
        at = datetime.combine(one, time(hour), zone).astimezone(UTC)
        if at > after:
            return at
    raise ValueError("no day of a week or month has this number")


def period_of(rhythm: str, day: date) -> Period:
    """Return what a report of a day is about: the week or month before."""
    return week_before(day) if rhythm == Rhythm.WEEKLY else month_before(day)
