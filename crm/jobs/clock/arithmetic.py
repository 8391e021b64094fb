"""Clock arithmetic: from allowed and used time, the instants at which a job's level changes.
Plain functions of their arguments: no database, no present time, no language. How it works: docs/clocks.md."""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from math import ceil
from typing import NamedTuple

from crm.kernel.business_hours import BusinessHours

Ratios = tuple[float, float, float]

# Shares of the allowance from which a clock is due soon, over, and over twice; a tenant may set its own.
# See docs/rules.md#k15.
RATIOS: Ratios = (0.75, 1.0, 2.0)
# What crossing each instant of `Instants` is called; of a job it records `job.due_soon`, and so on.
CROSSINGS = ("due_soon", "overdue", "far_overdue")
# Sections of the bar's active step: the classes p0 to p20.
SHARE_STEPS = 20

_SECOND = timedelta(seconds=1)


class Level(IntEnum):
    """How urgent a job is, the most urgent first; lists are sorted by it."""

    NONE = 0  # no status: above them all
    CRIT = 1  # over twice
    LATE = 2  # over
    SOON = 3  # due soon
    OK = 4  # in time
    HOLD = 5  # paused
    ENDED = 6  # done, lost or dropped

    @property
    def css(self) -> str:
        """CSS class of the level. An ended job is shown as `won` or `lost`, by its state, not its clock."""
        return _CSS[self]


_CSS = {level: level.name.lower() for level in Level}


class Instants(NamedTuple):
    """When a running clock is due soon, over and over twice; in this order, possibly equal."""

    warn_at: datetime
    due_at: datetime
    far_at: datetime


def instants(
    start: datetime, allowed_seconds: int, hours: BusinessHours | None, used: int = 0, ratios: Ratios = RATIOS
) -> Instants:
    """Compute when a clock that runs from `start`, with `used` seconds before it, reaches each share of its allowance.

    `hours`: what the seconds are counted by; None counts day and night. A share that `used` has reached already
    gives `start` itself, so the level at `start` is right. ValueError for an allowance of nothing or shares
    out of order; HoursError when the calendar never gets there.
    """
    if allowed_seconds <= 0 or used < 0:
        raise ValueError("a clock allows some seconds and has used none or more")
    if not 0 < ratios[0] <= ratios[1] <= ratios[2]:
        raise ValueError("shares of the allowance are above zero and in order")
    # 0.07 * 100 is a hair over 7: a share is rounded up to a whole second, but not for that hair.
    warn, due, far = (max(0, ceil(round(allowed_seconds * ratio, 6)) - used) for ratio in ratios)
    return Instants(
        _instant_after(start, warn, hours), _instant_after(start, due, hours), _instant_after(start, far, hours)
    )


def used_seconds(start: datetime, now: datetime, hours: BusinessHours | None, used: int = 0) -> int:
    """Count the seconds of the allowance used at `now` by a clock that runs from `start`, with `used` before it.

    A pause keeps this number and a resumption passes it on as `used`: whole seconds add up without loss.
    """
    if hours is not None:
        return used + hours.between(start, now)
    return used + max(0, (now.replace(microsecond=0) - start.replace(microsecond=0)) // _SECOND)


def level(now: datetime, instants: Instants) -> Level:
    """Return the level of a running clock; an instant belongs to the level it starts."""
    if now >= instants.far_at:
        return Level.CRIT
    if now >= instants.due_at:
        return Level.LATE
    if now >= instants.warn_at:
        return Level.SOON
    return Level.OK


def next_crossing(now: datetime, instants: Instants) -> tuple[datetime, str] | None:
    """The first instant after `now`, and its name in CROSSINGS; of several at once, the mildest. None: none is left."""
    for at, name in zip(instants, CROSSINGS, strict=True):
        if at > now:
            return at, name
    return None


def share_step(used: int, allowed_seconds: int) -> int:
    """The used share of an allowance in twentieths, 0 to 20, rounded down: 20 only once it is over."""
    return min(SHARE_STEPS, max(0, used) * SHARE_STEPS // allowed_seconds)


def _instant_after(start: datetime, seconds: int, hours: BusinessHours | None) -> datetime:
    if seconds == 0:
        return start.astimezone(UTC)
    if hours:
        return hours.add(start, seconds)
    return _whole_seconds(start) + timedelta(seconds=seconds)


def _whole_seconds(instant: datetime) -> datetime:
    """Convert to UTC without the fraction: working hours count whole seconds, so calendar hours do too."""
    return instant.astimezone(UTC).replace(microsecond=0)
