"""The whole dashboard of a scope: read once, in a number of statements that no number of leads changes."""

from dataclasses import dataclass

from crm.web.charts.drawing import Drawing
from crm.web.charts.matrix import Matrix
from reports.dashboard.ageing import ageing
from reports.dashboard.demand import Demand, demand
from reports.dashboard.exceptions import Need, needs
from reports.dashboard.forecast import Forecast, forecast
from reports.dashboard.funnel import funnel
from reports.dashboard.neglect import Cost, neglect
from reports.dashboard.present import present
from reports.dashboard.response import by_member, early, response, unanswered
from reports.dashboard.scope import Scope
from reports.dashboard.team import Line, team
from reports.dashboard.tiles import Figures, Tile, tiles
from reports.dashboard.trend import compared, read_counts, trends
from reports.figures.days import Days
from reports.figures.measures import CAME, IN_TIME, LOST, LOST_LATE, MEASURES, NO_CONTACT, WON
from reports.figures.reading import KeptFigures, Sums
from reports.unusual.card import Oddity, oddities

_OF_MEMBERS = {CAME, WON, LOST, IN_TIME, NO_CONTACT}
_OF_ALL = {*_OF_MEMBERS, LOST_LATE}


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    needs: list[Need]
    tiles: list[Tile]
    ageing: Matrix
    neglect: list[Cost]
    team: list[Line]
    funnel: Drawing
    forecasts: list[Forecast]
    demand: Demand | None
    trends: list[Drawing]
    oddities: list[Oddity]
    open: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: no open lead, and none that came in."""
        return not self.open and self.funnel.is_empty


def dashboard(scope: Scope) -> Dashboard:
    """Read the dashboard."""
    now, days = present(scope), scope.days
    kept = KeptFigures([days, days.before, compared()], MEASURES)
    totals, before = _by_measure(scope, kept, days), _by_measure(scope, kept, days.before)
    members: dict[tuple[int | None, str], Sums] = kept.sums(days, _OF_MEMBERS, ("member_id", "measure"), scope.narrowed)
    cohort: dict[tuple[int | None, str], Sums] = kept.sums(days, {CAME}, ("stage_id", "outcome"), scope.narrowed)
    not_yet = early(scope)
    speed = response(kept.answers(days, scope.narrowed), totals, not_yet.of_days.total())
    was = response(kept.answers(days.before, scope.narrowed), before, not_yet.of_before.total())
    speeds = by_member(kept.answers_by_member(days, scope.narrowed), members, not_yet.of_days)
    counts = read_counts(scope, kept)
    return Dashboard(
        needs=needs(scope, now, unanswered(scope, not_yet.open)),
        tiles=tiles(scope, now, totals, before, speed, was),
        ageing=ageing(scope, now),
        neglect=neglect(scope, now, totals),
        team=team(scope, now, members, speeds),
        funnel=funnel(scope, cohort),
        forecasts=forecast(scope, now),
        demand=demand(scope, counts),
        trends=trends(scope, counts),
        # Of the whole organization: what one member brings on a day is chance.
        oddities=[] if scope.is_own or scope.filters.values else oddities(scope, counts),
        open=now.count,
    )


def _by_measure(scope: Scope, kept: KeptFigures, days: Days) -> Figures:
    return {measure: sums for (measure,), sums in kept.sums(days, _OF_ALL, ("measure",), scope.narrowed).items()}
