"""Ticket number in brackets in a mail's subject, and comparison of subjects."""

import re
from itertools import islice

from crm.kernel.normalization import name_key

_LONGEST = 998
_MOST_TAGS = 5
_TAG = re.compile(r"\[#([0-9]{1,12})\]")
# "Re:", "AW:", "Antw:", "RE[2]:", "回复：": a word of up to six letters before a colon, several times.
_PREFIX = re.compile(r"(?:\s{0,3}[^\W\d_]{1,6}(?:\[[0-9]{1,3}\])? ?[:：]){1,10}")


def subject_tags(subject: str) -> list[int]:
    """Return the ticket numbers in a subject: 1234 for "Re: My roof [#1234]"."""
    return [int(match[1]) for match in islice(_TAG.finditer(subject[:_LONGEST]), _MOST_TAGS)]


def plain_subject(subject: str) -> str:
    """Return a subject without reply prefixes and our tag, folded for comparison."""
    whole = _TAG.sub(" ", subject[:_LONGEST])
    prefix = _PREFIX.match(whole)
    return name_key(whole[prefix.end() :] if prefix else whole)


def is_prefixed(subject: str) -> bool:
    """True if the subject has a reply or forward prefix."""
    return bool(_PREFIX.match(subject[:_LONGEST]))


def subjects_agree(one: str, other: str) -> bool:
    """True if two subjects are equal, or one ends with the other."""
    first = plain_subject(one)
    second = plain_subject(other)
    return first == second or bool(first and second and (first.endswith(second) or second.endswith(first)))
