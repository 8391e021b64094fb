"""A page of jobs by a place in the list, not by a number: page 800 costs what the first one costs."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from crm.jobs.list.rows import SHOWN
from crm.jobs.models import Cursor, Job
from crm.jobs.models.queryset import JobQuerySet
from crm.web.lists import places

ROWS = 50
_PLACE = struct.Struct(">bqq")


@dataclass(frozen=True)
class Page:
    """Some jobs in jump order, and the places before and behind them; empty at an end."""

    jobs: list[Job]
    newer: str
    older: str


def read_page(jobs: JobQuerySet, query: Mapping[str, str]) -> Page:
    """The page that `?after=` or `?before=` asks for, to look at; the first one for a place that makes no sense."""
    back, behind = decode(query.get("before", "")), decode(query.get("after", ""))
    if back:
        backwards = jobs.before(back).order_by("-level", "-jump_at", "-id")
        found = backwards[: ROWS + 1].to_look_at(SHOWN)
        rows = found[:ROWS][::-1]
        return Page(rows, encode(rows[0]) if len(found) > ROWS else "", encode(rows[-1]) if rows else "")
    ordered = jobs.in_jump_order()
    found = (ordered.after(behind) if behind else ordered)[: ROWS + 1].to_look_at(SHOWN)
    rows = found[:ROWS]
    return Page(rows, encode(rows[0]) if behind and rows else "", encode(rows[-1]) if len(found) > ROWS else "")


def place_of(job: Job) -> Cursor:
    """Where a job stands in jump order."""
    return Cursor(job.level, job.jump_at, job.pk)


def encode(job: Job) -> str:
    """A job's place as text for a URL."""
    return places.encode(_PLACE, job.level, job.jump_at, job.pk)


def decode(text: str) -> Cursor | None:
    """The place in a URL, or None for anything else."""
    key = places.decode(_PLACE, text)
    return Cursor(*key) if key else None
