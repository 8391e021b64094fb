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
    """Return the numbers of tickets that a subject names: 1234 of "Re: My roof [#1234]"."""
    return [int(match[1]) for match in islice(_TAG.finditer(subject[:_LONGEST]), _MOST_TAGS)]


def plain_subject(subject: str) -> str:
    """Return a subject without what answering and our tag add to it, folded, for comparing."""
    whole = _TAG.sub(" ", subject[:_LONGEST])
    prefix = _PREFIX.match(whole)
    return name_key(whole[prefix.end() :] if prefix else whole)


def is_prefixed(subject: str) -> bool:
    """True if a mail program marked it as an answer or as passed on."""
    return bool(_PREFIX.match(subject[:_LONGEST]))


def subjects_agree(one: str, other: str) -> bool:
    """True if two subjects are of one matter: the same, or one of them ends as the other is."""
    first = plain_subject(one)
    second = plain_subject(other)
    return first == second or bool(first and second and (first.endswith(second) or second.endswith(first)))
