"""The lead list, most urgent first. One URL, one view; a fragment for the refresh when a lead's level changes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.list.rows import LeadRowMaker, groups, single_group
from crm.jobs.list.table import table_context
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.choices import ME, NOBODY
from crm.web.lists.conditions.query import Filters
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.first_steps import first_steps, remaining_first_steps
from leads.lead_list import LEADS


@require("jobs.view")
def lead_list(request: TenantRequest) -> HttpResponse:
    """Show the list, or only its rows for htmx."""
    member = request.member
    now = clock.now()
    filters = LEADS.read(request.GET, member)
    order = LEADS.order_of(filters)
    new = list(LEADS.new_jobs(filters, member))
    others = LEADS.apply(filters, member)
    if new:
        others = others.exclude(pk__in=[job.pk for job in new])
    page = read_page(others, request.GET, order)
    if page.newer:
        # They stand on the first page.
        new = []
    rows = [*new, *page.rows]
    maker = LeadRowMaker.of_view(LEADS, request.tenant.slug, Reader.of(member, now), filters, member)
    if filters.sort:
        shown_rows = single_group(page.rows, maker)
    else:
        shown_rows = groups(page.rows, maker, new=new)
    context = {
        **table_context(request, LEADS, filters, page=page, jobs=rows, groups=shown_rows, maker=maker),
        "shown": " ".join([*(group.key for group in shown_rows if group.key), *(["phases"] if shown_rows else [])]),
        "phases": _phase_links(filters),
        **({} if rows else nothing(filters, member, request.tenant.slug)),
        **may(member),
        "may_send": allows(member, "comms.send"),
        "stylish_phases": f"phases-{len(pipeline_setup().phases)} {_table_classes(maker.columns)}",
    }
    # Rows first, with the numbers they had: of two hundred refreshes at once no count holds up a row.
    context["only_rows"] = only_rows = is_fragment(request)
    if not only_rows:
        context |= frame(request, LEADS, filters) | {"first_steps": remaining_first_steps(request) if rows else None}
    return render(request, "leads/list.html#rows" if only_rows else "leads/list.html", context)


def may(member: Member) -> dict[str, bool]:
    """Return the actions this member may do from the page header."""
    return {
        "may_import": allows(member, "leads.import"),
        "may_export": allows(member, "export"),
        "may_open": allows(member, "leads.open"),
    }


# The widest table that has a class of its own (static/css/components/lead-list.css).
MOST_WIDE = 12


def _table_classes(columns: tuple[str, ...]) -> str:
    """Return the table's CSS classes: number of extra columns, and whether value or next step are hidden."""
    by_key = LEADS.columns.by_key
    more = min(sum(by_key[key].css == "c-more" for key in columns), MOST_WIDE)
    none = [name for key, name in (("value", "no-val"), ("next", "no-next")) if key not in columns]
    return " ".join([*([f"more-{more}"] if more else []), *none])


def _phase_links(filters: Filters) -> list[dict[str, Any]]:
    """Return the phases above the bars; each links to its filter, or removes it if active."""
    return [
        {
            "position": at,
            "name": phase.name,
            "url": filters.query(phase="" if filters.get("phase") == str(at) else str(at)),
            "current": filters.get("phase") == str(at),
        }
        for at, phase in enumerate(pipeline_setup().phases, 1)
    ]


def nothing(filters: Filters, member: Member, slug: str) -> dict[str, Any]:
    """Explain an empty list; in an organization without leads, with its first steps."""
    is_first_run = filters in (LEADS.filters(), LEADS.filters(rep=ME)) and not Job.objects.exists()
    steps = None
    if is_first_run:
        steps = first_steps(member, slug)
    return {
        "empty": _empty_message(filters),
        "is_first_run": is_first_run,
        "checklist": steps if steps and steps.steps else None,
        "unclaimed_url": LEADS.filters(rep=NOBODY).query() if LEADS.whose(filters, member) == ME else "",
    }


def _empty_message(filters: Filters) -> tuple[str, str]:
    """Return heading and sentence of an empty list."""
    if filters in (LEADS.filters(), LEADS.filters(rep=ME)):
        return _("No leads yet"), _("New leads show up here, and their clock starts at once.")
    if filters in (LEADS.filters(level="none"), LEADS.filters(level="over")):
        return _("Nothing urgent"), _("Every lead has a status and none is late.")
    if filters == LEADS.filters(waiting="1"):
        return _("Everyone has an answer"), _("Nobody is waiting for our reply.")
    if filters == LEADS.filters(next="missing"):
        return _("Nothing missing"), _("Every open lead has a next step.")
    return _("No leads match"), _("Nothing matches these filters. Remove one.")
