"""Read the tenant's pipelines, phases, stages, targets and sources, cached per process."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from crm.jobs.pipelines.phase import Phase
from crm.jobs.pipelines.pipeline import Pipeline
from crm.jobs.pipelines.source import Source
from crm.jobs.pipelines.stage import Stage
from crm.jobs.pipelines.target import StageTarget
from crm.platform.organization.configuration import cached_per_tenant, directory


class Allowance(NamedTuple):
    """The seconds a step may take, and the calendar they are counted by; None counts calendar hours."""

    seconds: int
    calendar_id: int | None


class Sources(Mapping[int, Source]):
    """Sources by id. The id of a merged source gives the one it was merged into; `values()` omits merged ones."""

    def __init__(self, rows: dict[int, Source]) -> None:
        self.all = rows

    def __getitem__(self, pk: int) -> Source:
        row = self.all[pk]
        while row.merged_into_id is not None:
            row = self.all[row.merged_into_id]
        return row

    def __iter__(self) -> Iterator[int]:
        return (pk for pk, row in self.all.items() if row.merged_into_id is None)

    def __len__(self) -> int:
        return sum(1 for _pk in self)

    def meaning(self, pk: int) -> list[int]:
        """Return the ids that stand for a source: its own, and those of sources merged into it."""
        return [one for one in self.all if self[one].pk == self[pk].pk]

    def all_names(self) -> Iterator[tuple[str, int]]:
        """Return every name, also of merged sources, with the id of the resulting source."""
        return ((row.name, self[pk].pk) for pk, row in self.all.items())


@dataclass(frozen=True)
class PipelineSetup:
    """The tenant's setup of pipelines, by id. Treat the rows as read-only."""

    phases: list[Phase]
    pipelines: dict[int, Pipeline]
    stages: dict[int, Stage]
    sources: Sources
    targets: dict[tuple[int, int | None, int | None, int | None], StageTarget]
    # By pipeline: one list of live stages for each phase, in order; empty where the pipeline skips the phase.
    shapes: dict[int, list[list[Stage]]]
    # Of each phase its place in the bar, from 1.
    places: dict[int, int]

    @property
    def default_pipeline(self) -> Pipeline:
        """The pipeline of jobs that are created without one."""
        live = [pipeline for pipeline in self.pipelines.values() if pipeline.archived_at is None]
        return next((pipeline for pipeline in live if pipeline.is_default), live[0])

    def types(self, pipeline_id: int | None = None) -> set[str]:
        """Return the type of a pipeline; without one, the types of all live pipelines."""
        if pipeline_id is not None:
            return {self.pipelines[pipeline_id].type}
        return {row.type for row in self.pipelines.values() if row.archived_at is None}

    def steps(self, pipeline_id: int) -> list[Stage]:
        """Return the live stages of a pipeline, in the order of the bar."""
        return [stage for phase in self.shapes[pipeline_id] for stage in phase]

    def first_step(self, pipeline_id: int) -> int | None:
        """Return the id of a pipeline's first live stage, where a new lead stays until the first contact."""
        return next((stage.pk for phase in self.shapes[pipeline_id] for stage in phase), None)

    def entry(self, pipeline_id: int, phase: int) -> Stage | None:
        """Return a pipeline's first live step in a phase, given by its position from 1; None if it has none."""
        steps = self.shapes[pipeline_id][phase - 1]
        if steps:
            return steps[0]
        return None

    def phase_of(self, stage_id: int | None) -> int:
        """Return the position, from 1, of a step's phase; 0 without a step."""
        if stage_id:
            return self.places[self.stages[stage_id].phase_id]
        return 0

    def place(self, stage_id: int) -> tuple[int, int, int]:
        """Return a step's position along its bar, as a sort key; archived ones keep their position."""
        stage = self.stages[stage_id]
        return self.places[stage.phase_id], stage.position, stage.pk

    def is_sold(self, stage_id: int | None) -> bool:
        """Return True if jobs in a step count as sold, by its phase."""
        return bool(stage_id) and self.phases[self.phase_of(stage_id) - 1].is_sold

    def quoted_from(self, pipeline_id: int) -> Stage | None:
        """Return the step from which on a pipeline's jobs count as quoted: the chosen one, else by the phases."""
        chosen = (row for row in self.steps(pipeline_id) if row.is_quoted)
        return next(chosen, None) or self.usually_quoted_from(pipeline_id)

    def usually_quoted_from(self, pipeline_id: int) -> Stage | None:
        """Return the last step of the quote phase, i.e. two phases before the first sold one; if empty, the next step.

        Of Contact, Inspect, Quote, Decide, Job and Paid that phase is the third.
        """
        sold = next((at for at, phase in enumerate(self.phases, 1) if phase.is_sold), len(self.phases))
        of_quotes, *beyond = self.shapes[pipeline_id][max(sold - 2, 1) - 1 :]
        if of_quotes:
            return of_quotes[-1]
        return next((steps[0] for steps in beyond if steps), None)

    def stages_in_phase(self, phase_id: int) -> list[int]:
        """Return the ids of all stages of a phase, over all pipelines, archived ones too."""
        return [stage.pk for stage in self.stages.values() if stage.phase_id == phase_id]

    def rule(
        self, pipeline_id: int, stage_id: int | None, brand_id: int | None, priority: int | None, *, theirs: bool
    ) -> StageTarget | None:
        """Return the most specific target: brand + priority, brand, priority, the stage's own; None: the default."""
        for brand, rank in ((brand_id, priority), (brand_id, None), (None, priority), (None, None)):
            target = self.targets.get((pipeline_id, stage_id, brand, rank))
            if target and (target.theirs if theirs else target.ours):
                return target
        return None

    def allowance(
        self, pipeline_id: int, stage_id: int | None, brand_id: int, priority: int, *, theirs: bool = False
    ) -> Allowance:
        """Return how long a step may take, by the target that applies or the tenant's default (docs/rules.md#k15)."""
        organization = directory()
        target = self.rule(pipeline_id, stage_id, brand_id, priority, theirs=theirs)
        if target is None:
            return Allowance(organization.tenant.default_theirs if theirs else organization.tenant.default_ours, None)
        if theirs:
            seconds = target.theirs
        else:
            seconds = target.ours
        assert seconds is not None, "a rule decides only with a time of its own"
        return Allowance(seconds, organization.calendar_of(brand_id) if target.working_hours else None)


@cached_per_tenant
def pipeline_setup() -> PipelineSetup:
    """Return the setup of the current tenant."""
    phases = list(Phase.objects.order_by("position"))
    pipelines = {row.pk: row for row in Pipeline.objects.order_by("position", "name")}
    stages = {row.pk: row for row in Stage.objects.order_by("pipeline_id", "position", "pk")}
    return PipelineSetup(
        phases=phases,
        pipelines=pipelines,
        stages=stages,
        sources=Sources({row.pk: row for row in Source.objects.order_by("name")}),
        targets={(row.pipeline_id, row.stage_id, row.brand_id, row.priority): row for row in StageTarget.objects.all()},
        shapes={pk: _build_shape(pk, phases, stages.values()) for pk in pipelines},
        places={phase.pk: at for at, phase in enumerate(phases, 1)},
    )


def _build_shape(pipeline_id: int, phases: list[Phase], stages: Iterable[Stage]) -> list[list[Stage]]:
    live = [stage for stage in stages if stage.pipeline_id == pipeline_id and stage.archived_at is None]
    return [[stage for stage in live if stage.phase_id == phase.pk] for phase in phases]
