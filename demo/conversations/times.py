"""When each turn of a demo conversation was said: ours in the brand's hours, customers' mostly by their day.

Reckoned backwards from now. What waits on us waits as long in working hours on whatever day the demo is created, so
that always some are late, and most are not.
"""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from crm.kernel.business_hours import BusinessHours
from demo.conversations.script import AUTO, AWAY, NOTE, US, Script, Turn
from demo.stories.step_times import begin

# Of an hour so much is worked, on average: lines that are open all night are not the later for it.
_WORKED = 0.24
# Customers write between these hours of the day; one of so many does not sleep.
_WAKES, _SLEEPS, _AWAKE = 7, 22, 20
# At most so long before what comes next, in seconds, where a turn had to be moved.
_MOVED = 5400


def times(
    script: Script, ago: float, now: datetime, hours: BusinessHours | None, zone: ZoneInfo, random: Random
) -> list[datetime]:
    """Return the instant of each turn, in order; the last one about `ago` hours before now."""
    turns, later = script.turns, _last(script, ago, now, hours)
    found = [later]
    for at in range(len(turns) - 1, -1, -1):
        found[0] = said = _moved(turns[at], found[0], hours, zone, random)
        if at:
            found.insert(0, said - timedelta(hours=turns[at].after))
    for at, turn in enumerate(turns):
        # What answers by itself does so at once.
        if at and turn.who in (AUTO, AWAY):
            found[at] = found[at - 1] + timedelta(hours=turn.after)
    return found


def _last(script: Script, ago: float, now: datetime, hours: BusinessHours | None) -> datetime:
    """Return when the last turn was said, about."""
    if hours is None or script.status not in ("new", "open"):
        return now - timedelta(hours=ago)
    return begin(hours, now, max(60, round(ago * 3600 * _WORKED)))


def _moved(turn: Turn, at: datetime, hours: BusinessHours | None, zone: ZoneInfo, random: Random) -> datetime:
    """Return the instant itself, or an earlier one at which whoever says the turn is awake, or at work."""
    if turn.who in (AUTO, AWAY):
        return at
    if turn.who in (US, NOTE) or turn.seconds:
        is_open = hours is None or hours.between(at, at + timedelta(seconds=1))
        return at if is_open else begin(hours, at, random.randrange(60, _MOVED))
    local = at.astimezone(zone)
    if _WAKES <= local.hour < _SLEEPS or not random.randrange(_AWAKE):
        return at
    evening = local.replace(hour=random.randrange(18, _SLEEPS), minute=random.randrange(60))
    return evening - timedelta(days=local.hour < _WAKES)
