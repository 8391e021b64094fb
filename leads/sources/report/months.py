"""Chart of the spend per won lead by the month the leads came in; each bar links to the won leads."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import formats
from crm.kernel.days import DAY, DayRange, next_month
from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.values import ChartValue, Series
from leads.sources.report.figures import SourceFigures
from leads.sources.report.lead_count import LeadCount

Money = Callable[[int], str]


def months_chart(
    counted: LeadCount, total: SourceFigures, today: date, money: Money, url: Callable[[LeadCount], str]
) -> ChartDrawing:
    """Draw the cost of a won lead by month; a month without won leads or spend has no bar."""
    period = counted.asked.period
    values = []
    labels = []
    for month in period.months:
        last = next_month(month) - DAY
        part = DayRange(max(month, period.first), min(last, period.last))
        won = total.won_of[month]
        cost = total.spent_of[month]
        opens = url(counted._replace(asked=counted.asked._replace(period=part), step="won"))
        label = ngettext("%(money)s, %(count)s won", "%(money)s, %(count)s won", won) % {
            "money": money(round(cost / won)) if won and cost else "–",
            "count": formats.whole_number(won),
        }
        is_known = bool(won and cost)
        values.append(
            ChartValue(
                round(cost / won) if is_known else None,
                opens if won else "",
                label,
                is_partial=part != DayRange(month, last) or last >= today,
            )
        )
        labels.append(formats.month(month))
    return bar_chart(
        f"per-won-{counted.currency}",
        _("Spend per won job, by the month the leads came in"),
        labels,
        [Series(_("Per won job"), values)],
        of=_("Month"),
        description=_("Lighter bars are months that are not complete."),
        write=lambda amount: money(round(amount)),
    )
