"""The figures of what was sent, by channel, template or its version; each number leads to its list."""

import io
from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from comms.outbox.figures import BY, RESULTS, Cell, Figures, figures
from comms.outbox.outbox_list import OUTBOX, SEE_ALL
from crm.kernel import clock
from crm.platform.files.sheet_writer import write_csv
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Days to choose from.
PERIODS = (7, 30, 90)


@require(SEE_ALL)
def sent_figures(request: TenantRequest) -> HttpResponse:
    """Show what became of what was sent in the last days, today among them; as a page or as CSV."""
    asked = request.GET.get("days", "")
    days = next((days for days in PERIODS if str(days) == asked), 30)
    by = request.GET["by"] if request.GET.get("by") in BY else "channel"
    reader = Reader.of(request.member, clock.now())
    since = datetime.combine(reader.today - timedelta(days=days - 1), time(), reader.zone)
    lines = figures(OUTBOX.visible(request.member), since, by)
    if request.GET.get("format") == "csv":
        return _csv(lines, by, days)
    page = reverse("outbox:list", args=[request.tenant.slug])
    context = {
        "lines": [(line, _cells(line, page, days)) for line in lines],
        "headings": [str(label) for label in RESULTS.values()],
        "days": days,
        "periods": PERIODS,
        "by": by,
        "kinds": _kinds(),
    }
    return render(request, "comms/outbox/figures.html", context)


def _kinds() -> list[tuple[str, str]]:
    return [("channel", _("Channel")), ("template", _("Template")), ("version", _("Version of a template"))]


def _cells(line: Figures, page: str, days: int) -> list[Cell]:
    """Return the numbers of a line, each with the address of what it counts."""
    found = []
    for result, count in line.counts.items():
        query = OUTBOX.filters(**line.filters, result=result, at=str(days)).query()
        found.append(Cell(result, count, line.shares.get(result, ""), f"{page}{query}" if count else ""))
    return found


def _csv(lines: list[Figures], by: str, days: int) -> HttpResponse:
    file = io.BytesIO()
    headings = [_("Of"), _("What"), *(str(label) for label in RESULTS.values()), _("Cost")]
    write_csv(file, headings, ([line.name, line.about, *line.counts.values(), line.cost] for line in lines))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"messages-{by}-{days}.csv")
    return response
