"""The forecast page, the page that checks it against past months, and their CSV file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.platform.files.csv_response import csv_response
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from reports.dashboard.export import Row, of_table
from reports.dashboard.scope import Scope
from reports.figures.days import today
from reports.months.page import ForecastPage, read_page

# What the page can be filtered by, of the filters of the list of leads.
FIELDS = ("brand", "pipeline")
SHARE = 80
COMING = "reports/months/forecast.html"
CHECKED = "reports/months/checked.html"


@require("reports.forecast")
@may_lag
def forecast_page(request: TenantRequest) -> HttpResponse:
    """Show the expected numbers of this month and the next two."""
    return _render_page(request, COMING)


@require("reports.forecast")
@may_lag
def checked_page(request: TenantRequest) -> HttpResponse:
    """Show what was expected of past months, and the actual numbers."""
    return _render_page(request, CHECKED)


def _render_page(request: TenantRequest, template: str) -> HttpResponse:
    query = request.GET.copy()
    for name in set(query) - set(FIELDS):
        del query[name]
    scope = Scope.read(query, request.member, request.tenant.slug)
    page = read_page(scope)
    if request.GET.get("format") == "csv":
        headings = [_("Section"), _("Of"), _("Number"), _("Value")]
        return csv_response(f"forecast-{today()}", headings, _export_rows(page))
    kept = urlencode({name: scope.filters.get(name) for name in FIELDS if scope.filters.get(name)})
    context = {
        "page": page,
        "fields": _filter_fields(scope),
        "is_filtered": bool(kept),
        "csv_url": f"?{kept}&format=csv",
        "tabs": [
            (f"{reverse(name, args=[scope.slug])}?{kept}", label, template == page_template)
            for name, label, page_template in (
                ("reports:forecast", _("Coming months"), COMING),
                ("reports:forecast_checked", _("Compared with the past"), CHECKED),
            )
        ],
        "headings": [_("Expected"), _("Range"), _("Actual"), _("Result")],
        "share": SHARE,
    }
    return render(request, template, context)


def _filter_fields(scope: Scope) -> list[dict[str, Any]]:
    fields = LEADS.filterset.known()
    return [
        {
            "name": name,
            "label": fields[name].label,
            "choices": fields[name].choices(scope.member),
            "value": scope.filters.get(name),
        }
        for name in FIELDS
        if fields[name].offers(scope.member)
    ]


def _export_rows(page: ForecastPage | None) -> Iterator[Row]:
    if page is None:
        return
    for card in page.cards:
        yield from of_table(card.title, card.chart.table)
        for name, _about, cells in card.pipeline_rows:
            for month, cell in zip(page.months, cells, strict=True):
                yield card.title, name, month, f"{cell.text} ({cell.note})" if cell.note else cell.text
        for month, _about, cells in card.checked_rows:
            for heading, cell in zip((_("Expected"), _("Range"), _("Actual"), _("Result")), cells, strict=True):
                yield card.title, month, heading, cell.text
