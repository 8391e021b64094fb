"""Response and resolution figures by member, team, brand, channel or priority, each with its case mix.

Four statements, however many tickets and lines: what came in, what was solved, what is open, which promises were kept.
Times are by the clock on the wall, from the customer's first message; whether a promise was kept, by its own clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Extract
from django.utils.translation import gettext_lazy

from comms.models import Medium
from crm.jobs.models import Priority
from crm.platform.database.percentile import Percentile
from crm.web.reader import Reader
from tickets.models import Ticket, TicketClock

# What a line is of: the column of the ticket.
BY = {
    "member": "member_id",
    "team": "team_id",
    "brand": "brand_id",
    "channel": "medium",
    "priority": "priority",
}
# Days since the day it came in, from and below, of the groups of the backlog.
AGES = (
    (0, 1, gettext_lazy("today")),
    (1, 3, gettext_lazy("1 to 2 days")),
    (3, 7, gettext_lazy("3 to 6 days")),
    (7, 30, gettext_lazy("7 to 29 days")),
    (30, None, gettext_lazy("30 days or more")),
)


@dataclass
class TicketFiguresLine:
    """Figures of one member, team, brand, channel or priority. Times in seconds, None without data."""

    value: Any
    came: int = 0
    answered: int = 0
    reply_median: float | None = None
    reply_p90: float | None = None
    solved: int = 0
    solve_median: float | None = None
    solve_p90: float | None = None
    promised: int = 0
    kept: int = 0
    backlog: int = 0
    ages: tuple[int, ...] = (0,) * len(AGES)
    # Case mix: of what came in, how many of each priority and channel.
    priorities: Mapping[int, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)

    @property
    def met_percent(self) -> int | None:
        """Percentage of response times that were met."""
        if self.promised:
            return round(100 * self.kept / self.promised)
        return None


def figures(
    tickets: QuerySet[Ticket], since: datetime, until: datetime, reader: Reader, by: str
) -> list[TicketFiguresLine]:
    """Compute the figures of these tickets for a period: received, solved, and currently open."""
    rows = tickets.filter(merged_into__isnull=True).order_by()
    key = BY[by]
    came = rows.filter(created_at__gte=since, created_at__lt=until)
    lines: dict[Any, TicketFiguresLine] = {}
    for values in _figures_of_new(came, key):
        _set_line(lines, values.pop("key"), **values)
    solved = rows.filter(solved_at__gte=since, solved_at__lt=until).values(key=F(key))
    took = _seconds_of(F("solved_at") - F("created_at"))
    times = {"solve_median": Percentile(took, at=0.5), "solve_p90": Percentile(took, at=0.9)}
    for row in solved.annotate(solved=Count("pk"), **times):
        values = dict(row)
        _set_line(lines, values.pop("key"), **values)
    for values in _backlog_figures(rows, key, reader):
        _set_line(lines, values.pop("key"), **values)
    promises = TicketClock.objects.filter(ticket__in=came).filter(Q(kept_at__isnull=False) | Q(missed_at__isnull=False))
    in_time = Count("pk", filter=Q(missed_at__isnull=True))
    for values in promises.order_by().values(key=F(f"ticket__{key}")).annotate(promised=Count("pk"), kept=in_time):
        _set_line(lines, values.pop("key"), **values)
    return sorted(lines.values(), key=lambda line: (-line.came, -line.backlog, str(line.value)))


def _figures_of_new(came: Any, key: str) -> list[dict[str, Any]]:
    took = _seconds_of(F("first_reply_at") - F("asked_at"))
    mix = {f"p{rank.value}": Count("pk", filter=Q(priority=rank.value)) for rank in Priority}
    mix |= {f"c_{medium}": Count("pk", filter=Q(medium=medium)) for medium in Medium.values}
    rows = came.values(key=F(key)).annotate(
        came=Count("pk"),
        answered=Count("pk", filter=Q(first_reply_at__isnull=False, asked_at__isnull=False)),
        reply_median=Percentile(took, at=0.5),
        reply_p90=Percentile(took, at=0.9),
        **mix,
    )
    return [
        {name: values[name] for name in ("key", "came", "answered", "reply_median", "reply_p90")}
        | {"priorities": {rank.value: values[f"p{rank.value}"] for rank in Priority}}
        | {"channels": {medium: values[f"c_{medium}"] for medium in Medium.values}}
        for values in rows
    ]


def age_days(today: date) -> list[tuple[date | None, date]]:
    """Return, for each of AGES, the first day a ticket was received, and the day after the last."""
    return [
        (today - timedelta(days=most - 1) if most else None, today - timedelta(days=least - 1))
        for least, most, _label in AGES
    ]


def _backlog_figures(rows: Any, key: str, reader: Reader) -> list[dict[str, Any]]:
    counts = {}
    for at, (first, after) in enumerate(age_days(reader.today)):
        aged = Q(created_at__lt=datetime.combine(after, time(), reader.zone))
        if first:
            aged &= Q(created_at__gte=datetime.combine(first, time(), reader.zone))
        counts[f"a{at}"] = Count("pk", filter=aged)
    groups = rows.open().values(key=F(key)).annotate(backlog=Count("pk"), **counts)
    return [
        {"key": values["key"], "backlog": values["backlog"], "ages": tuple(values[f"a{at}"] for at in range(len(AGES)))}
        for values in groups
    ]


def _set_line(lines: dict[Any, TicketFiguresLine], value: Any, **figures: Any) -> None:
    line = lines.setdefault(value, TicketFiguresLine(value))
    for name, figure in figures.items():
        setattr(line, name, figure)


def _seconds_of(duration: Any) -> Any:
    return Extract(ExpressionWrapper(duration, output_field=DurationField()), "epoch")
