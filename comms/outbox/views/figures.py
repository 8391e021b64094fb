"""Figures of sent messages by channel, template or version; each number links to its list."""

from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.outbox.figures import BY, RESULTS, MessageFigures, figures
from comms.outbox.outbox_list import OUTBOX, SEE_ALL
from crm.kernel import clock
from crm.platform.files.csv_response import csv_response
from crm.web.charts.figure_table import PERIODS, USUAL, FigureCell
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(SEE_ALL)
def sent_figures(request: TenantRequest) -> HttpResponse:
    """Show the figures of the last days including today, as a page or CSV."""
    days_text = request.GET.get("days", "")
    days = next((days for days in PERIODS if str(days) == days_text), USUAL)
    by = "channel"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    reader = Reader.of(request.member, clock.now())
    since = datetime.combine(reader.today - timedelta(days=days - 1), time(), reader.zone)
    lines = figures(OUTBOX.visible(request.member), since, by)
    if request.GET.get("format") == "csv":
        return _csv_response(lines, by, days)
    page = reverse("outbox:list", args=[request.tenant.slug])
    context = {
        "rows": [(line.name, line.about, _line_cells(line, page, days)) for line in lines],
        "first": _("Channel") if by == "channel" else _("Template"),
        "headings": [*(str(label) for label in RESULTS.values()), _("Cost")],
        "days": days,
        "periods": PERIODS,
        "by": by,
        "kinds": _grouping_choices(),
    }
    return render(request, "comms/outbox/figures.html", context)


def _grouping_choices() -> list[tuple[str, str]]:
    return [("channel", _("Channel")), ("template", _("Template")), ("version", _("Version of a template"))]


def _line_cells(line: MessageFigures, page: str, days: int) -> list[FigureCell]:
    """Return the cells of a line, each with the address of its list."""
    cells = []
    for result, count in line.counts.items():
        query = OUTBOX.filters(**line.filters, result=result, at=str(days)).query()
        cells.append(FigureCell(str(count), line.shares.get(result, ""), f"{page}{query}" if count else ""))
    return [*cells, FigureCell(line.cost)]


def _csv_response(lines: list[MessageFigures], by: str, days: int) -> HttpResponse:
    headings = [_("Of"), _("What"), *(str(label) for label in RESULTS.values()), _("Cost")]
    rows = ([line.name, line.about, *line.counts.values(), line.cost] for line in lines)
    return csv_response(f"messages-{by}-{days}", headings, rows)
