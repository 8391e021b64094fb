"""Data accuracy: the share of leads with correct data, and the goal of 98 % (docs/rules.md#defaults)."""

from dataclasses import dataclass

from django.db.models import Count, Q

from crm.jobs.models import Job
from crm.jobs.pipelines.key_fields import key_fields
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.jobs.quality.figures import QualityFigures, figures
from crm.jobs.quality.rules import GOAL
from crm.platform.models import Member

# Open leads looked at for what is missing by step: a tenth of a second. Beyond, the counts are of the most pressing.
MOST = 5000


@dataclass(frozen=True)
class Accuracy:
    """The share of open leads with correct data, in percent, rounded down; the goal is 98."""

    percent: float
    open: int
    flawed: int
    goal: int = GOAL

    @property
    def reached(self) -> bool:
        return self.percent >= self.goal


@dataclass(frozen=True)
class StepGap:
    """How many leads in a step lack a fact it shows or requires."""

    step: str
    pipeline: str
    key: str
    label: str
    missing: int
    standing: int


def accuracy() -> Accuracy:
    """Return the organization's data accuracy, in three statements over indexes; 100 without open leads."""
    counted: QualityFigures = figures()
    return Accuracy(counted.percent, counted.open, counted.flawed)


def missing_by_step(member: Member) -> list[StepGap]:
    """Count the visible leads that lack facts their step shows or requires; one statement, most first."""
    setup = pipeline_setup()
    fields = key_fields()
    steps = {
        step.pk: step
        for pipeline_id, pipeline in setup.pipelines.items()
        if pipeline.archived_at is None
        for step in setup.steps(pipeline_id)
    }
    wanted = {pk: [key for key in asked_in(step) if key in fields] for pk, step in steps.items()}
    keys = list(dict.fromkeys(key for step_keys in wanted.values() for key in step_keys))
    if not keys:
        return []
    seen = (
        Job.objects.visible_to(member).open().filter(stage_id__in=[pk for pk, step_keys in wanted.items() if step_keys])
    )
    columns = {f"lack{at}": Count("pk", filter=~fields[key].is_there()) for at, key in enumerate(keys)}
    few = Q(pk__in=seen.in_list_order().values("pk")[:MOST])
    rows = Job.objects.filter(few).order_by().values("stage_id").annotate(standing=Count("pk"), **columns)
    step_keys = [
        StepGap(
            step=steps[row["stage_id"]].name,
            pipeline=setup.pipelines[steps[row["stage_id"]].pipeline_id].name,
            key=key,
            label=str(fields[key].missing),
            missing=row[f"lack{at}"],
            standing=row["standing"],
        )
        for row in rows
        for at, key in enumerate(keys)
        if key in wanted[row["stage_id"]] and row[f"lack{at}"]
    ]
    return sorted(step_keys, key=lambda gap: (-gap.missing, gap.step, gap.key))


def asked_in(step: Stage) -> list[str]:
    """Return the key fields a step shows or requires."""
    return list(dict.fromkeys([*step.key_fields, *step.exit_criteria]))
