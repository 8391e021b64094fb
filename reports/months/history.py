"""The counted months of the leads and the work in a scope, as series to forecast, in three statements."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min, Sum

from crm.kernel.days import DayRange
from reports.dashboard.scope import Scope
from reports.forecast.months import BookedMonth, LeadSnapshot, OpenLeads
from reports.models import LeadMonth, WorkMonth
from reports.models.month import BOOKED, WON_COUNTS, WON_VALUES

MINUTES = 60
LeadRow = Mapping[str, Any]


@dataclass(frozen=True)
class MonthHistory:
    """Rows of all counted months, oldest first; the last month is the one that has just begun."""

    months: list[date]
    lead_rows: list[LeadRow]
    work: dict[date, LeadRow]

    @property
    def currencies(self) -> list[str]:
        """Currencies in which leads were won."""
        return sorted({row["currency"] for row in self.lead_rows if any(row[name] for name in WON_VALUES)})

    @property
    def pipelines(self) -> list[int]:
        """Ids of the pipelines in which leads came in."""
        return sorted({row["pipeline_id"] for row in self.lead_rows if row["phase_id"] is None})

    def leads_won(self) -> list[LeadSnapshot]:
        """Return the number of open leads and of those won."""
        return self._snapshots(self.lead_rows, "count", "count", WON_COUNTS)

    def value_won(self, currency: str) -> list[LeadSnapshot]:
        """Return the value of open leads and of those won, in minor units of a currency."""
        rows = [row for row in self.lead_rows if row["currency"] == currency]
        return self._snapshots(rows, "value", "squares", WON_VALUES)

    def arrivals(self, pipeline_id: int | None = None) -> list[float]:
        """Return the number of leads that came in during each month, of one pipeline or of all."""
        counts: dict[date, float] = defaultdict(float)
        for row in self.lead_rows:
            if row["phase_id"] is None and pipeline_id in (None, row["pipeline_id"]):
                counts[row["month"]] += row["count"]
        return [counts[month] for month in self.months]

    def hours(self) -> list[BookedMonth]:
        """Return the hours of appointments, booked and held."""
        return [
            BookedMonth([self._work(month, name) / MINUTES for name in BOOKED], self._work(month, "worked") / MINUTES)
            for month in self.months
        ]

    def accepted_counts(self) -> list[float]:
        """Return the number of jobs that service accepted in each month."""
        return [self._work(month, "accepted") for month in self.months]

    def _work(self, month: date, name: str) -> float:
        if month in self.work:
            return float(self.work[month][name])
        return 0.0

    def _snapshots(
        self, rows: list[LeadRow], amount: str, squares: str, gained: tuple[str, str, str]
    ) -> list[LeadSnapshot]:
        by_month: dict[date, list[LeadRow]] = defaultdict(list)
        for row in rows:
            by_month[row["month"]].append(row)
        return [_snapshot(by_month[month], amount, squares, gained) for month in self.months]


def _snapshot(rows: list[LeadRow], amount: str, squares: str, gained: tuple[str, str, str]) -> LeadSnapshot:
    parts: dict[tuple[int, int], list[LeadRow]] = defaultdict(list)
    later = []
    for row in rows:
        if row["phase_id"] is None:
            later.append(row)
        else:
            parts[row["phase_id"], row["age"]].append(row)
    cells = {
        key: OpenLeads(
            _total(part, "count"),
            _total(part, amount),
            _total(part, squares),
            [_total(part, name) for name in WON_COUNTS],
            [_total(part, name) for name in gained],
        )
        for key, part in parts.items()
    }
    return LeadSnapshot(cells, [_total(later, name) for name in WON_COUNTS], [_total(later, name) for name in gained])


def _total(rows: list[LeadRow], name: str) -> Any:
    return sum(row[name] for row in rows)


def read_history(scope: Scope) -> MonthHistory:
    """Read the months of the leads of the brand and pipeline of a scope."""
    bounds = LeadMonth.objects.aggregate(first=Min("month"), last=Max("month"))
    if bounds["first"] is None:
        return MonthHistory([], [], {})
    narrow = _narrowing(scope)
    sums = {name: Sum(name) for name in ("count", "value", "squares", *WON_COUNTS, *WON_VALUES)}
    lead_rows = (
        narrow(LeadMonth.objects)
        .order_by()
        .values("month", "currency", "pipeline_id", "phase_id", "age")
        .annotate(**sums)
    )
    work_rows = (
        narrow(WorkMonth.objects)
        .order_by()
        .values("month")
        .annotate(**{name: Sum(name) for name in (*BOOKED, "worked", "accepted")})
    )
    return MonthHistory(
        list(DayRange(bounds["first"], bounds["last"]).months),
        list(lead_rows),
        {row["month"]: row for row in work_rows},
    )


def _narrowing(scope: Scope) -> Callable[[Any], Any]:
    narrowed = scope.narrowed
    filters: dict[str, Any] = {}
    if narrowed.brands is not None:
        filters["brand_id__in"] = narrowed.brands
    if narrowed.pipelines is not None:
        filters["pipeline_id__in"] = narrowed.pipelines
    return lambda rows: rows.filter(**filters)
