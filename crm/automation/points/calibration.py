"""Compare points with outcomes: leads won and lost by band, and with and without each point.

A suggestion is made where enough leads ended with the point and without it; nobody's points change by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from crm.automation.models import PriorityPoint, PriorityScore
from crm.automation.models.points import LARGEST
from crm.automation.points.filters import BANDS, LOST, WON, PointBand, outcome_query

# So many leads that ended, with a point and without it, before it is judged; and so much of a difference is a point.
ENOUGH = 20
SHARE_OF_A_POINT = 10
# A suggestion that differs by less is none.
LEAST_CHANGE = 2


@dataclass(frozen=True)
class PointOutcome:
    """The number of leads won and lost."""

    won: int = 0
    lost: int = 0

    @property
    def ended(self) -> int:
        return self.won + self.lost

    @property
    def percent(self) -> int | None:
        """The percentage won; None without leads."""
        if self.ended:
            return round(self.won * 100 / self.ended)
        return None


@dataclass(frozen=True)
class CalibratedPoint:
    """A point, with the outcomes of leads that had it and of those that did not."""

    row: PriorityPoint
    having: PointOutcome
    lacking: PointOutcome

    @property
    def suggested(self) -> int | None:
        """The suggested number of points; None with too little data, or if close to the current number."""
        wanted = suggested_weight(self.having, self.lacking)
        if wanted is None or abs(wanted - self.row.points) < LEAST_CHANGE:
            return None
        return wanted


def suggested_weight(having: PointOutcome, lacking: PointOutcome) -> int | None:
    """Return a suggested number of points from the difference in win rates; None if there is no clear difference."""
    if min(having.ended, lacking.ended) < ENOUGH:
        return None
    apart = having.won * 100 / having.ended - lacking.won * 100 / lacking.ended
    return max(-LARGEST, min(LARGEST, round(apart / SHARE_OF_A_POINT))) or None


def calibrate_points() -> tuple[list[tuple[PointBand, PointOutcome]], list[CalibratedPoint]]:
    """Return the outcomes by band and by point, from the points of leads when last counted. Two queries."""
    rows = list(PriorityPoint.objects.all())
    counted = PriorityScore.objects.aggregate(**_count_expressions(rows))

    def read(name: str) -> PointOutcome:
        return PointOutcome(counted[f"{name}_{WON}"], counted[f"{name}_{LOST}"])

    every = read("all")
    bands = [(band, read(f"band{at}")) for at, band in enumerate(BANDS)]
    judged = []
    for at, row in enumerate(rows):
        having = read(f"point{at}")
        judged.append(CalibratedPoint(row, having, PointOutcome(every.won - having.won, every.lost - having.lost)))
    return bands, judged


def _count_expressions(rows: Sequence[PriorityPoint]) -> dict[str, Count]:
    wanted = {"all": Q()}
    wanted |= {f"band{at}": band.of("points") for at, band in enumerate(BANDS)}
    wanted |= {f"point{at}": Q(reasons__contains=[[row.words]]) for at, row in enumerate(rows)}
    return {
        f"{name}_{outcome}": Count("pk", filter=condition & outcome_query(outcome, "job__"))
        for name, condition in wanted.items()
        for outcome in (WON, LOST)
    }
