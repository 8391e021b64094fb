"""AddedJobColumn: a column and an order that an app above adds to the lists of jobs, an entry of `features.py`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise

from crm.jobs.models import Job
from crm.platform import features
from crm.platform.features import Feature
from crm.web.lists.columns import Column
from crm.web.lists.definition import Sort
from crm.web.reader import Reader


@dataclass(frozen=True, kw_only=True)
class AddedJobColumn(Feature):
    """A column of the lists of jobs whose values another table stores; shown to members who choose it.

    `read` returns the texts of the jobs on a page by id, in one query. `sorts` are orders by it; `join` limits jobs to
    those that have a value, with what these orders need, and `left_out` names the others. `is_available`: whether the
    organization has such values at all.
    """

    unique: ClassVar[tuple[str, ...]] = ("key",)

    key: str
    column: Column
    read: Callable[[Collection[Job], Reader], Mapping[int, str]]
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    join: Callable[[Any], Any]
    left_out: str | Promise
    is_available: Callable[[], bool]

    def check(self) -> Iterator[str]:
        if self.key != self.column.key:
            yield f"its column is named {self.column.key!r}"


def added_columns() -> dict[str, AddedJobColumn]:
    """Return the available columns by key."""
    return {added.key: added for added in features.of(AddedJobColumn) if added.is_available()}


def added_sorts() -> dict[str, Sort]:
    """Return the orders of the available columns."""
    return {key: sort for added in added_columns().values() for key, sort in added.sorts.items()}


def column_of_sort(sort: str) -> AddedJobColumn | None:
    """Return the added column that an order belongs to; None for the orders of the list itself."""
    return next((added for added in added_columns().values() if sort in added.sorts), None)
