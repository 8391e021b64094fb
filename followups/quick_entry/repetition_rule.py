"""Turn a request for repetition in a typed line into a recurrence rule: "every other monday", "om de week"."""

import re

from followups.quick_entry.repetition import Repetition
from followups.quick_entry.vocabulary import WEEKDAYS
from libs.recurrence import WEEKDAYS as CODES
from libs.recurrence import RecurrenceRule, RuleDay

_FREQUENCIES = {"days": "DAILY", "weeks": "WEEKLY", "months": "MONTHLY", "years": "YEARLY"}
_NTH = {
    word: nth
    for nth, words in {
        1: "first 1st eerste",
        2: "second 2nd tweede",
        3: "third 3rd derde",
        4: "fourth 4th vierde",
        -1: "last laatste",
    }.items()
    for word in words.split()
}
_OTHER = frozenset("other andere second tweede 2nd".split())
_THIRD = frozenset("third derde 3rd".split())
_MONTH = frozenset("month maand".split())
_WORKING = re.compile(
    r"\b(?:weekdays?|workdays?|werkdag(?:en)?|weekdag(?:en)?|doordeweeks|(?:working|business) days?)\b"
)
_WEEKEND = re.compile(r"\bweekend(?:s|en)?\b")
_THROUGH_THE_WEEK = re.compile(r"\bdoor de week\b")
_DAY_OF_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|e|ste|de)\b")
# So many times within a unit tells no days: "twice a week".
_TIMES = re.compile(r"\b(?:twice|tweemaal|(?:x|times|keer|maal))\b")
_WORDS = re.compile(r"[\w'’-]+")


def rule_of(repetition: Repetition) -> str:
    """Return the text of the rule; "" if no rule says it, as for "every hour" and "twice a week"."""
    text = repetition.words.lower()
    words = _WORDS.findall(text)
    if repetition.unit not in _FREQUENCIES or _TIMES.search(text):
        return ""
    days = _named_days(words, repetition.day)
    if _MONTH.intersection(words) and (days or _DAY_OF_MONTH.search(text)):
        return _rule_in_month(text, words, days)
    if days:
        return str(RecurrenceRule("WEEKLY", _weeks_between(words), by_day=days))
    if match := _DAY_OF_MONTH.search(text):
        return _day_of_month(int(match[1]))
    if _WORKING.search(text) or _THROUGH_THE_WEEK.search(text):
        return f"FREQ=WEEKLY;BYDAY={','.join(CODES[:5])}"
    if _WEEKEND.search(text):
        return "FREQ=WEEKLY;BYDAY=SA"
    return str(RecurrenceRule(_FREQUENCIES[repetition.unit], repetition.count))


def _named_days(words: list[str], day: str) -> tuple[RuleDay, ...]:
    """Return the weekdays of the request: "mondays and thursdays", "elke maandagochtend"."""
    numbers = []
    for word in [*words, *day.lower().split()]:
        singular = next((word.removesuffix(end) for end in ("", "en", "s") if word.removesuffix(end) in WEEKDAYS), "")
        if not singular:
            singular = next((name for name in WEEKDAYS if len(name) > 5 and word.startswith(name)), "")
        if singular:
            numbers.append(WEEKDAYS[singular])
    return tuple(RuleDay(number) for number in sorted(set(numbers)))


def _weeks_between(words: list[str]) -> int:
    if _OTHER.intersection(words):
        return 2
    if _THIRD.intersection(words):
        return 3
    return 1


def _rule_in_month(text: str, words: list[str], days: tuple[RuleDay, ...]) -> str:
    """Return the rule of "the first monday of every month", or of "the 15th of the month"."""
    if not days:
        match = _DAY_OF_MONTH.search(text)
        return _day_of_month(int(match[1] if match else 0))
    nth = next((_NTH[word] for word in words if word in _NTH), 0)
    if not nth or len(days) > 1:
        return ""
    return str(RecurrenceRule("MONTHLY", by_day=(RuleDay(days[0].weekday, nth),)))


def _day_of_month(day: int) -> str:
    if not 1 <= day <= 31:
        return ""
    return str(RecurrenceRule("MONTHLY", by_month_day=(day,)))
