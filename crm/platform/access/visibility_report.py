"""Report how many rows of each list a member sees now, counted by each `VisibleCount` through `visible_to`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.features import Feature
from crm.platform.models import Member

# Counting ends here: an admin wants to know "few or all", not the last digit of a million.
MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class VisibleCount(Feature):
    """A list whose visible rows are counted for a member."""

    order_list = "visible_counts"
    order_field = "permission"

    permission: str
    label: str | Promise
    # The rows there are, with `visible_to(member)`.
    rows: Callable[[], Any]

    def __str__(self) -> str:
        return f"VisibleCount {str(self.label)!r}"

    def check(self) -> Iterator[str]:
        yield from permissions.missing_permission(self.permission)


@dataclass(frozen=True)
class ListVisibility:
    """How many rows of one list a member sees; `capped` when there are more than MOST."""

    label: str
    count: int
    of: int
    capped: bool


def count_visible_rows(member: Member) -> list[ListVisibility]:
    """Count the rows of each list that the member sees; also for an unsaved member with another role."""
    return [_count_list(visible_count, member) for visible_count in features.of(VisibleCount)]


def _count_list(visible_count: VisibleCount, member: Member) -> ListVisibility:
    of = _count_capped(visible_count.rows())
    count = 0
    if permissions.allows(member, visible_count.permission):
        count = _count_capped(visible_count.rows().visible_to(member))
    return ListVisibility(str(visible_count.label), min(count, MOST), min(of, MOST), of > MOST)


def _count_capped(rows: QuerySet) -> int:
    return rows.order_by()[: MOST + 1].count()
