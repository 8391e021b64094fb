"""A stop of the tour: a sentence on what to see, and the page it is seen on."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from demo.tour.seat import Seat


class Target(NamedTuple):
    """The page of a stop, and the name that the row it shows has there; blank for a list."""

    url: str
    name: str = ""


FindTarget = Callable[[Seat], Target]


@dataclass(frozen=True)
class Stop:
    """What to see, in a sentence, and how its page is found."""

    text: str | Promise
    find: FindTarget


def page(name: str, query: str = "") -> FindTarget:
    """Return what finds a page that belongs to no row. `query` begins with a question mark."""
    return lambda seat: Target(reverse(name, args=[seat.slug]) + query)


def row(name: str, key: str, find: Callable[[Seat], Any], named: str, otherwise: FindTarget) -> FindTarget:
    """Return what finds the page of a row by its `key`, with its name from `named`; without a row, `otherwise`."""

    def target(seat: Seat) -> Target:
        record = find(seat)
        if record is None:
            return otherwise(seat)
        return Target(reverse(name, args=[seat.slug, attrgetter(key)(record)]), str(attrgetter(named)(record)))

    return target
