"""Recurrence rules of RFC 5545: parse, write and expand an RRULE on the wall clock of a time zone.

README.md has an example. Applications import from here alone.
"""

from libs.recurrence.expansion import MAX_COUNT, expand_rule, local_times
from libs.recurrence.rule import (
    FREQUENCIES,
    WEEKDAYS,
    InvalidRule,
    RecurrenceRule,
    RuleDay,
    parse_rule,
)

__all__ = [
    "FREQUENCIES",
    "MAX_COUNT",
    "WEEKDAYS",
    "InvalidRule",
    "RecurrenceRule",
    "RuleDay",
    "expand_rule",
    "local_times",
    "parse_rule",
]
