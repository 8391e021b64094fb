"""The calls of the report on sources: by source and campaign, with the cost per counted call."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.days import DayRange
from crm.platform.organization.configuration import directory
from leads.calls.call_count import CALLS, COUNTED, MISSED, OTHERS, CallCount
from leads.models import TrackedCall, Verdict
from leads.sources.report.figures import Key, SourceFigures
from leads.sources.report.formatting import SourceReportFormat
from leads.sources.report.source_rows import SourceCell
from leads.sources.setup import campaigns

_BY_VERDICT = {Verdict.COUNTED: COUNTED, Verdict.MISSED: MISSED}


@dataclass(frozen=True)
class CallFigures:
    """The calls of a source and campaign, as cells that open their lists."""

    name: str
    cells: list[SourceCell]


def call_figures(
    period: DayRange, figures: Mapping[Key, SourceFigures], report_format: SourceReportFormat, slug: str
) -> list[CallFigures]:
    """Return the rows by source and campaign, the most calls first; empty without tracked calls. One query."""
    counts = _counts_by_place(period)
    url = reverse("calls:list", args=[slug])
    rows = []
    for (source, campaign), results in sorted(counts.items(), key=lambda pair: (-pair[1][CALLS], pair[0])):
        count = CallCount(period, source=source, campaign=campaign)
        cells = [
            SourceCell(
                formats.whole_number(results[result]),
                f"{url}?{urlencode({'brought': str(count._replace(result=result))})}",
            )
            for result in (CALLS, COUNTED, MISSED, OTHERS)
        ]
        cost = _cost_words(source, campaign, results[COUNTED], figures, report_format)
        rows.append(CallFigures(_place_name(source, campaign), [*cells, SourceCell(cost, report_format.spend_url)]))
    return rows


def _counts_by_place(period: DayRange) -> dict[tuple[int, int], Counter[str]]:
    """Count the calls by source and campaign (0: none), as what those were merged into."""
    since, until = period.instants(directory().zone)
    rows: Any = TrackedCall.objects.incoming().filter(at__gte=since, at__lt=until).order_by()
    counts: dict[tuple[int, int], Counter[str]] = {}
    for row in rows.values("source", "campaign", "verdict").annotate(calls=Count("pk")):
        place = (pipeline_setup().sources[row["source"]].pk, campaigns().root(row["campaign"]) or 0)
        results = counts.setdefault(place, Counter())
        results[CALLS] += row["calls"]
        results[_BY_VERDICT.get(Verdict(row["verdict"]), OTHERS)] += row["calls"]
    return counts


def _place_name(source: int, campaign: int) -> str:
    name: str = pipeline_setup().sources[source].name
    if campaign:
        return f"{name} · {campaigns().name(campaign)}"
    return name


def _cost_words(
    source: int, campaign: int, counted: int, figures: Mapping[Key, SourceFigures], report_format: SourceReportFormat
) -> str:
    """Return what was spent on a campaign, or a source without one, per counted call, in each currency."""
    costs = []
    for (currency, its_source, its_campaign), one in sorted(figures.items(), key=lambda pair: pair[0][0]):
        if (its_source, its_campaign) == (source, campaign) and one.spent and counted:
            costs.append(report_format.money(round(one.spent / counted), currency))
    return ", ".join(costs) or "–"
