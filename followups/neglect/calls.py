"""Plan calls for neglected customers, spread over the next working days of who makes them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from crm.platform.models import Member
from followups.bulk.spread import SpreadItem, spread_items
from followups.bulk.work_days import WorkDay, list_work_days
from followups.models import FollowUp, FollowUpKind
from followups.models.kind_setup import minutes_of
from followups.neglect.models import Neglect
from followups.neglect.watch import CallTarget, call_target, next_morning, plan_call

# So many of these calls a member makes in a day, and so many days are looked at where they are full.
CALLS_A_DAY = 5
MOST_DAYS = 60


def plan_calls(rows: Sequence[Neglect], *, by: Member) -> list[FollowUp]:
    """Plan a call for each of these neglects; who is silent longest is called first."""
    targets = {row.pk: call_target(row.person) for row in rows}
    times = _call_times(rows, targets, by)
    made = []
    for row in rows:
        target = targets[row.pk]
        follow_up = plan_call(row.person, row.touched_at, by=by, target=target, at=times.get(row.pk))
        Neglect.objects.filter(pk=row.pk).update(follow_up=follow_up)
        made.append(follow_up)
    return made


def _call_times(rows: Sequence[Neglect], targets: dict[int, CallTarget], by: Member) -> dict[int, datetime]:
    """Return the time of each call by the id of its neglect; without those that no day has room for."""
    minutes = minutes_of(FollowUpKind.CALL, None)
    items: dict[int, list[SpreadItem]] = defaultdict(list)
    for row in rows:
        member = targets[row.pk].assignee or by
        items[member.pk].append(SpreadItem(row.pk, member.pk, minutes, (0, row.touched_at, row.pk)))
    days = list_work_days(items, next_morning(), MOST_DAYS, besides=())
    times: dict[int, datetime] = {}
    for member_id, own in items.items():
        times |= _spread(own, days[member_id])
    return times


def _spread(items: list[SpreadItem], days: list[WorkDay]) -> dict[int, datetime]:
    """Spread a member's calls over as few days as they fill; those that find no room there over all days."""
    count = -(-len(items) // CALLS_A_DAY)
    times: dict[int, datetime] = {}
    for some in (days[:count], days):
        left = [item for item in items if item.pk not in times]
        if left and some:
            placed = spread_items(left, {items[0].member_id: some})
            times |= {pk: at for pk, at in placed.items() if isinstance(at, datetime)}
    return times
