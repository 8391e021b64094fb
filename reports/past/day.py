"""The close of a past day: its last instant where the organization is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.kernel.days import EARLIEST_COUNTED, read_day


def close_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant a local day ends at: midnight of the next one, whatever the clocks did in between."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def past_day(text: str, today: date) -> date:
    """Read the day of an address: yesterday for none, for what is no day, and for one that is not over."""
    yesterday = today - timedelta(days=1)
    day = read_day(text, earliest=EARLIEST_COUNTED)
    return day if day and day <= yesterday else yesterday
