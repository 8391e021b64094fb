"""Cost of neglect: value of overdue leads, and of leads lost after being overdue, next to leads lost in time."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.models import Level
from crm.kernel import formats
from reports.dashboard.exceptions import link_count
from reports.dashboard.open_leads import OpenLeadFigures
from reports.dashboard.scope import Linked, Scope
from reports.dashboard.tiles import Figures
from reports.figures.condition import FigureCount
from reports.figures.measures import LOST, LOST_LATE
from reports.figures.sums import Sums


class Cost(NamedTuple):
    """A number of leads, and their value by currency."""

    name: str
    number: Linked
    worth: list[str]


def neglect(scope: Scope, now: OpenLeadFigures, figures: Figures) -> list[Cost]:
    """Return the lines of the card; currencies are never summed."""
    late = now.of_level(Level.LATE)
    crit = now.of_level(Level.CRIT)
    lost = figures.get(LOST, Sums())
    lost_late = figures.get(LOST_LATE, Sums())
    rows = [
        (_("Open and late"), link_count(scope, late.count, level="late"), late),
        (_("Open and very late"), link_count(scope, crit.count, level="crit"), crit),
        (_("Lost in this period after waiting too long"), _linked_count(scope, LOST_LATE, lost_late), lost_late),
        (_("All lost in this period"), _linked_count(scope, LOST, lost), lost),
    ]
    return [
        Cost(name, number, [scope.money(value, currency) for currency, value in sums.worth])
        for name, number, sums in rows
    ]


def _linked_count(scope: Scope, measure: str, sums: Sums) -> Linked:
    return Linked(formats.whole_number(sums.count), sums.count, scope.count_url(FigureCount(measure, scope.days)))
