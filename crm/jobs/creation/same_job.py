"""Decide whether an inquiry of a known customer is one of their jobs, or a new one (docs/rules.md#k18). Pure.

A person is found by a point (crm/people/identity); a job is not. Another id of the source or another address of the
work is another job; another title, type or value is asked about, where somebody can be asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from crm.jobs.creation.same_place import NOWHERE, JobPlace, places_agree

T = TypeVar("T")


class Difference(StrEnum):
    """A difference that distinguishes two jobs of one customer."""

    ID = "id"
    ADDRESS = "address"
    LATER = "later"
    TITLE = "title"
    TYPE = "type"
    VALUE = "value"
    OTHER = "other"
    STATE = "state"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Difference.ID: _("external ID"),
    Difference.ADDRESS: _("address"),
    Difference.LATER: _("day it came in"),
    Difference.TITLE: _("title"),
    Difference.TYPE: _("type"),
    Difference.VALUE: _("value"),
    Difference.OTHER: _("detail"),
    Difference.STATE: _("status"),
}
# These make it another job; the others only may.
CERTAIN = frozenset({Difference.ID, Difference.ADDRESS, Difference.LATER})


@dataclass(slots=True)
class JobIdentity:
    """Fields that distinguish a customer's jobs from each other. "" and None mean unknown; keys are folded."""

    external_id: str = ""
    place: JobPlace = NOWHERE
    # "" where the title is no more than the customer's name.
    title_key: str = ""
    pipeline_id: int | None = None
    # The type of work in the words of the source, where it is no pipeline.
    kind_key: str = ""
    value: tuple[int, str] | None = None
    is_open: bool = True
    came_in_at: datetime | None = None
    ended_at: datetime | None = None
    # What a list says of it besides, by column: checksums of their names and words.
    other: Mapping[int, int] = field(default_factory=dict)


def differences(said: JobIdentity, job: JobIdentity, *, one_list: bool = False) -> list[Difference]:
    """List the differences between the two, certain ones first; empty if it is the same job.

    `one_list`: both stand in one list, where each entry is meant to be a job.
    """
    same_id = bool(said.external_id) and said.external_id == job.external_id
    reasons = []
    if said.external_id and job.external_id and not same_id:
        reasons.append(Difference.ID)
    if not places_agree(said.place, job.place):
        reasons.append(Difference.ADDRESS)
    if same_id and not one_list:
        return reasons
    if said.came_in_at and job.ended_at and said.came_in_at > job.ended_at:
        reasons.append(Difference.LATER)
    if said.title_key and job.title_key and said.title_key != job.title_key:
        reasons.append(Difference.TITLE)
    if _both_differ(said.pipeline_id, job.pipeline_id) or _both_differ(said.kind_key, job.kind_key):
        reasons.append(Difference.TYPE)
    if said.value and job.value and said.value != job.value and said.value[0] and job.value[0]:
        reasons.append(Difference.VALUE)
    if one_list and not same_id and any(said.other[at] != job.other[at] for at in said.other.keys() & job.other):
        reasons.append(Difference.OTHER)
    if said.is_open != job.is_open and (one_list or (said.is_open and not said.came_in_at)):
        reasons.append(Difference.STATE)
    return reasons


def _both_differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def likest(
    said: JobIdentity, jobs: Iterable[tuple[JobIdentity, bool, T]]
) -> tuple[T, list[Difference]] | tuple[None, list[Difference]]:
    """Choose the job that is or may be meant, and the differences to it; none if it is another job.

    `jobs`: of each its facts, whether it stands in one list with what is said, and what to return for it. Of several
    that could be meant the one with most in common, then an open one, then the first.
    """
    best: tuple[T, list[Difference]] | None = None
    best_rank: tuple[object, ...] = ()
    apart: list[Difference] = []
    for facts, one_list, job in jobs:
        job_differences = differences(said, facts, one_list=one_list)
        if not CERTAIN.isdisjoint(job_differences):
            apart = apart or [each for each in job_differences if each in CERTAIN]
            continue
        rank = (not job_differences, *_in_common(said, facts), facts.is_open)
        if best is None or rank > best_rank:
            best = (job, job_differences)
            best_rank = rank
    return best or (None, apart)


def _in_common(said: JobIdentity, job: JobIdentity) -> tuple[bool, int]:
    same_id = bool(said.external_id) and said.external_id == job.external_id
    alike = (said.place.key == job.place.key, said.title_key == job.title_key, said.value == job.value)
    return same_id, sum(alike) + (said.is_open == job.is_open)
