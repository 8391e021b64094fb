"""What a member sees now, in numbers: upper apps register their lists, read through the lists' own `visible_to`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from crm.platform.access import permissions
from crm.platform.models import Member

# Counting ends here: an admin wants to know "few or all", not the last digit of a million.
MOST = 10_000


@dataclass(frozen=True)
class Sight:
    """A list a member may see all, some or nothing of."""

    position: int
    permission: str
    label: str | Promise
    # The rows there are, and those the member sees.
    rows: Callable[[], QuerySet]
    seen: Callable[[Member], QuerySet]


@dataclass(frozen=True)
class Seen:
    """A list in numbers; `capped` when there are more than MOST."""

    label: str
    count: int
    of: int
    capped: bool


_sights: list[Sight] = []


def register(sight: Sight) -> None:
    """Add a list. Registering it again changes nothing."""
    if sight.permission not in [one.permission for one in _sights]:
        _sights.append(sight)
        _sights.sort(key=lambda one: one.position)


def seen_by(member: Member) -> list[Seen]:
    """How much of each list the member sees; also for a member as they would be in another role."""
    return [_seen(sight, member) for sight in _sights]


def _seen(sight: Sight, member: Member) -> Seen:
    of = _count(sight.rows())
    count = _count(sight.seen(member)) if permissions.allows(member, sight.permission) else 0
    return Seen(str(sight.label), min(count, MOST), min(of, MOST), of > MOST)


def _count(rows: QuerySet) -> int:
    return rows.order_by()[: MOST + 1].count()
