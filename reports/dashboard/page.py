"""The whole dashboard of a scope, read once, with a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.matrix import Matrix
from reports.dashboard.ageing import ageing
from reports.dashboard.demand import Demand, demand
from reports.dashboard.exceptions import Need, needs
from reports.dashboard.forecast import CurrencyForecast, forecast
from reports.dashboard.funnel import Cohort, funnel
from reports.dashboard.neglect import Cost, neglect
from reports.dashboard.open_leads import present
from reports.dashboard.records import decided_days
from reports.dashboard.response import by_member, count_unanswered, early, response, waiting_days
from reports.dashboard.scope import Scope
from reports.dashboard.team import TeamLine, team
from reports.dashboard.tiles import Figures, Tile, tiles
from reports.dashboard.trend import compared_days, read_counts, trends
from reports.dashboard.unusual_card import Oddity, oddities
from reports.figures.measures import CAME, IN_TIME, LOST, LOST_LATE, MEASURES, NO_CONTACT, WAITING, WON
from reports.figures.reading import FigureRequest, KeptFigures
from reports.figures.sums import Sums
from reports.unusual.detection import WATCHED

_COMPARED = {CAME, WON, LOST, LOST_LATE, IN_TIME, NO_CONTACT}
_Key = tuple[int | None, str]


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    needs: list[Need]
    tiles: list[Tile]
    ageing: Matrix
    neglect: list[Cost]
    team: list[TeamLine]
    funnel: ChartDrawing
    forecasts: list[CurrencyForecast]
    demand: Demand | None
    trends: list[ChartDrawing]
    oddities: list[Oddity]
    open: int

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to show: no open lead, and none that came in."""
        return not self.open and self.funnel.is_empty


def dashboard(scope: Scope) -> Dashboard:
    """Read the dashboard."""
    now = present(scope)
    days = scope.days
    waits = waiting_days()
    kept = KeptFigures(
        *(FigureRequest(part, MEASURES) for part in (days, days.before)),
        *(
            FigureRequest(compared_days(), WATCHED),
            FigureRequest(decided_days(), {CAME}),
            FigureRequest(waits, {WAITING}),
        ),
    )
    members: dict[_Key, Sums] = kept.sums(days, _COMPARED, ("member_id", "measure"), scope.narrowed)
    totals = _by_measure(members)
    before = _by_measure(kept.sums(days.before, _COMPARED, ("measure",), scope.narrowed))
    cohort: Cohort = kept.sums(days, {CAME}, ("stage_id", "outcome"), scope.narrowed)
    waiting = kept.sums(waits, {WAITING}, (), scope.narrowed).get((), Sums())
    not_yet = early(scope)
    answers, answers_of = kept.answers_by_member(days, scope.narrowed)
    speed = response(answers, totals, not_yet.of_days.total())
    was = response(kept.answers(days.before, scope.narrowed), before, not_yet.of_before.total())
    counts = read_counts(scope, kept)
    return Dashboard(
        needs=needs(scope, now, count_unanswered(waiting, not_yet.open)),
        tiles=tiles(scope, now, totals, before, speed, was),
        ageing=ageing(scope, now),
        neglect=neglect(scope, now, totals),
        team=team(scope, now, members, by_member(answers_of, members, not_yet.of_days)),
        funnel=funnel(scope, cohort),
        forecasts=forecast(scope, kept, now),
        demand=demand(scope, counts),
        trends=trends(scope, counts),
        # Of the whole organization: what one member brings on a day is chance.
        oddities=[] if scope.is_own or scope.filters.values else oddities(scope, counts),
        open=now.count,
    )


def _by_measure(sums: Mapping[tuple[Any, ...], Sums]) -> Figures:
    """Return the sums by measure, which is the last part of the keys."""
    by_measure: Figures = defaultdict(Sums)
    for (*_whose, measure), one in sums.items():
        by_measure[measure].include(one)
    return by_measure
