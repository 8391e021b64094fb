"""Funnel of the leads that came in: how many reached each phase, and how many were won."""

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.values import ChartValue, Series
from reports.dashboard.scope import Scope
from reports.figures.condition import FigureCount, stages_from_phase
from reports.figures.measures import CAME, WON
from reports.figures.sums import Sums

# The sums of what came in, by step and by what became of them.
Cohort = dict[tuple[int | None, str], Sums]


def funnel(scope: Scope, cohort: Cohort) -> ChartDrawing:
    """Draw the funnel of the leads that came in; each bar opens its leads."""
    everybody = sum(one.count for one in cohort.values())
    steps = [(_("Came in"), everybody, FigureCount(CAME, scope.days))]
    for place, phase in enumerate(pipeline_setup().phases[1:], 2):
        far = set(stages_from_phase(place))
        count = sum(one.count for (stage, _outcome), one in cohort.items() if stage in far)
        steps.append((phase.name, count, FigureCount(CAME, scope.days, phase=place)))
    won = sum(one.count for (_stage, outcome), one in cohort.items() if outcome == WON)
    steps.append((_("Won"), won, FigureCount(CAME, scope.days, WON)))
    values = [
        ChartValue(count if everybody else None, scope.count_url(counted), _format_count(count, everybody))
        for _name, count, counted in steps
    ]
    names = [name for name, _count, _counted in steps]
    title = _("How far leads of this period have come")
    return bar_chart("funnel", title, names, [Series(_("Leads"), values)], of=_("Phase"), height=170)


def _format_count(count: int, everybody: int) -> str:
    if everybody:
        return f"{formats.whole_number(count)} ({formats.whole_percent(100 * count / everybody)})"
    return "–"
