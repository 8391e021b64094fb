"""How often a mailed report leaves, when next, and which period it is about. No database, no present time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.days import Days
from reports.home.periods import month_before, quarter_before, quarter_of, week_before


class Rhythm(models.TextChoices):
    WEEKLY = "week", _("every week")
    MONTHLY = "month", _("every month")
    QUARTERLY = "quarter", _("every quarter")


# Days until any report of a rhythm has left once.
LONGEST = {str(Rhythm.WEEKLY): 8, str(Rhythm.MONTHLY): 62, str(Rhythm.QUARTERLY): 124}


def next_time(rhythm: str, day: int, hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first instant after another at which a report of this rhythm leaves.

    `day`: of a weekly one the weekday, Monday 1; of a monthly one the day of the month, 28 at most; of a quarterly one
    the day of the quarter's first month. `hour`: by the clock on the wall; one that a change of the clocks skips is the
    hour after it.
    """
    here = after.astimezone(zone).date()
    for ahead in range(LONGEST[rhythm] + 1):
        one = here + timedelta(days=ahead)
        if (one.isoweekday() if rhythm == Rhythm.WEEKLY else one.day) != day:
            continue
        if rhythm == Rhythm.QUARTERLY and one.month != quarter_of(one).first.month:
            continue
        at = datetime.combine(one, time(hour), zone).astimezone(UTC)
        if at > after:
            return at
    raise ValueError("no day of a week or month has this number")


def period_of(rhythm: str, day: date) -> Days:
    """Return what a report of a day is about: the week, month or quarter before."""
    if rhythm == Rhythm.QUARTERLY:
        return quarter_before(day)
    return week_before(day) if rhythm == Rhythm.WEEKLY else month_before(day)
