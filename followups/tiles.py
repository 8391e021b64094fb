"""Count the tiles above the list: overdue, today, this week, and the share done in time. One statement."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Min, Q

from crm.kernel import clock
from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp, FollowUpStatus
from followups.models.follow_up_row import UNDATED
from followups.models.queryset import OPEN
from followups.time_choices import Bounds

DAYS = 30
# The number in the navigation is counted no further.
MOST_OVERDUE = 99


@dataclass(frozen=True)
class Tiles:
    """Counts of the lists behind the tiles; `oldest_days` of the overdue, `on_time` in percent or None."""

    overdue: int
    today: int
    week: int
    later: int
    undated: int
    done_today: int
    oldest_days: int
    on_time: int | None

    @property
    def groups(self) -> dict[str, int]:
        """Count the rows under each heading of the list, on all pages."""
        return {
            "overdue": self.overdue,
            "today": self.today,
            "week": self.week - self.today,
            "later": self.later,
            "undated": self.undated,
        }


def count_tiles(filters: Filters, member: Member, bounds: Bounds) -> Tiles:
    """Count the tiles for the list's member and type; its time and state filters are ignored."""
    now = bounds.now
    opened = Q(status__in=OPEN)
    since = now - timedelta(days=DAYS)
    done = Q(status=FollowUpStatus.COMPLETED, completed_at__gte=since)
    rows = FOLLOW_UPS.at_any_time(filters, member).filter(opened | done)
    counts = rows.aggregate(
        overdue=Count("pk", filter=opened & Q(sort_at__lt=now)),
        oldest=Min("sort_at", filter=opened & Q(sort_at__lt=now)),
        today=Count("pk", filter=opened & Q(sort_at__gte=now, sort_at__lt=bounds.day_end)),
        week=Count("pk", filter=opened & Q(sort_at__gte=now, sort_at__lt=bounds.week_end)),
        later=Count("pk", filter=opened & Q(sort_at__gte=bounds.week_end, sort_at__lt=UNDATED)),
        undated=Count("pk", filter=opened & Q(sort_at=UNDATED)),
        done_today=Count("pk", filter=done & Q(completed_at__gte=bounds.day_start)),
        done=Count("pk", filter=done),
        in_time=Count("pk", filter=done & Q(missed_at__isnull=True, completed_at__lte=F("sort_at"))),
    )
    return Tiles(
        overdue=counts["overdue"],
        today=counts["today"],
        week=counts["week"],
        later=counts["later"],
        undated=counts["undated"],
        done_today=counts["done_today"],
        oldest_days=(now - counts["oldest"]).days if counts["oldest"] else 0,
        on_time=round(100 * counts["in_time"] / counts["done"]) if counts["done"] else None,
    )


def count_overdue(member: Member) -> str:
    """Count the member's own overdue ones, for the navigation."""
    mine = FollowUp.objects.filter(assignee_id=member.pk).overdue(clock.now())
    count = mine.order_by()[: MOST_OVERDUE + 1].count()
    if count > MOST_OVERDUE:
        return f"{MOST_OVERDUE}+"
    return str(count or "")
