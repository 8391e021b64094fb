"""Move a lead on despite unmet exit criteria: a form lists what is missing, to fill in or to ignore."""

from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpResponse

from crm.jobs.customer_visibility import correction_refusal
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.exit_criteria import Gap, Heed, Unmet
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.quality.checks import check, facts_of
from crm.jobs.quality.corrections import ASSIGNING, lead_part
from crm.jobs.views.job_action import back, sheet
from crm.jobs.views.quality import fill_inputs, save_part
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import InvalidForm
from crm.web.lists.conditions.query import tidy
from crm.web.requests.correction_input import CorrectionInput
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_link


@dataclass(frozen=True)
class GapLine:
    """A missing item: its text, and its input fields or else the URL of the page that sets it."""

    words: str
    blocks: bool
    inputs: list[CorrectionInput] = field(default_factory=list)
    part: str = ""
    url: str = ""
    why: str = ""


def move_on(request: TenantRequest, job: Job, stage: Stage) -> None:
    """Move the lead; if exit criteria are not met, respond with the form that lists them."""
    if request.POST.get("despite"):
        heed = Heed.BLOCKS
    else:
        heed = Heed.ALL
    try:
        job.move_to(stage, by=request.member, version=request.POST["stay"], heed=heed)
    except Unmet as unmet:
        missing = unmet.gaps
        raise InvalidForm(lambda: exit_form(request, job, stage, missing)) from None


def exit_form(
    request: TenantRequest, job: Job, stage: Stage, missing: list[Gap], refused: dict[str, str] | None = None
) -> HttpResponse:
    """Render the form of missing facts with their fields; `refused`: why typed values were refused, by part."""
    lines = _gap_lines(request, job, missing, refused or {})
    context = {
        "step": pipeline_setup().stages[job.stage_id or 0],
        "to": stage,
        "lines": lines,
        "blocks": any(gap.blocks for gap in missing),
        "fillable": any(line.inputs for line in lines),
        "next": back(request, job),
    }
    return sheet(request, job, "exit", context, HTTPStatus.UNPROCESSABLE_ENTITY)


def _gap_lines(request: TenantRequest, job: Job, missing: list[Gap], refused: dict[str, str]) -> list[GapLine]:
    """List each gap once; two of one form part share the same fields."""
    facts = facts_of([job])[job.pk]
    parts_shown = set[str]()
    lines = list[GapLine]()
    for gap in missing:
        part = None
        if may_fill(request, job, gap.field.part):
            part = lead_part(gap.field.part)
        inputs = []
        if part and part.key not in parts_shown:
            inputs = fill_inputs(part.inputs(job, facts), _form_values(request))
        if part:
            parts_shown.add(part.key)
        url = ""
        if gap.field.link:
            url = record_link(job, gap.field.link, by=request.member, slug=request.tenant.slug)
        why = ""
        if part and inputs:
            why = refused.get(part.key, "")
        lines.append(GapLine(str(gap.field.missing), gap.blocks, inputs, part.key if part else "", url, why))
    return lines


def may_fill(request: TenantRequest, job: Job, key: str) -> bool:
    """Return True if the member may fill in a form part of the lead: its own facts, or its customer's."""
    if lead_part(key) is None or not allows(request.member, "jobs.correct"):
        return False
    if key in ASSIGNING:
        return allows(request.member, "jobs.assign")
    return key not in ("reach", "name") or not correction_refusal(job, by=request.member)


def _form_values(request: TenantRequest) -> dict[str, str] | None:
    if "fill" in request.POST:
        return {name: tidy(str(value)) for name, value in request.POST.items()}
    return None


def fill_in(request: TenantRequest, job: Job, missing: list[Gap]) -> dict[str, str]:
    """Save the typed values of missing facts; returns the refused ones, by part."""
    values = _form_values(request) or {}
    refused = dict[str, str]()
    for key in dict.fromkeys(gap.field.part for gap in missing if may_fill(request, job, gap.field.part)):
        part = lead_part(key)
        assert part is not None, "only what may be filled in is asked"
        names = {one.name for one in part.inputs(job, facts_of([job])[job.pk])}
        if not any(values.get(name) for name in names):
            continue
        try:
            save_part(request, job, part, values)
        except Refused as why:
            refused[key] = str(why)
        job.refresh_from_db()
    check([job])
    return refused
