"""Raise doubts about leads that match the conditions of work we do not do; a person decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.points.counting import job_kind
from crm.automation.setup import Group, groups_of, read_conditions
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event
from crm.platform.organization.configuration import cached_per_tenant
from leads.models.qualification import Doubt, NoGo

# What may change what the conditions ask about.
EVENTS = frozenset("job.opened job.corrected job.filled_in job.undone note.written".split())


@dataclass(frozen=True)
class NoGoCondition:
    """A parsed condition of work we do not do. One that has become invalid is left out."""

    row: NoGo
    groups: tuple[Group, ...]


@cached_per_tenant
def conditions_of_no_gos() -> tuple[NoGoCondition, ...]:
    """Return the current tenant's conditions of work we do not do."""
    read = [(row, read_conditions(job_kind(), row.where)) for row in NoGo.objects.order_by("pk")]
    return tuple(NoGoCondition(row, groups_of(conditions)) for row, conditions in read if not conditions.dropped)


def wanted_events() -> frozenset[str]:
    """Return the kinds of events after which a lead may match the current tenant's conditions."""
    if conditions_of_no_gos():
        return EVENTS
    return frozenset()


def hear(heard: Sequence[Event]) -> None:
    """Check the leads of these events (subscriber)."""
    look_at({event.job_id for event in heard if event.job_id})


def look_at(ids: Collection[int]) -> None:
    """Raise a doubt about each open lead that matches a condition; remove doubts that no longer apply.

    What is sold was ours to do, whatever its conditions say by now.
    """
    setup = pipeline_setup()
    sold = [pk for pk in setup.stages if setup.is_sold(pk)]
    unsold = Job.objects.open().filter(Q(stage=None) | ~Q(stage_id__in=sold), pk__in=list(ids))
    open_ids = list(unsold.order_by("pk").values_list("pk", flat=True))
    if not open_ids:
        return
    rules = conditions_of_no_gos()
    judged = judge_conditions(job_kind(), open_ids, [group for one in rules for group in one.groups])
    matches = {
        pk: next((one.row for one in rules if all_groups_hold(one.groups, conditions)), None)
        for pk, conditions in judged.items()
    }
    Doubt.objects.filter(pk__in=[pk for pk, row in matches.items() if row is None], settled_at=None).delete()
    rows = [Doubt(job_id=pk, no_go=row) for pk, row in sorted(matches.items()) if row is not None]
    Doubt.objects.bulk_create(rows, ignore_conflicts=True)


def doubt_of(job: Job) -> Doubt | None:
    """Return the open disqualification review of a lead. No query if the tenant has no conditions."""
    if not job.is_open or job.is_sold or not conditions_of_no_gos():
        return None
    doubt: Doubt | None = Doubt.objects.filter(pk=job.pk, settled_at=None).select_related("no_go__partner").first()
    return doubt
