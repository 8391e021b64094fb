"""Settings: one step: its guidance, key fields and exit criteria."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from crm.jobs.models import Job, Stage
from crm.jobs.pipeline_settings import edit_effects, form_versions
from crm.jobs.pipeline_settings.views.lookup import pipeline_of, stage_of
from crm.jobs.pipelines.key_fields import key_fields
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import LONGEST_GUIDANCE, MOST_KEY_FIELDS
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from crm.web.shell.record_pages import record_link, records_url


class FieldRow(NamedTuple):
    """A key field on the form, and how many leads in the step lack it now."""

    key: str
    label: str
    is_key: bool
    strength: str
    missing: edit_effects.Count
    url: str


@settings_page("jobs:step", "pipelines.manage", "jobs/step.html", version=form_versions.of_guide, of=("uid", "pk"))
def step(request: TenantRequest, uid: UUID, pk: int) -> Context:
    """Show a step's guidance, key fields and exit criteria."""
    pipeline = pipeline_of(uid)
    stage = stage_of(uid, pk)
    # What was typed stays there where it was refused.
    posted = None
    if request.POST.get("version") == form_versions.of_guide(uid, pk):
        posted = request.POST
    base = f"{records_url(Job, request.tenant.slug)}?pipeline={pipeline.uid}&where=step:is:{stage.name}"
    lacking = edit_effects.count_lacking(stage)
    rows = [
        FieldRow(
            key=key,
            label=str(one.label),
            is_key=key in (posted.getlist("key") if posted else stage.key_fields),
            strength=(posted.get(f"exit-{key}", "") if posted else stage.exit_criteria.get(key, "")),
            missing=lacking.missing[key],
            url=f"{base}&missing={key}",
        )
        for key, one in key_fields().items()
    ]
    return {
        "pipeline": pipeline,
        "stage": stage,
        "guidance": posted.get("guidance", "") if posted else stage.guidance,
        "rows": rows,
        "standing": lacking.standing,
        "standing_url": base,
        "most": MOST_KEY_FIELDS,
        "longest": LONGEST_GUIDANCE,
        "steps": pipeline_setup().steps(pipeline.pk),
        "moves_url": record_link(stage, "moves", by=request.member, slug=request.tenant.slug),
    }


@step.action(stage_of)
def guide(request: TenantRequest, stage: Stage) -> str:
    """Set a step's guidance, key fields and exit criteria."""
    fields = key_fields()
    criteria = {key: strength for key in fields if (strength := request.POST.get(f"exit-{key}", ""))}
    keys = [key for key in request.POST.getlist("key") if key in fields]
    stage.guide(request.POST.get("guidance", ""), keys, criteria, by=request.member)
    return _("“%(name)s” was saved.") % {"name": stage.name}
