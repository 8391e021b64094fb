"""Preview how many due dates an edit of a calendar would move, before it is saved.

`hours_previewed` is a signal: whose dates count by calendars answers it in its `handlers.py`, in the same request.
"""

from typing import Any, NamedTuple

from django.dispatch import Signal

from crm.kernel.business_hours import Hours
from crm.platform.models import BusinessCalendar


class Effect(NamedTuple):
    """How many dates an edit moves, and a sentence that says so."""

    moved: int
    sentence: str


# Sent with `calendar`, as it is, and `changed`, the Hours it would have; answered with an Effect.
hours_previewed = Signal()


def effects_of(calendar: BusinessCalendar, changed: Hours) -> list[Effect]:
    """Return what would move if the calendar had these hours; effects on nothing are left out."""
    answers: list[tuple[Any, Any]] = hours_previewed.send(BusinessCalendar, calendar=calendar, changed=changed)
    return [effect for _receiver, effect in answers if effect.moved]
