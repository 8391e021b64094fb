"""The page of a past day: the leads at its end, by phase, compared with now."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.list.choices import NO_STEP
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.lists.paging import read_page
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from reports.past.closed import closed_by
from reports.past.export import read_query
from reports.past.leads import leads_at
from reports.past.rows import reader_at, rows_html
from reports.past.stays import LONGEST_FIRST, PhaseChange, changes, spanning

# Days back that are offered.
OFFERED = (1, 7, 30, 90, 365)


@require("reports.past")
@may_lag
def past(request: TenantRequest) -> HttpResponse:
    """Show the leads of a past day, read-only."""
    (at, phase), member = read_query(request.GET), request.member
    page = read_page(spanning(at, member, phase), request.GET, LONGEST_FIRST)
    reader = reader_at(member, at)
    day = (at - timedelta(seconds=1)).astimezone(directory().zone).date()
    today = clock.now().astimezone(directory().zone).date()
    phase_changes = changes(at, member)
    context = {
        "day": day.isoformat(),
        "day_words": reader.date(day),
        "latest": (today - timedelta(days=1)).isoformat(),
        "offered": [(days, (today - timedelta(days=days)).isoformat()) for days in OFFERED],
        "phase": phase,
        "page": page,
        "rows": rows_html(leads_at(page.rows, at), request.tenant.slug, reader),
        "first_url": f"?day={day.isoformat()}" + (f"&phase={phase}" if phase else ""),
        "phases": pipeline_setup().phases,
        "changes": [_phase_line(one, day.isoformat(), request.tenant.slug) for one in phase_changes],
        "total": _add_changes(phase_changes),
        "closed": closed_by(day, member, request.tenant.slug),
        "may_export": allows(member, "export"),
    }
    return render(request, "reports/past.html", context)


def _phase_line(one: PhaseChange, day: str, slug: str) -> dict[str, Any]:
    """Return a row of the table: a phase then and now, with links to both lists."""
    place = ""
    if one.place:
        place = str(one.place)
    now = LEADS.filters(level="open", phase=place, step="" if place else NO_STEP)
    return {
        "change": one,
        "name": one.name or _("No status"),
        "then_url": f"?day={day}&phase={place}" if place else "",
        "now_url": LEADS.url("list", slug) + now.query(),
    }


def _add_changes(found: list[PhaseChange]) -> PhaseChange:
    total = PhaseChange(_("All"), 0)
    for one in found:
        total.then, total.now = total.then + one.then, total.now + one.now
        for key, leads in one.became.items():
            total.became[key] += leads
    return total
