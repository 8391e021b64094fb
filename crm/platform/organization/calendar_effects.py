"""What an edit of a calendar would move, said before it is saved: upper apps register whose dates count by it."""

from collections.abc import Callable
from typing import NamedTuple

from crm.kernel.business_hours import Hours
from crm.platform.models import BusinessCalendar


class Effect(NamedTuple):
    """How many dates an edit moves, and that in a sentence."""

    moved: int
    sentence: str


Foresee = Callable[[BusinessCalendar, Hours], Effect]
_foreseers: list[Foresee] = []


def register(foresee: Foresee) -> Foresee:
    """Add somebody who can tell what the calendar's new hours would move."""
    if foresee not in _foreseers:
        _foreseers.append(foresee)
    return foresee


def foreseen(calendar: BusinessCalendar, changed: Hours) -> list[Effect]:
    """What would move if the calendar had these hours; effects on nothing are left out."""
    return [effect for foresee in _foreseers for effect in [foresee(calendar, changed)] if effect.moved]
