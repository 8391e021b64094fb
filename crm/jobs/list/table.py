"""The context of `jobs/list/_table.html`: the rows of a list of jobs, and the parts around them."""

from collections.abc import Collection
from typing import Any

from crm.jobs.list.job_list import JobList
from crm.jobs.list.rows import LeadGroup, LeadRowMaker, next_crossing
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.web.lists.conditions.query import Filters
from crm.web.lists.paging import Page
from crm.web.requests.http import TenantRequest


def table_context(
    request: TenantRequest,
    preset: JobList,
    filters: Filters,
    *,
    page: Page,
    jobs: Collection[Job],
    groups: list[LeadGroup],
    maker: LeadRowMaker,
) -> dict[str, Any]:
    """Return the context of a list's table and page; `jobs`: those in the groups."""
    crossing = next_crossing(jobs, maker.reader.now)
    return {
        "filters": filters,
        "groups": groups,
        "page": page,
        "age_head": preset.head("age", filters),
        "columns": preset.heads_of(maker.columns, filters),
        "may_pick": maker.may_pick,
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "crossing": crossing.isoformat() if crossing else "",
        "stylish_phases": f"phases-{len(pipeline_setup().phases)}",
        "width": 3 + len({"value", *maker.columns}) + maker.may_pick,
        # Without the value its empty column stays, for the quick actions.
        "has_value": "value" in maker.columns,
    }
