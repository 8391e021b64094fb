"""The dashboard page, the page of lead ages, and their CSV files."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.actions.row_action import safe_next
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from reports.dashboard.ages import BY, ages
from reports.dashboard.export import ages_csv, csv
from reports.dashboard.follow_ups import follow_ups_of
from reports.dashboard.page import dashboard
from reports.dashboard.scope import FIELDS, PERIODS, Scope
from reports.dashboard.sources import shows_sources, source_tables
from reports.models import UnusualDay


@require("reports.view")
@may_lag
def dashboard_page(request: TenantRequest) -> HttpResponse:
    """Show the dashboard of the leads the member may see."""
    scope = Scope.read(request.GET, request.member, request.tenant.slug)
    page = dashboard(scope)
    if request.GET.get("format") == "csv":
        return csv(scope, page)
    context = {
        "page": page,
        "scope": scope,
        "periods": [(days, scope.address(days=days), days == scope.period) for days in PERIODS],
        "fields": _filter_fields(scope, request.member),
        "now_words": scope.reader.moment(scope.reader.now),
        "csv_url": scope.address(format="csv"),
        "list_url": scope.url(level="open"),
        # What it takes is not waited for: the card comes once the page is there.
        "sources_url": reverse("reports:sources", args=[scope.slug]) + scope.address() if shows_sources(scope) else "",
        "all_sources_url": _sources_url(scope),
        "follow_ups_url": _follow_ups_url(scope),
        "plan_url": reverse("followups:plan", args=[scope.slug]) if allows(request.member, "followups.work") else "",
        "may_acknowledge": allows(request.member, "reports.acknowledge"),
    }
    return render(request, "reports/dashboard.html", context)


def _follow_ups_url(scope: Scope) -> str:
    """Return the URL of the card of follow-ups; "" for a dashboard of some leads."""
    if follow_ups_of(scope) is None:
        return ""
    return reverse("reports:follow_ups", args=[scope.slug]) + scope.address()


def _filter_fields(scope: Scope, member: Member) -> list[dict[str, Any]]:
    """Return the filter fields; fields without a choice are left out."""
    fields = LEADS.filterset.known()
    return [
        {
            "name": name,
            "label": fields[name].label,
            "choices": fields[name].choices(member),
            "value": scope.filters.get(name),
        }
        for name in FIELDS
        if fields[name].offers(member)
    ]


@require("sources.view")
@may_lag
def sources_card(request: TenantRequest) -> HttpResponse:
    """Show the sources of the dashboard's leads, as a fragment of its page."""
    scope = Scope.read(request.GET, request.member, request.tenant.slug)
    if not shows_sources(scope):
        raise Http404
    return render(request, "reports/_sources.html", {"tables": source_tables(scope), "url": _sources_url(scope)})


def _sources_url(scope: Scope) -> str:
    days = {"first": scope.days.first.isoformat(), "last": scope.days.last.isoformat()}
    return f"{reverse('leads:sources', args=[scope.slug])}?{urlencode(days)}"


@require("reports.view")
@may_lag
def ages_page(request: TenantRequest) -> HttpResponse:
    """Show the ages of open leads in their step, by step, member or source."""
    scope = Scope.read(request.GET, request.member, request.tenant.slug)
    by = "step"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    lines = ages(scope, by)
    if request.GET.get("format") == "csv":
        return ages_csv(str(BY[by][1]), lines)
    context = {
        "lines": lines,
        "scope": scope,
        "by": by,
        "label": BY[by][1],
        "kinds": [(name, label, scope.address(by=name)) for name, (_column, label) in BY.items()],
        "fields": _filter_fields(scope, request.member),
        "csv_url": scope.address(by=by, format="csv"),
    }
    return render(request, "reports/ages.html", context)


@require_POST
@require("reports.acknowledge")
def acknowledge(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Acknowledge an unusual day; if it is acknowledged already, the page shows that."""
    row: UnusualDay = get_object_or_404(UnusualDay, uid=uid)
    row.acknowledge(request.POST.get("note", ""), by=request.member)
    messages.success(request, _("Acknowledged. It is off the list."))
    return redirect(safe_next(request) or reverse("reports:dashboard", args=[request.tenant.slug]))
