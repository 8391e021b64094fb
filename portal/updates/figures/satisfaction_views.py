"""Page of customer satisfaction by month or member, with comments; each number links to its answers."""

from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comms.models.survey_answer import BEST
from connections.reviews.figures import review_summary
from crm.kernel import clock, formats
from crm.kernel.days import next_month
from crm.platform.files.csv_response import csv_response
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.updates.features import FIGURES
from portal.updates.figures.satisfaction import (
    BANDS,
    SatisfactionLine,
    answers_of,
    by_member,
    latest_comments,
    lines_by_month,
    score_band,
)

MONTHS = 12
BY = ("month", "member")


@require(FIGURES)
def satisfaction(request: TenantRequest) -> HttpResponse:
    """Show the last twelve months, by month or by member, and the answers of one line, or of all."""
    reader = Reader.of(request.member, clock.now())
    brand = next((row for row in directory().brands.values() if str(row.uid) == request.GET.get("brand")), None)
    brand_id = None
    if brand:
        brand_id = brand.pk
    answers = answers_of(request.member, brand_id)
    since = datetime.combine(_first_month(reader.today), time(), reader.zone)
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    else:
        by = BY[0]
    if by == "month":
        lines = lines_by_month(answers, since, reader.zone, brand_id)
    else:
        lines = by_member(answers, since, brand_id)
    if request.GET.get("format") == "csv":
        return _csv_response(lines, by)
    chosen = next((line for line in lines if _line_value(line, by) == request.GET.get(by)), None)
    wanted = ""
    if request.GET.get("band") in BANDS:
        wanted = request.GET.get("band", "")
    chosen_answers = answers.filter(score_band(wanted), at__gte=since)
    if chosen and by == "member":
        chosen_answers = chosen_answers.filter(job__member_id=chosen.key)
    elif chosen:
        begins = datetime.combine(chosen.key, time(), reader.zone)
        chosen_answers = chosen_answers.filter(
            at__gte=begins, at__lt=datetime.combine(next_month(chosen.key), time(), reader.zone)
        )
    context = {
        "rows": [(_line_name(line, by), "", _line_cells(line, by, str(brand.uid) if brand else "")) for line in lines],
        "headings": _column_headings(),
        "groups": [(_band_name(name), rows) for name, rows in latest_comments(chosen_answers).items()],
        "public": "" if brand else review_summary(request.member, since),
        "brands": list(directory().brands.values()) if len(directory().brands) > 1 else [],
        "brand": brand,
        "chosen": _line_name(chosen, by) if chosen else "",
        "by": by,
        "kinds": list(zip(BY, _kind_headings(), strict=True)),
    }
    return render(request, "updates/satisfaction.html", context)


def _first_month(today: date) -> date:
    """Return the first day of the period shown."""
    index = today.year * 12 + today.month - MONTHS
    return date(index // 12, index % 12 + 1, 1)


def _kind_headings() -> list[str]:
    return [_("Month"), _("Member")]


def _line_name(line: SatisfactionLine, by: str) -> str:
    if by == "month":
        return formats.month(line.key)
    if line.key:
        return directory().members[line.key].name
    return _("Nobody")


def _line_value(line: SatisfactionLine, by: str) -> str:
    """Return the URL value of a line."""
    if by == "month":
        return f"{line.key:%Y-%m}"
    if line.key:
        return str(directory().members[line.key].uid)
    return NOBODY


def _column_headings() -> list[str]:
    return [_("Asked"), _("Answered"), _("Average"), _("Unhappy"), _("Happy")]


def _band_name(name: str) -> str:
    return {"low": _("Unhappy: 1 or 2"), "middle": _("Neutral: 3 or 4"), "high": _("Happy: 5")}[name]


def _line_cells(line: SatisfactionLine, by: str, brand: str) -> list[FigureCell]:
    def url(**more: str) -> str:
        query = {"by": by, by: _line_value(line, by)} | ({"brand": brand} if brand else {}) | more
        return f"?{urlencode(query)}"

    def cell(count: int, note: str = "", **more: str) -> FigureCell:
        return FigureCell(str(count), note, url(**more) if count else "")

    percent = line.response_percent
    average = "–"
    if line.average is not None:
        average = f"{formats.one_decimal(line.average)}/{BEST}"
    return [
        FigureCell(str(line.asked)),
        cell(line.answered, "" if percent is None else _("%(percent)s%% of those asked") % {"percent": percent}),
        FigureCell(average, "", url() if line.answered else ""),
        cell(line.low, band="low"),
        cell(line.high, band="high"),
    ]


def _csv_response(found: list[SatisfactionLine], by: str) -> HttpResponse:
    headings = [_kind_headings()[BY.index(by)], *_column_headings(), _("Answered, share of those asked")]
    rows = (
        [
            *(line.key if by == "month" else _line_name(line, by), line.asked, line.answered),
            *(line.average, line.low, line.high, line.response_percent),
        ]
        for line in found
    )
    return csv_response("satisfaction", headings, rows)
