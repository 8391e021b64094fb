"""Progress of a lead: qualified once it is past the first phase, quoted once it reaches a step with a quote sent.

Both are kept with their first instant, as sold is (leads/sale.py), and stay when a lead moves back: it was quoted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Min, OuterRef, Subquery

from crm.jobs.models import Job, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Event
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.work import due
from leads.models import Lead
from leads.sources.kept.upkeep import note_jobs

# The due work that counts anew who was quoted, and how many leads it takes at once.
RECOUNT = "leads.quoted"
SLICE = 2000


def qualified_steps() -> set[int]:
    """Return the steps from the second phase on."""
    setup = pipeline_setup()
    return {pk for pk in setup.stages if setup.phase_of(pk) > 1}


def quoted_steps() -> set[int]:
    """Return the steps that count as quoted: in each pipeline the step marked so, and all after it."""
    setup = pipeline_setup()
    first = {pk: stage for pk in setup.pipelines if (stage := setup.quoted_from(pk))}
    return {
        pk
        for pk, stage in setup.stages.items()
        if stage.pipeline_id in first and setup.place(pk) >= setup.place(first[stage.pipeline_id].pk)
    }


@cached_per_tenant
def _steps_by_column() -> Mapping[str, set[int]]:
    """Return the qualified and quoted steps, by column; an import calls it for each lead."""
    return {"qualified_at": qualified_steps(), "quoted_at": quoted_steps()}


def reached_columns(stage_id: int | None, at: datetime) -> dict[str, datetime]:
    """Return the columns set for a lead that begins in a step."""
    return {column: at for column, there in _steps_by_column().items() if stage_id in there}


def follow_moves(moved: Sequence[Event]) -> None:
    """Record the progress of leads that moved."""
    came_further = set()
    for event in moved:
        for column, there in _steps_by_column().items():
            if event.data.get("to") in there:
                first = Lead.objects.filter(pk=event.subject_id, **{column: None}).update(**{column: event.at})
                came_further |= {event.subject_id} if first else set()
    # Most moves change nothing that the report counts.
    if came_further:
        note_jobs(came_further)


def catch_up() -> None:
    """Record the progress of existing leads, as after an upgrade."""
    entered = Job.objects.filter(pk=OuterRef("pk")).order_by().values("entered_at")[:1]
    for column, there in (("qualified_at", qualified_steps()), ("quoted_at", quoted_steps())):
        rows = Lead.objects.filter(**{column: None}, job__stage_id__in=there)
        behind = list(rows.values_list("pk", flat=True))
        rows.filter(pk__in=behind).update(**{column: Subquery(entered)})
        note_jobs(behind)


def recount_soon(changed: Sequence[Event]) -> None:
    """Schedule a recount of all leads after the steps that count as quoted have changed."""
    due.schedule(RECOUNT, 0, clock.now())


def recount(after: Sequence[int]) -> None:
    """Recompute when the next slice of leads was first quoted, and schedule the one after it. Idempotent."""
    leads = Lead.objects.filter(pk__gt=min(after)).order_by("pk").select_for_update(of=("self",))[:SLICE]
    rows = {lead.pk: lead for lead in leads}
    there = quoted_steps()
    stays = StageVisit.objects.filter(job_id__in=rows, stage_id__in=there).order_by()
    came = dict(stays.values_list("job_id").annotate(Min("entered_at")))
    standing = Job.objects.filter(pk__in=rows, stage_id__in=there).order_by().values_list("pk", "entered_at")
    # An imported lead that had ended has no stays.
    came = dict(standing) | came
    changed = []
    for pk, lead in rows.items():
        at = came.get(pk)
        if lead.quoted_value is not None and lead.quoted_at:
            at = min(at or lead.quoted_at, lead.quoted_at)
        if lead.quoted_at != at:
            lead.quoted_at = at
            changed.append(lead)
    bulk_write.save_all(changed, ["quoted_at"])
    note_jobs([lead.pk for lead in changed])
    if len(rows) == SLICE:
        due.schedule(RECOUNT, max(rows), clock.now())
