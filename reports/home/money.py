"""Money section of a mailed report: spend, cost per won job, sales, losses, and the forecast of open leads.

For those who may see what sources cost, and everybody's leads: none of it is a member's own.
"""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.list.conditions import SEE_ALL
from crm.kernel import clock, days
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader
from leads.lead_list import LEADS
from leads.sources.report import figures as source_figures
from leads.sources.report.lead_count import ReportScope as AskedOfSources
from reports.dashboard.forecast import forecast
from reports.dashboard.open_leads import present
from reports.dashboard.records import decided_days
from reports.dashboard.scope import Scope
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays
from reports.figures.measures import CAME, LOST, WON
from reports.figures.reading import FigureRequest, KeptFigures
from reports.figures.sums import Sums
from reports.home.line import HomeLine

UNKNOWN = "–"
Amounts = list[tuple[str, int]]


def may_see_money(member: Member) -> bool:
    """Return whether a member may see what leads cost and bring."""
    return allows(member, "sources.view") and allows(member, SEE_ALL)


def money_lines(member: Member, slug: str, of: days.DayRange, before: days.DayRange) -> list[HomeLine]:
    """Return the lines of a period, each compared with the one before; currencies are never summed."""
    if not may_see_money(member):
        return []
    period, earlier = (ZonedDays(one.first, one.last) for one in (of, before))
    scope = Scope(member, slug, LEADS.filters(), period, 0, Reader.of(member, clock.now()))
    kept = KeptFigures(
        *(FigureRequest(span, {LOST, WON}) for span in (period, earlier)), FigureRequest(decided_days(), {CAME})
    )
    urls = [
        reverse("leads:sources", args=[slug]) + f"?first={span.first}&last={span.last}" for span in (period, earlier)
    ]
    spent, per_won = zip(*(_spend_amounts(member, span) for span in (period, earlier)), strict=True)

    def decided_line(label: str, measure: str) -> HomeLine:
        worth = [kept.sums(span, {measure}, ("measure",), scope.narrowed) for span in (period, earlier)]
        amounts = [sums.get((measure,), Sums()).worth for sums in worth]
        return _amount_line(
            scope, label, amounts, [scope.count_url(FigureCount(measure, span)) for span in (period, earlier)]
        )

    return [
        _amount_line(scope, _("Spent on leads"), spent, urls),
        _amount_line(scope, _("Cost of a won job"), per_won, urls),
        decided_line(_("Sold"), WON),
        decided_line(_("Lost, by value"), LOST),
        *_forecast_lines(scope, kept),
    ]


def _spend_amounts(member: Member, period: ZonedDays) -> tuple[Amounts, Amounts]:
    """Return by currency the spend, and the cost per won job of the period's leads."""
    request = AskedOfSources(period)
    jobs = LEADS.base(LEADS.filters(), member)
    figures = source_figures.read(jobs, request, source_figures.kept_of(request))
    totals = {currency: source_figures.total(figures, currency) for currency in sorted({key[0] for key in figures})}
    spent = [(currency, one.spent) for currency, one in totals.items() if one.spent]
    per_won = [(currency, one.per_won) for currency, one in totals.items() if one.per_won is not None]
    return spent, per_won


def _forecast_lines(scope: Scope, kept: KeptFigures) -> Iterable[HomeLine]:
    for one in forecast(scope, kept, present(scope)):
        url = reverse("reports:dashboard", args=[scope.slug])
        yield HomeLine(_("Forecast of the open leads"), url, (), text=f"{one.likely} ({one.between})")


def _amount_line(scope: Scope, label: str, amounts: Sequence[Amounts], urls: Sequence[str]) -> HomeLine:
    """Return the line of the amounts of the period and the one before, with links to their lists."""
    text, text_before = (scope.worth(amount) or UNKNOWN for amount in amounts)
    return HomeLine(label, urls[0], (), text=text, text_before=text_before, url_before=urls[1])
