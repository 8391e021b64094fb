"""Count the tiles above the list: overdue, today, this week, and the share done in time. Each count is capped."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery

from crm.kernel import clock, formats
from crm.platform.models import Member
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import CAP, COUNT, count_words, limit_rows, read_together
from crm.web.reader import Reader
from followups.filters import ON_TIME, FollowUpFilters
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp, FollowUpStatus
from followups.models.follow_up_row import UNDATED
from followups.time_choices import Bounds
from followups.workload.full_days import ROWS, find_full_days, load_rows

DAYS = 30
# The number in the navigation is counted no further.
MOST_OVERDUE = 99
# How many completed follow-ups of a queryset were done in time (followups/filters.py).
IN_TIME = "select count(*) filter (where missed_at is null and completed_at <= sort_at) from ({}) as done"


@dataclass(frozen=True)
class OnTime:
    """How many follow-ups were done in the last days, and how many of them in time; of the latest where many were."""

    done: int
    in_time: int

    @property
    def percent(self) -> int | None:
        if self.done:
            return round(100 * self.in_time / self.done)
        return None

    @property
    def percent_text(self) -> str:
        """The share in words: "83%"; a dash if none was done."""
        if self.percent is None:
            return "–"
        return formats.whole_percent(self.percent)

    @property
    def is_capped(self) -> bool:
        return self.done >= CAP


@dataclass(frozen=True)
class Tiles:
    """Counts as text, "999+" above the cap: of the lists behind the tiles, and of the list's groups."""

    overdue: str
    today: str
    week: str
    done_today: str
    oldest_days: int
    # The days of the rest of this week on which the list's member has no time left.
    full_days: list[date]
    on_time: OnTime
    groups: dict[str, str]

    @property
    def is_hot(self) -> bool:
        """True if something is overdue."""
        return self.overdue != "0"


class CappedCount(Subquery):
    """The number of a subquery's rows. The subquery is limited, so that the count costs no more than its limit."""

    template = f"({COUNT.format('%(subquery)s')})"
    output_field = IntegerField()

    def __init__(self, rows: Any) -> None:
        super().__init__(limit_rows(rows))


class InTimeCount(Subquery):
    """The number of a subquery's completed follow-ups that were done in time."""

    template = f"({IN_TIME.format('%(subquery)s')})"
    output_field = IntegerField()


def count_tiles(filters: Filters, member: Member, reader: Reader) -> Tiles:
    """Count the tiles for the list's member and type, in one statement; its time and state filters are ignored."""
    bounds = Bounds.of(reader)
    now = bounds.now
    whose = FOLLOW_UPS.one_member_id(filters, member)
    rows = FOLLOW_UPS.at_any_time(filters, member)
    opened = rows.open()
    done = _lately_done_rows(filters, member)
    groups = {
        "overdue": opened.filter(sort_at__lt=now),
        "today": opened.filter(sort_at__gte=now, sort_at__lt=bounds.day_end),
        "week": opened.filter(sort_at__gte=bounds.day_end, sort_at__lt=bounds.week_end),
        "later": opened.filter(sort_at__gte=bounds.week_end, sort_at__lt=UNDATED),
        "undated": opened.filter(sort_at=UNDATED),
    }
    wanted = {key: (COUNT, limit_rows(group)) for key, group in groups.items()}
    wanted |= {
        "done_today": (COUNT, limit_rows(done.filter(completed_at__gte=bounds.day_start))),
        "done": (COUNT, limit_rows(done)),
        "in_time": (IN_TIME, _latest_done(done)),
        "oldest": ("{}", opened.by_time().values("sort_at")[:1]),
    }
    if whose:
        load = load_rows(whose, bounds.day_start, bounds.week_end)
        wanted |= {key: (ROWS, load_of_kind) for key, load_of_kind in load.items()}
    counts = read_together(wanted)
    oldest = counts["oldest"]
    full_days = []
    if whose:
        full_days = find_full_days(whose, counts, bounds.day_start, bounds.week_end, reader.zone)
    return Tiles(
        overdue=count_words(counts["overdue"]),
        today=count_words(counts["today"]),
        week=count_words(counts["today"] + counts["week"]),
        done_today=count_words(counts["done_today"]) if counts["done_today"] else "",
        oldest_days=max(0, (now - oldest).days) if oldest else 0,
        full_days=full_days,
        on_time=OnTime(counts["done"], counts["in_time"]),
        groups={key: count_words(counts[key]) for key in groups},
    )


def read_on_time(filters: Filters, member: Member) -> OnTime:
    """Read how many follow-ups of the same member, type and text were done lately, and how many in time."""
    counts = _on_time_counts(_lately_done_rows(filters, member))
    return OnTime(**Member.objects.filter(pk=member.pk).values(**counts).get())


def on_time_by_member(member_ids: Collection[int], first: datetime, last: datetime) -> dict[int, OnTime]:
    """Read for each member how many of their follow-ups were done in a period, and how many in time. One statement."""
    done = FollowUp.objects.filter(assignee_id=OuterRef("pk"), status=FollowUpStatus.COMPLETED)
    done = done.filter(completed_at__gte=first, completed_at__lt=last)
    members = Member.objects.filter(pk__in=member_ids).order_by().values("pk", **_on_time_counts(done))
    return {row["pk"]: OnTime(row["done"], row["in_time"]) for row in members}


def _lately_done_rows(filters: Filters, member: Member) -> Any:
    return FOLLOW_UPS.apply(lately_done(filters), member).filter(status=FollowUpStatus.COMPLETED)


def _on_time_counts(done: Any) -> dict[str, Any]:
    return {"done": CappedCount(done), "in_time": InTimeCount(_latest_done(done))}


def _latest_done(done: Any) -> Any:
    """Return the latest of the completed follow-ups, up to the cap, which are read from the index alone."""
    return done.order_by("-completed_at").values("completed_at", "sort_at", "missed_at")[:CAP]


def lately_done(filters: Filters) -> Filters:
    """Return the filters of the follow-ups done in the last days, with the same member, type and text."""
    done = FollowUpFilters.known()["done"]
    wide = filters.without("when", "status", "due", "done", "timing")
    return wide.changed(where=(*wide.where, (Clause(done, "within", str(DAYS)),)))


def done_in_time(filters: Filters) -> Filters:
    """Return the filters of those of them that were done in time."""
    return lately_done(filters).changed(timing=ON_TIME)


def done_today(filters: Filters, today: date) -> Filters:
    """Return the filters of the follow-ups done today, with the same member, type and text."""
    done = FollowUpFilters.known()["done"]
    wide = filters.without("when", "status", "due", "done", "timing")
    return wide.changed(status=FollowUpStatus.COMPLETED, where=(*wide.where, (Clause(done, "since", str(today)),)))


def due_on(days: Sequence[date], who: str) -> Filters:
    """Return the filters of a member's open follow-ups of these days, of every type."""
    due = FollowUpFilters.known()["due"]
    first, last = Clause(due, "since", str(days[0])), Clause(due, "before", str(days[-1] + timedelta(days=1)))
    return FOLLOW_UPS.filters(who=who, where=((first,), (last,)))


def count_overdue(member: Member) -> str:
    """Count the member's own overdue ones, for the navigation."""
    mine = FollowUp.objects.filter(assignee_id=member.pk).overdue(clock.now())
    count = mine.order_by()[: MOST_OVERDUE + 1].count()
    if count > MOST_OVERDUE:
        return f"{MOST_OVERDUE}+"
    return str(count or "")
