"""The page of how content customers are: months, and what was written; each number opens the answers it counts."""

import io
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from comms.models.survey_answer import BEST
from crm.kernel import clock, formats
from crm.platform.files.sheet_writer import write_csv
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.updates.features import FIGURES
from portal.updates.figures.satisfaction import BANDS, Month, answers_of, band, comments, months
from tickets.figures.views import Cell

MONTHS = 12


@require(FIGURES)
def satisfaction(request: TenantRequest) -> HttpResponse:
    """Show the last twelve months, and the answers of one, or of all."""
    reader = Reader.of(request.member, clock.now())
    brand = next((row for row in directory().brands.values() if str(row.uid) == request.GET.get("brand")), None)
    brand_id = brand.pk if brand else None
    answers = answers_of(request.member, brand_id)
    since = datetime.combine(_first(reader.today), time(), reader.zone)
    found = months(answers, since, reader.zone, brand_id)
    if request.GET.get("format") == "csv":
        return _csv(found)
    chosen = next((month for month in found if f"{month.first:%Y-%m}" == request.GET.get("month")), None)
    wanted = request.GET.get("band", "") if request.GET.get("band") in BANDS else ""
    shown = answers.filter(band(wanted), at__gte=since)
    if chosen:
        begins = datetime.combine(chosen.first, time(), reader.zone)
        shown = shown.filter(at__gte=begins, at__lt=datetime.combine(_next(chosen.first), time(), reader.zone))
    context = {
        "rows": [(formats.month(month.first), _cells(month, brand.uid if brand else "")) for month in found],
        "headings": _headings(),
        "groups": [(_band_name(name), rows) for name, rows in comments(shown).items()],
        "brands": list(directory().brands.values()) if len(directory().brands) > 1 else [],
        "brand": brand,
        "chosen": formats.month(chosen.first) if chosen else "",
    }
    return render(request, "updates/satisfaction.html", context)


def _first(today: date) -> date:
    """Return the first day of the months that are shown."""
    index = today.year * 12 + today.month - MONTHS
    return date(index // 12, index % 12 + 1, 1)


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _headings() -> list[str]:
    return [_("Asked"), _("Answered"), _("Average"), _("Not content"), _("Glad")]


def _band_name(name: str) -> str:
    return {"low": _("Not content: 1 or 2"), "middle": _("In between: 3 or 4"), "high": _("Glad: 5")}[name]


def _cells(month: Month, brand: Any) -> list[Cell]:
    def url(**more: str) -> str:
        asked = {"month": f"{month.first:%Y-%m}"} | ({"brand": str(brand)} if brand else {}) | more
        return f"?{urlencode(asked)}"

    def cell(count: int, note: str = "", **more: str) -> Cell:
        return Cell(str(count), note, url(**more) if count else "")

    percent = month.response_percent
    average = f"{month.average:.1f}/{BEST}" if month.average is not None else "–"
    return [
        Cell(str(month.asked)),
        cell(month.answered, "" if percent is None else _("%(percent)s%% of those asked") % {"percent": percent}),
        Cell(average, "", url() if month.answered else ""),
        cell(month.low, band="low"),
        cell(month.high, band="high"),
    ]


def _csv(found: list[Month]) -> HttpResponse:
    file = io.BytesIO()
    headings = [_("Month"), *_headings(), _("Answered, share of those asked")]
    rows = (
        [month.first, month.asked, month.answered, month.average, month.low, month.high, month.response_percent]
        for month in found
    )
    write_csv(file, headings, rows)
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "satisfaction.csv")
    return response
