"""How soon new leads are answered (L16): the median, and the share of first contacts within the time allowed."""

from typing import Any, NamedTuple

from django.db.models import Count, F, Q

from leads.lead_list import LEADS
from leads.models import FirstContact
from reports.dashboard.scope import Scope
from reports.figures.days import Days
from tickets.figures.figures import Percentile

# "90 % within 15 minutes" (L16); the time itself is the target of the pipeline's first step.
GOAL = 90


class Response(NamedTuple):
    """Of the leads that came in: how many were contacted, in time, and are overdue for it; the median in seconds."""

    contacted: int = 0
    in_time: int = 0
    overdue: int = 0
    median: float | None = None

    @property
    def measured(self) -> int:
        return self.contacted + self.overdue

    @property
    def percent(self) -> int | None:
        """The share that was contacted in time; None where nothing is measured yet."""
        return round(100 * self.in_time / self.measured) if self.measured else None


def response(scope: Scope, days: Days) -> Response:
    """Measure the leads that came in on these days.

    Two statements: the job of a lead is looked up only where nobody was in touch, which is of few of them.
    """
    rows = _rows(scope, days)
    overdue = rows.filter(contacted_at=None, due_at__lt=scope.reader.now).exclude(job__state="dropped")
    return Response(**rows.aggregate(**_contacts()), overdue=overdue.count())


def by_member(scope: Scope, days: Days) -> dict[int | None, Response]:
    """Measure them for each member who has them now."""
    rows = _rows(scope, days).values("job__member_id").annotate(**_numbers(scope))
    return {row["job__member_id"]: Response(**{name: row[name] for name in Response._fields}) for row in rows}


def _rows(scope: Scope, days: Days) -> Any:
    rows = FirstContact.objects.filter(opened_at__gte=days.since, opened_at__lt=days.until).order_by()
    if scope.filters.values or scope.is_own:
        jobs = LEADS.base(scope.filters, scope.member).filter(*scope.filters.conditions(scope.member))
        rows = rows.filter(job__in=jobs.values("pk"))
    return rows


def _numbers(scope: Scope) -> dict[str, Any]:
    missed = Q(contacted_at=None, due_at__lt=scope.reader.now) & ~Q(job__state="dropped")
    return {**_contacts(), "overdue": Count("pk", filter=missed)}


def _contacts() -> dict[str, Any]:
    return {
        "contacted": Count("pk", filter=Q(contacted_at__isnull=False)),
        "in_time": Count("pk", filter=Q(contacted_at__lte=F("due_at"))),
        "median": Percentile(F("seconds"), at=0.5),
    }
