"""Where leads wait: time spent in each step, compared with before, and which side's turn it is now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from crm.jobs.models import Level, Side
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.platform.models import Member
from leads.lead_list import LEADS
from reports.models import StayLeads, StepStay
from reports.work.left_step_filter import ALL


@dataclass
class StepStanding:
    """The open leads of a step: the total, by side, and late ones."""

    sides: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    late: int = 0

    @property
    def all(self) -> int:
        return sum(self.sides.values())


@dataclass(frozen=True)
class StepLine:
    """A step with the durations of its stays, in seconds; None if no lead left it."""

    stage: Stage
    pipeline: str
    pipeline_uid: str
    stays: int
    median: int | None
    p90: int | None
    before: int | None
    standing: StepStanding
    # By side: the seconds in all that it was its move in those stays, and the median of a turn.
    turns: Mapping[str, tuple[int, int]]
    # By side, blank for all that left it: how many leads those stays were of.
    leads: Mapping[str, int]

    @property
    def trend(self) -> int | None:
        """Change of the median in percent; None if there is nothing to compare."""
        if self.median is None or not self.before:
            return None
        return round(100 * (self.median - self.before) / self.before)

    @property
    def weight(self) -> int:
        """The total delay: the median times the number of leads in the step."""
        return (self.median or 0) * self.standing.all


def step_lines(member: Member) -> list[StepLine]:
    """Return the active steps, those that delay most first. Three statements."""
    setup = pipeline_setup()
    leads = leads_of()
    stays = {(row.stage_id, row.is_latest): row for row in StepStay.objects.all()}
    rows = LEADS.apply(LEADS.filters(level="open"), member).order_by().values_list("stage_id", "side", "level")
    standings = standing_of(rows.annotate(leads=Count("pk")))
    lines = [
        _build_line(
            stage,
            stays.get((stage.pk, True)),
            stays.get((stage.pk, False)),
            standings.get(stage.pk, StepStanding()),
            leads[stage.pk],
        )
        for pipeline_id, pipeline in setup.pipelines.items()
        if pipeline.archived_at is None
        for stage in setup.steps(pipeline_id)
    ]
    return sorted(lines, key=lambda line: -line.weight)


def standing_of(rows: Iterable[tuple[int | None, str, int, int]]) -> dict[int, StepStanding]:
    """Sum open leads by step, from counts by step, side and level."""
    by_step: dict[int, StepStanding] = defaultdict(StepStanding)
    for stage_id, side, level, leads in rows:
        if stage_id:
            by_step[stage_id].sides[side] += leads
            by_step[stage_id].late += leads if level in (Level.LATE, Level.CRIT) else 0
    return by_step


def leads_of() -> dict[int | None, dict[str, int]]:
    """Return by step, None for all, the number of leads whose stay ended lately, by the side that had a turn."""
    by_step: dict[int | None, dict[str, int]] = defaultdict(dict)
    for stage_id, side, leads in StayLeads.objects.values_list("stage_id", "side", "leads"):
        by_step[stage_id][side] = leads
    return by_step


def _build_line(
    stage: Stage, now: StepStay | None, before: StepStay | None, standing: StepStanding, leads: Mapping[str, int]
) -> StepLine:
    pipeline = pipeline_setup().pipelines[stage.pipeline_id]
    return StepLine(
        stage=stage,
        pipeline=pipeline.name,
        pipeline_uid=str(pipeline.uid),
        stays=now.stays if now else 0,
        median=now.median if now else None,
        p90=now.p90 if now else None,
        before=before.median if before else None,
        standing=standing,
        turns=now.turns if now else {},
        leads=leads,
    )


def whose_time(lines: Iterable[StepLine]) -> dict[str, int]:
    """Sum the time of each side's turns over all steps."""
    time: dict[str, int] = defaultdict(int)
    for line in lines:
        for side, (seconds, _median) in line.turns.items():
            time[side] += seconds
    return time


def url_of(line: StepLine, slug: str, *, side: str = "", level: str = "open") -> str:
    """Return the URL of the open leads in a step, optionally of one side or only late ones."""
    filters = LEADS.filters(step=line.stage.name, pipeline=line.pipeline_uid, level=level, side=side)
    return LEADS.url("list", slug) + filters.query()


def stayed_url(stage: Stage | None, slug: str, side: str = "") -> str:
    """Return the URL of the leads behind a number of stays: in a step, or all; with a turn of a side."""
    stayed = f"{stage.pk if stage else ALL}.{side}"
    return LEADS.url("list", slug) + LEADS.filters(stayed=stayed, closed="all").query()


SIDES = (Side.US, Side.CUSTOMER, Side.PAUSED)
