"""The page of the report on sources, and its CSV file."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from babel.numbers import get_currency_precision
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.list.conditions import SEE_ALL
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.files.sheet_writer import write_csv
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from leads.models import TouchKind
from leads.sources import unmatched
from leads.sources.report import figures as figures_of
from leads.sources.report.lead_count import NEW, RETURNING, ReportScope
from leads.sources.report.page import SourceReport
from leads.sources.report.period import read
from leads.sources.setup import campaigns

VIEW = "sources.view"


def _read_scope(request: TenantRequest) -> tuple[str, ReportScope]:
    today = clock.now().astimezone(directory().zone).date()
    name, period = read(request.GET, today)
    touch = request.GET.get("touch", "")
    who = request.GET.get("who", "")
    if touch in TouchKind.values:
        known_touch = touch
    else:
        known_touch = str(TouchKind.FIRST)
    return name, ReportScope(period, known_touch, who if who in (NEW, RETURNING) else "")


def _visible_jobs(request: TenantRequest) -> Any:
    """Return the leads of the member's default list, so that each number equals the list it opens."""
    if not allows(request.member, SEE_ALL):
        raise Http404
    return LEADS.base(LEADS.filters(), request.member)


@require(VIEW)
@may_lag
def sources(request: TenantRequest) -> HttpResponse:
    """Show the cost and results of each source and campaign, and the lost reasons."""
    name, scope = _read_scope(request)
    compare = bool(request.GET.get("compare"))
    reader = Reader.of(request.member, clock.now())
    report = SourceReport(_visible_jobs(request), scope, reader, request.tenant.slug, compare=compare)
    chosen = {"period": name} if name else {"first": scope.period.first, "last": scope.period.last}
    now = {**chosen, "touch": scope.touch, "who": scope.who, "compare": "1" if compare else ""}

    def address(**changes: str) -> str:
        return "?" + urlencode({key: value for key, value in {**now, **changes}.items() if value})

    context = {
        "tables": report.tables(),
        "asked": scope,
        "days": " – ".join(reader.date(day) for day in (scope.period.first, scope.period.last)),
        "periods": [
            (key, label, "?" + urlencode({**_drop_keys(now, "first", "last"), "period": key}), key == name)
            for key, label in period_words().items()
        ],
        "touches": [(label, address(touch=value), value == scope.touch) for value, label in TouchKind.choices],
        "whose": [
            (label, address(who=value), value == scope.who)
            for value, label in (("", _("All customers")), (NEW, _("New")), (RETURNING, _("Returning")))
        ],
        "compare": compare,
        "compare_url": address(compare="" if compare else "1"),
        "file_url": address(),
        "unmatched": unmatched.with_dates_in_words(unmatched.groups(6), reader),
        "unmatched_count": unmatched.count(),
        "may_manage": allows(request.member, "sources.manage"),
    }
    return render(request, "leads/sources/report.html", context)


def _drop_keys(now: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in now.items() if value and key not in names}


def period_words() -> dict[str, str]:
    return {"30": _("30 days"), "90": _("90 days"), "quarter": _("This quarter"), "year": _("A year")}


@require(VIEW)
@may_lag
def sources_file(request: TenantRequest) -> HttpResponse:
    """Return the report as a CSV file: a row for each source, campaign and currency, amounts in whole units."""
    _name, scope = _read_scope(request)
    figures = figures_of.read(_visible_jobs(request), scope, figures_of.kept_of(scope))
    heads = [_("Source"), _("Campaign"), _("Currency"), _("Spent"), _("Leads"), _("Qualified"), _("Quoted"), _("Won")]
    heads += [_("Revenue"), _("Per won job"), _("Minutes to first contact"), _("Lost value"), _("Main lost reason")]
    file = BytesIO()
    write_csv(file, heads, (_file_line(key, one) for key, one in sorted(figures.items(), key=_sort_key)))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    days = f"{scope.period.first:%Y-%m-%d}-{scope.period.last:%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="sources-{days}.csv"'
    return response


def _sort_key(pair: Any) -> tuple[Any, ...]:
    (currency, source, campaign), _figures = pair
    return currency, source, campaign is not None, campaign or 0


def _file_line(key: figures_of.Key, one: figures_of.SourceFigures) -> list[Any]:
    currency, source, campaign = key

    def money(minor: int | None) -> Any:
        digits = get_currency_precision(currency)
        if minor is None:
            return ""
        return f"{minor / 10**digits:.{digits}f}"

    name = ""
    if source:
        name = pipeline_setup().sources[source].name
    if campaign is None:
        part = _("All campaigns")
    else:
        part = campaigns().name(campaign)
    counts = [one.leads, one.qualified, one.quoted, one.won]
    minutes: Any = one.median_minutes
    if minutes is None:
        minutes = ""
    head = [name, part, currency, money(one.spent), *counts, money(one.revenue), money(one.per_won)]
    return [*head, minutes, money(one.lost_worth), lost_reasons().name(one.mostly)]
