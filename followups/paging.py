"""A page of follow-ups by a place in the list, as the leads have it: page 80 costs what the first one costs."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from crm.web.lists import places
from followups.models import FollowUp, FollowUpQuerySet
from followups.models.queryset import Place

ROWS = 50
_PLACE = struct.Struct(">qq")


@dataclass(frozen=True)
class Page:
    """Some follow-ups in order, and the places before and behind them; empty at an end."""

    rows: list[FollowUp]
    newer: str
    older: str


def read_page(found: FollowUpQuerySet, query: Mapping[str, str], *, latest_first: bool) -> Page:
    """The page that `?after=` or `?before=` asks for; the first one for a place that makes no sense."""
    back, behind = decode(query.get("before", "")), decode(query.get("after", ""))
    backwards = back is not None
    place = back or behind
    # Backwards through a list that runs down is upwards.
    upwards = latest_first == backwards
    if place:
        found = found.after(place) if upwards else found.before(place)
    order = ("sort_at", "id") if upwards else ("-sort_at", "-id")
    rows = list(found.order_by(*order)[: ROWS + 1])
    more, rows = len(rows) > ROWS, rows[:ROWS]
    if backwards:
        rows.reverse()
    first, last = (encode(rows[0]), encode(rows[-1])) if rows else ("", "")
    if backwards:
        return Page(rows, first if more else "", last)
    return Page(rows, first if behind else "", last if more else "")


def encode(row: FollowUp) -> str:
    """A follow-up's place as text for a URL."""
    return places.encode(_PLACE, row.sort_at, row.pk)


def decode(text: str) -> Place | None:
    """The place in a URL, or None for anything else."""
    key = places.decode(_PLACE, text)
    return Place(*key) if key else None
