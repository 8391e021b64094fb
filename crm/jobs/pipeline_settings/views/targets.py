"""Settings: how long a pipeline's steps may take, in general or by priority and brand."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Pipeline, Priority
from crm.jobs.pipeline_settings import form_versions
from crm.jobs.pipeline_settings.own_times import own_times
from crm.jobs.pipeline_settings.views.lookup import pipeline_of, stage_of
from crm.jobs.pipeline_settings.views.target_form import TargetForm, TargetRow, key_of, words
from crm.jobs.pipeline_settings.views.target_preview import TAKEN, Times, build_preview, times_of
from crm.jobs.pipeline_settings.views.terms import workday
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase
from crm.kernel import durations
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("pipelines.manage")
def targets(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit the general targets of all steps."""
    pipeline = pipeline_of(uid)
    cases = {TargetCase(None): _("First contact, before the first step")}
    cases |= {TargetCase(stage.pk): stage.name for stage in pipeline_setup().steps(pipeline.pk)}
    return _edit_targets(request, pipeline, cases, {"more": _count_special(pipeline), "all": True})


@require("pipelines.manage")
def first_touch(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit how soon a lead without status must first be contacted, by priority and brand."""
    pipeline = pipeline_of(uid)
    return _edit_targets(request, pipeline, _list_cases(None), {"name": _("First contact, before the first step")})


@require("pipelines.manage")
def step(request: TenantRequest, uid: UUID, pk: int) -> HttpResponse:
    """Edit the targets of one step, by priority and brand."""
    pipeline = pipeline_of(uid)
    stage = stage_of(uid, pk)
    return _edit_targets(request, pipeline, _list_cases(stage.pk), {"name": stage.name})


def _list_cases(stage_id: int | None) -> dict[TargetCase, str]:
    """List the cases: the step and its priorities; then, if there are several brands, each brand with its own."""
    ranks = {rank.value: str(rank.label) for rank in Priority}
    cases = {TargetCase(stage_id): _("All leads")}
    cases |= {TargetCase(stage_id, None, rank): name for rank, name in ranks.items()}
    brands = directory().brands.values()
    several = sum(brand.archived_at is None for brand in brands) > 1
    for brand in brands:
        kept = [
            target
            for target in pipeline_setup().targets.values()
            if (target.stage_id, target.brand_id) == (stage_id, brand.pk)
        ]
        if (several and brand.archived_at is None) or kept:
            cases |= {TargetCase(stage_id, brand.pk): _("All leads")}
            cases |= {TargetCase(stage_id, brand.pk, rank): name for rank, name in ranks.items()}
    return cases


def _count_special(pipeline: Pipeline) -> dict[int, int]:
    """Count each step's targets by priority or brand; key 0 is the first contact."""
    counts: dict[int, int] = {}
    for target in pipeline_setup().targets.values():
        if target.pipeline_id == pipeline.pk and (target.brand_id or target.priority):
            counts[target.stage_id or 0] = counts.get(target.stage_id or 0, 0) + 1
    return counts


def _edit_targets(
    request: TenantRequest, pipeline: Pipeline, cases: Mapping[TargetCase, str], context: dict[str, Any]
) -> HttpResponse:
    if not is_posted(request):
        return _targets_page(request, TargetForm(pipeline, cases, None), context, 200, "")
    if is_stale(request, form_versions.of_targets(pipeline.pk)):
        return _targets_page(request, TargetForm(pipeline, cases, None), context, 409, stale_message())
    form = TargetForm(pipeline, cases, _form_data(request, pipeline, cases))
    if form.errors:
        return _targets_page(request, form, context, 422, "")
    looked_at = request.POST.get("looked_at") == _preview_hash(form)
    if request.POST.get("act") != "save" or not looked_at or not form.changes:
        return _targets_page(request, form, context, 200, "")
    count = form.save(request.member)
    sentence = ngettext("%(count)s target was changed.", "%(count)s targets were changed.", count) % {"count": count}
    messages.success(request, sentence + " " + _("Running clocks are updated within a minute."))
    return redirect(request.path)


def _form_data(request: TenantRequest, pipeline: Pipeline, cases: Mapping[TargetCase, str]) -> Mapping[str, str]:
    """Return the posted data; a "take" button replaces the target by one of the step's measured times."""
    key, _colon, which = request.POST.get("take", "").partition(":")
    case = next((one for one in cases if key_of(one) == key and one.stage_id), None)
    if case is None or case.stage_id is None or which not in TAKEN:
        return request.POST
    times = own_times([case.stage_id])[case.stage_id]
    if not times.is_enough:
        return request.POST
    posted = request.POST.copy()
    day = workday(case.brand_id, working_hours=posted.get(f"counts-{key}") != "calendar")
    posted[f"ours-{key}"] = durations.exact_duration(max(60, getattr(times, which)), day)
    return posted


def _targets_page(
    request: TenantRequest, form: TargetForm, context: dict[str, Any], status: int, told: str
) -> HttpResponse:
    looked = form.posted is not None and not form.errors
    effect = None
    if looked:
        effect = form.effect()
    more = context.get("more", {})
    values = {
        "pipeline": form.pipeline,
        "groups": _group_rows(form, more, times_of(form) if context.get("all") else {}),
        "errors": form.errors,
        "looked": looked,
        "effect": words(effect) if effect else "",
        "preview": build_preview(request, form, effect) if effect else None,
        "looked_at": _preview_hash(form) if looked else "",
        "version": form_versions.of_targets(form.pipeline.pk),
        "told": told,
        # Whose own time was put in: the field it stands in now is where the keyboard goes on.
        "taken": request.POST.get("take", "").partition(":")[0],
        "trouble": status >= 400,
    }
    name = "jobs/targets.html"
    if request.htmx and status != 409:
        name = "jobs/targets.html#effect"
    return render(request, name, context | values, status=status)


class TargetGroup(NamedTuple):
    """The rows of one brand; those of all brands come first."""

    brand: str
    rows: list[tuple[TargetRow, int, Times | None]]
    own: int
    open: bool


def _group_rows(form: TargetForm, more: Mapping[int, int], times: Mapping[int, Times]) -> list[TargetGroup]:
    groups = []
    for brand_id in dict.fromkeys(row.case.brand_id for row in form.rows):
        rows = [row for row in form.rows if row.case.brand_id == brand_id]
        own = sum(bool(row.ours or row.theirs) for row in rows)
        name = ""
        if brand_id:
            name = directory().brands[brand_id].name
        is_open = own > 0 or any(row.errors for row in rows)
        shown_rows = [(row, more.get(row.case.stage_id or 0, 0), times.get(row.case.stage_id or 0)) for row in rows]
        groups.append(TargetGroup(name, shown_rows, own, is_open))
    return groups


def _preview_hash(form: TargetForm) -> str:
    """Hash the preview, so that saving is refused if the effect has changed since."""
    return version_of(sorted((str(case), str(terms)) for case, terms in form.changes.items()))
