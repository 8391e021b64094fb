"""The lead list: what to jump on, first. One URL, one view; a fragment for the refresh at the next crossing."""

from dataclasses import replace
from typing import Any

from crm.web.requests.permissions import require
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.board import columns as board
from crm.jobs.list.choices import ME, NOBODY
from crm.jobs.list.columns import COLUMNS, NONE, columns_of, read_columns, spell
from crm.jobs.list.counts import capped_counts
from crm.jobs.list.filters import Filters, visible
from crm.jobs.list.paging import read_page
from crm.jobs.list.rows import RowMaker, groups, next_crossing
from crm.jobs.models import Level
from crm.jobs.pipelines.setup import line
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from leads.models import ColumnChoice
from leads.tabs import Tabs, counted


@require("leads.view")
def lead_list(request: TenantRequest) -> HttpResponse:
    """The list, or only its rows for htmx."""
    member, now = request.member, clock.now()
    filters = Filters.read(request.GET, member)
    page = read_page(filters.apply(visible(member), member), request.GET)
    maker = RowMaker.of_view(request.tenant.slug, Reader.of(member, now), filters, member)
    found, crossing = groups(page.jobs, maker), next_crossing(page.jobs, now)
    context = {
        "filters": filters,
        "groups": found,
        "shown": " ".join([*(group.key for group in found), *(["phases"] if found else [])]),
        "page": page,
        "may_pick": maker.may_pick,
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "crossing": crossing.isoformat() if crossing else "",
        "phases": _phases(filters),
        "empty": _empty(filters) if not page.jobs else None,
        "may_import": allows(member, "leads.import"),
        "may_open": allows(member, "leads.open"),
        "unclaimed_url": Filters(rep=NOBODY).query() if filters.whose(member) == ME else "",
        "stylish_phases": f"phases-{len(line().phases)} {_stylish(maker.columns)}",
        "columns": [COLUMNS[key] for key in maker.columns],
        "width": 3 + len({"value", *maker.columns}) + maker.may_pick,
        # Without a value its column stays, for the quick actions.
        "has_value": "value" in maker.columns,
    }
    # Rows first, with the numbers they had: of two hundred refreshes at once no count holds up a row.
    context["only_rows"] = only_rows = is_fragment(request)
    if not only_rows:
        context |= frame(request, filters)
    return render(request, "leads/list.html#rows" if only_rows else "leads/list.html", context)


def frame(request: TenantRequest, filters: Filters) -> dict[str, Any]:
    """What stands around the rows: tabs, chips, the filter panel."""
    member = request.member
    chosen = columns_of(filters.columns, member)
    return {
        "tabs": Tabs.of(filters, member),
        "column_choices": [(column, column.key in chosen) for column in COLUMNS.values()],
        "chips": filters.chips(member),
        "own": not filters.rep and filters.whose(member) == ME,
        "dropped": ", ".join(filters.dropped),
        "has_many": bool(filters.q) and filters.found(member).is_cut,
        "may_import": allows(member, "leads.import"),
        "may_export": allows(member, "export"),
        "may_open": allows(member, "leads.open"),
    }


def _stylish(columns: tuple[str, ...]) -> str:
    """The table's classes: how many columns beyond the usual, and which of those is a phone's alone."""
    more = sum(COLUMNS[key].css == "c-more" for key in columns)
    none = [name for key, name in (("value", "no-val"), ("next", "no-next")) if key not in columns]
    return " ".join([*([f"more-{more}"] if more else []), *none])


@require_POST
@require("leads.view")
def columns(request: TenantRequest) -> HttpResponse:
    """Choose the columns: of the view or address that is open, else the member's own from now on."""
    member = request.member
    filters = Filters.read(QueryDict(request.POST.get("query", "").lstrip("?")), member)
    chosen = spell(read_columns(",".join([*request.POST.getlist("column"), NONE])) or ())
    if filters.view or filters.columns:
        filters = replace(filters, columns=chosen)
    else:
        ColumnChoice.choose(chosen, by=member)
    return redirect(reverse("leads:list", args=[request.tenant.slug]) + filters.query())


def _phases(filters: Filters) -> list[dict[str, Any]]:
    """The head of the bars; each name keeps only the leads in that phase, and again to show all."""
    return [
        {
            "position": at,
            "name": phase.name,
            "url": filters.query(phase="" if filters.phase == str(at) else str(at)),
            "current": filters.phase == str(at),
        }
        for at, phase in enumerate(line().phases, 1)
    ]


def _empty(filters: Filters) -> tuple[str, str]:
    """Heading and sentence where there is nothing to show."""
    if filters in (Filters(), Filters(rep=ME)):
        return _("No leads yet"), _("As soon as one comes in, it shows here, and its time starts to count.")
    if filters.level in ("none", "over") and filters == Filters(level=filters.level):
        return _("Nothing to jump on"), _("Every lead has a status and nobody is late.")
    if filters == Filters(waiting="1"):
        return _("Everybody has an answer"), _("Nobody who wrote is waiting for us.")
    if filters == Filters(next="missing"):
        return _("No hole anywhere"), _("Every open lead has a next step.")
    return _("No lead matches"), _("These filters have nothing in common. Take one away.")


@require("leads.view")
def lead_counts(request: TenantRequest) -> HttpResponse:
    """The numbers of the tabs, groups and phases, in one statement, after the page. `shown`: what the page shows."""
    member = request.member
    filters = Filters.read(request.GET, member)
    kept = filters.apply(visible(member), member)
    wanted = counted(member) | {"open": kept.open(), "need": kept.needing_us()}
    if allows(member, "leads.bulk") and "phases" in request.GET.get("shown", ""):
        wanted["matching"] = kept
    shown = request.GET.get("shown", "").split()
    wanted |= {f"group-{key}": kept.filter(level__in=levels) for key, levels in GROUP_LEVELS.items() if key in shown}
    if "phases" in shown:
        for at, phase in enumerate(line().phases, 1):
            wanted[f"phase-{at}"] = kept.filter(stage_id__in=line().stages_in_phase(phase.pk))
    columns = board.counted(kept, shown)
    counts = capped_counts(wanted | columns)
    counts |= board.beyond({key: counts[key] for key in columns})
    summary = {"open": counts.pop("open"), "need": counts.pop("need")}
    return render(request, "leads/counts.html", {"counts": counts, "summary": summary})


GROUP_LEVELS = {
    "jump": (Level.NONE, Level.CRIT, Level.LATE),
    "today": (Level.SOON,),
    "track": (Level.OK,),
    "still": (Level.HOLD, Level.ENDED),
}
