"""The instant an update is due: the close of business on a day so many days on. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.kernel.business_hours import Hours

# Without a calendar a day of work ends then, by the clock on the wall.
CLOSES = time(17)


def due_day(since: datetime, days: int, hours: Hours | None, zone: ZoneInfo) -> datetime:
    """Return when business closes on the day so many days later; where that is closed, on the next one that opens."""
    wanted = since + timedelta(days=days)
    if hours is None:
        return datetime.combine(wanted.astimezone(zone).date(), CLOSES, zone).astimezone(UTC)
    opens = hours.opening(wanted)
    midnight = datetime.combine(opens.astimezone(hours.zone).date() + timedelta(days=1), time(), hours.zone)
    last = None
    for span in hours.intervals(opens, midnight):
        last = span.end
    return (last or opens).astimezone(UTC)
