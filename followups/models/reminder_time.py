"""When a reminder is sent: before quiet hours it would fall into, never after the follow-up is due."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.kernel.business_hours import BusinessHours, build_hours

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY_MINUTES = 24 * 60
# A long weekend and holidays later, an allowed minute is too far away to remind of anything.
_LOOKED_BACK = timedelta(days=8)
# Minutes after midnight within which members are reminded by email and push, and by messages to their telephone.
_AWAKE = (7 * 60, 21 * 60)
_MESSAGES = (8 * 60, 20 * 60)


@lru_cache(maxsize=512)
def waking_hours(zone: ZoneInfo, *, is_message: bool) -> BusinessHours:
    """Return the hours of every day in which a member may be reminded; fewer for messages to a telephone."""
    span = _MESSAGES if is_message else _AWAKE
    return build_hours(zone, [[span]] * 7)


def wanted_time(due_at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant so many minutes before, in UTC. Whole days keep the clock on the wall, whatever it does."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    day = due_at.astimezone(zone) - timedelta(days=days)
    return day.astimezone(UTC) - timedelta(minutes=rest)


def reminder_time(wanted: datetime, now: datetime, hours: BusinessHours | None) -> datetime | None:
    """Return when to send a reminder that is wanted at an instant; None if that has passed.

    In quiet hours it is the last allowed minute before. If that has passed, the wanted time holds: whoever plans
    something at that hour is awake then. `hours`: the allowed ones; None for any hour. Rule: docs/rules.md#k3.
    """
    if wanted <= now:
        return None
    earlier = None
    if hours:
        earlier = last_open(hours, wanted)
    if earlier and earlier > now:
        return earlier
    return wanted


def last_open(hours: BusinessHours, at: datetime) -> datetime | None:
    """Return the instant itself if open, else the last open minute before it; None if there is none for days."""
    if hours.between(at, at + _SECOND):
        return at
    intervals = list(hours.intervals(at - _LOOKED_BACK, at))
    if intervals:
        return intervals[-1].end - _MINUTE
    return None
