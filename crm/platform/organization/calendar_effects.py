"""What an edit of a calendar does to due dates: how many it would move, and how far it is with moving them.

`hours_previewed` is a signal: whose dates count by calendars answers it in its `handlers.py`, in the same request. It
names the due work by which they follow, too (`follow_by`), and records `calendar.followed` once that is scheduled.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.dispatch import Signal

from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.platform.models import BusinessCalendar, Due, Event
from crm.platform.tenancy.context import required_tenant_id


class CalendarEffect(NamedTuple):
    """How many dates an edit moves, and a sentence that says so."""

    moved: int
    sentence: str


# Sent with `calendar`, as it is, and `changed`, the Hours it would have; answered with an Effect.
hours_previewed = Signal()


def effects_of(calendar: BusinessCalendar, changed: BusinessHours) -> list[CalendarEffect]:
    """Return what would move if the calendar had these hours; effects on nothing are left out."""
    answers: list[tuple[Any, Any]] = hours_previewed.send(BusinessCalendar, calendar=calendar, changed=changed)
    return [effect for _receiver, effect in answers if effect.moved]


# What open pages listen to while dates follow.
TOPIC = "clocks"
# An edit is heard of by a worker within this time, or none runs.
_HEARD = timedelta(minutes=10)
_kinds: set[str] = set()


class CalendarProgress(NamedTuple):
    """How many dates have yet to be looked at after an edit, and of how many; `all` is 0 until that is known."""

    left: int
    all: int

    @property
    def done(self) -> int:
        return self.all - self.left

    @property
    def percent(self) -> int:
        if self.all:
            return 100 * self.done // self.all
        return 0


def register_follower(kind: str) -> None:
    """Name a kind of due work by which dates follow the edit of a calendar."""
    _kinds.add(kind)


def progress_of(calendar: BusinessCalendar) -> CalendarProgress | None:
    """Return how far the last edit of a calendar is; None once all dates have followed."""
    last_event = (
        Event.objects.of(calendar).filter(kind__in=("calendar.changed", "calendar.followed")).order_by("-pk").first()
    )
    if last_event is None:
        return None
    if last_event.kind == "calendar.changed":
        if last_event.at > clock.now() - _HEARD:
            return CalendarProgress(0, 0)
        return None
    # What has failed too often waits for a person, under the parked work.
    waiting = Due.objects.filter(tenant_id=required_tenant_id(), kind__in=_kinds, run_at__isnull=False)
    left = 0
    if last_event.data["clocks"]:
        left = min(waiting.count(), last_event.data["clocks"])
    if left:
        return CalendarProgress(left, last_event.data["clocks"])
    return None
