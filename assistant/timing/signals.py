"""Signals of a contact or follow-up that are known before it, for its likelihood; and each of them in words."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from assistant.timing.attempts import ContactAttempt
from assistant.timing.hour_table import WEEKEND, day_kind
from comms.models import Medium
from followups.models.kind_setup import kinds

_HOUR_EDGES = (10, 12, 14, 16, 18)
MOST_TRIES = 3
SELDOM = "seldom"
OFTEN = "often"
SOMETIMES = "sometimes"
NEW = "new"


def response_signals(before: Sequence[ContactAttempt], medium: str, local: datetime) -> dict[str, str]:
    """Return the signals of a contact at a local time, given the earlier ones with the same customer."""
    answers = [attempt.is_answered for attempt in before]
    return {"medium": medium, **_moment_signals(local), **_past_signals(answers)}


def follow_up_signals(kind: str, local: datetime, days_late: int, before: Sequence[bool]) -> dict[str, str]:
    """Return the signals of a follow-up done at a local time; `before`: whether earlier ones succeeded."""
    late = "late" if days_late >= 1 else "on_time"
    return {"kind": kind, "late": late, **_moment_signals(local), **_past_signals(before)}


def _moment_signals(local: datetime) -> dict[str, str]:
    return {"hour": str(sum(local.hour >= edge for edge in _HOUR_EDGES)), "day": day_kind(local)}


def _past_signals(answers: Sequence[bool]) -> dict[str, str]:
    """Return how often it came true before, and how many tries in a row did not."""
    tries = 0
    for is_answered in reversed(answers):
        if is_answered:
            break
        tries += 1
    past = NEW
    if answers:
        share = sum(answers) / len(answers)
        past = SOMETIMES
        if share < 1 / 3:
            past = SELDOM
        elif share > 2 / 3:
            past = OFTEN
    return {"past": past, "tries": str(min(tries, MOST_TRIES))}


def signal_words(name: str, value: str) -> str:
    """Return a signal in words: "After 16:00, before 18:00"."""
    if name == "medium":
        return _("By %(medium)s") % {"medium": Medium(value).label}
    if name == "kind":
        return _("It is of the type “%(type)s”") % {"type": kinds().of(value).label}
    if name == "hour":
        return _hour_words(int(value))
    fixed = {
        ("day", WEEKEND): _("On a weekend"),
        ("late", "late"): _("It is a day late or more"),
        ("late", "on_time"): _("It is done in time"),
        ("past", NEW): _("No contact in the last 180 days"),
        ("past", SELDOM): _("They seldom answered before"),
        ("past", SOMETIMES): _("They answered about half the time before"),
        ("past", OFTEN): _("They mostly answered before"),
        ("tries", "0"): _("The last contact was answered, or there was none"),
        ("tries", "1"): _("The last contact was not answered"),
        ("tries", "2"): _("The last two contacts were not answered"),
        ("tries", "3"): _("The last three contacts were not answered"),
    }
    return fixed.get((name, value), _("On a workday"))


def _hour_words(band: int) -> str:
    if band == 0:
        return _("Before %(hour)s o’clock") % {"hour": _HOUR_EDGES[0]}
    if band == len(_HOUR_EDGES):
        return _("After %(hour)s o’clock") % {"hour": _HOUR_EDGES[-1]}
    return _("Between %(first)s and %(last)s o’clock") % {"first": _HOUR_EDGES[band - 1], "last": _HOUR_EDGES[band]}
