"""Map of all pipelines and their triggers: positions of steps and triggers, and the arrows between them.

Laid out here, in pixels, for a drawing that is made on the server; the same nodes are listed as text beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from django.core.cache import cache
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F

from crm.automation.definition import DoStep
from crm.automation.editor.rule_text import step_texts as step_words
from crm.automation.jobs.step_choices import stage_ids
from crm.automation.models import Rule
from crm.automation.setup import ReadRule, read_rule
from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import Job, Pipeline, Stage, StageVisit
from crm.jobs.models.job_record import JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock, durations
from crm.platform.tenancy.context import required_tenant_id
from crm.web.lists.conditions.query import Filters
from crm.web.shell.record_pages import records_url

# Pixels of the drawing.
WIDTH = 148
HEIGHT = 58
GAP = 32
ACROSS = 6
RULE_HEIGHT = 30
RULE_GAP = 8
ROW_GAP = 40
MARGIN = 12
# Of each step of a trigger, drawn in its box.
STEP_HEIGHT = 18
# Stays that ended so lately count for the median; and how long counts are kept, in seconds.
LATELY = timedelta(days=90)
KEPT = 60


@dataclass(frozen=True)
class RuleNode:
    """A trigger on the map, below the step it starts from."""

    rule: Rule
    # What it does in a line, and each of its steps in words: an action, or a wait with what ends it.
    does: str
    steps: Sequence[str]
    x: int
    y: int
    height: int
    # The steps it moves a lead to, by name.
    leads_to: Sequence[str] = ()


@dataclass(frozen=True)
class StepNode:
    """A step on the map."""

    stage: Stage
    x: int
    y: int
    count: int
    # How long leads stand in it, half of them less; None where none has left it lately.
    median: timedelta | None
    url: str
    rules: Sequence[RuleNode] = ()

    @property
    def stands(self) -> str:
        """The median time of leads in the step, as text; blank if unknown."""
        if self.median:
            return durations.short_duration(self.median.total_seconds())
        return ""


@dataclass(frozen=True)
class Arrow:
    """A line between two nodes as an SVG path. `by_rule`: it is a move by a trigger."""

    path: str
    by_rule: bool = False


@dataclass(frozen=True)
class PipelineMap:
    """The layout of one pipeline."""

    pipeline: Pipeline
    width: int
    height: int
    steps: Sequence[StepNode]
    arrows: Sequence[Arrow]
    # Of every node: its own size.
    node_width: int = WIDTH
    node_height: int = HEIGHT


@dataclass(frozen=True)
class RuleMap:
    """All pipelines, and the triggers that belong to no step."""

    pipelines: Sequence[PipelineMap]
    elsewhere: Mapping[str, Sequence[tuple[Rule, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _PlacedRule:
    """A rule, with the step it starts from and those it moves leads to."""

    read: ReadRule
    does: str
    steps: Sequence[str]
    stage_ids: frozenset[int]
    targets: frozenset[int]

    @property
    def height(self) -> int:
        return RULE_HEIGHT + STEP_HEIGHT * len(self.steps)


def build_map(slug: str) -> RuleMap:
    """Lay out the map of the current tenant."""
    setup = pipeline_setup()
    hung = [_place_rule(read_rule(rule)) for rule in _active_rules()]
    by_stage: dict[int, list[_PlacedRule]] = defaultdict(list)
    elsewhere: dict[str, list[tuple[Rule, str]]] = defaultdict(list)
    for one in hung:
        for stage_id in one.stage_ids:
            by_stage[stage_id].append(one)
        if not one.stage_ids:
            group = ""
            if one.read.kind:
                group = str(one.read.kind.group)
            elsewhere[group].append((one.read.rule, one.does))
    live = [pipeline for pipeline in setup.pipelines.values() if pipeline.archived_at is None]
    return RuleMap([_build_pipeline_map(pipeline, by_stage, slug) for pipeline in live], dict(elsewhere))


def _active_rules() -> Iterable[Rule]:
    rules: Iterable[Rule] = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name")
    return rules


def _place_rule(read: ReadRule) -> _PlacedRule:
    moves = [step for step in read.definition.steps if isinstance(step, DoStep) and step.action == "job.move"]
    targets = frozenset(pk for move in moves for pk in stage_ids(move.options.get("step", "")))
    does = ", ".join(str(entry[0].label) for entry in read.steps if entry)
    hangs_on = frozenset(stage_ids(read.definition.options.get("step", "")))
    return _PlacedRule(read, does, step_words(read), hangs_on, targets)


def _build_pipeline_map(pipeline: Pipeline, by_stage: Mapping[int, Sequence[_PlacedRule]], slug: str) -> PipelineMap:
    stages = pipeline_setup().steps(pipeline.pk)
    counts, medians = counts_and_medians()
    nodes: list[StepNode] = []
    y = MARGIN
    for start in range(0, len(stages), ACROSS):
        row = stages[start : start + ACROSS]
        for at, stage in enumerate(row):
            x = MARGIN + at * (WIDTH + GAP)
            rules = _rule_nodes(by_stage.get(stage.pk, ()), x, y + HEIGHT + RULE_GAP)
            url = _step_url(pipeline, stage, slug)
            nodes.append(StepNode(stage, x, y, counts.get(stage.pk, 0), medians.get(stage.pk), url, rules))
        columns = [by_stage.get(stage.pk, ()) for stage in row]
        deepest = max(sum(hung.height + RULE_GAP for hung in column) for column in columns)
        y += HEIGHT + deepest + ROW_GAP
    width = 2 * MARGIN + min(len(stages), ACROSS) * (WIDTH + GAP) - GAP
    return PipelineMap(pipeline, width, y - ROW_GAP + MARGIN, nodes, _build_arrows(nodes, by_stage))


def _rule_nodes(hung: Sequence[_PlacedRule], x: int, y: int) -> list[RuleNode]:
    setup = pipeline_setup()
    nodes = []
    for one in hung:
        names = dict.fromkeys(setup.stages[pk].name for pk in sorted(one.targets) if pk in setup.stages)
        nodes.append(RuleNode(one.read.rule, one.does, one.steps, x, y, one.height, list(names)))
        y += one.height + RULE_GAP
    return nodes


def _step_url(pipeline: Pipeline, stage: Stage, slug: str) -> str:
    filters = Filters(JobFilters).changed(pipeline=str(pipeline.uid), step=stage.name)
    return records_url(Job, slug) + filters.query()


def _build_arrows(nodes: Sequence[StepNode], by_stage: Mapping[int, Sequence[_PlacedRule]]) -> list[Arrow]:
    """Return the arrows from each step to the next, and from each trigger to the steps it moves leads to."""
    arrows = [Arrow(_next_path(one, other)) for one, other in pairwise(nodes)]
    places = {node.stage.pk: node for node in nodes}
    for node in nodes:
        for at, one in enumerate(by_stage.get(node.stage.pk, ())):
            rule = node.rules[at]
            arrows += [Arrow(_move_path(rule, places[pk]), True) for pk in sorted(one.targets) if pk in places]
    return arrows


def _next_path(one: StepNode, other: StepNode) -> str:
    if one.y == other.y:
        return f"M{one.x + WIDTH} {one.y + HEIGHT // 2}H{other.x}"
    # To the beginning of the next row, between the rows.
    between = other.y - ROW_GAP // 2
    edge = one.x + WIDTH + GAP // 2
    middle = other.x + WIDTH // 2
    return f"M{one.x + WIDTH} {one.y + HEIGHT // 2}H{edge}V{between}H{middle}V{other.y}"


def _move_path(rule: RuleNode, target: StepNode) -> str:
    right = target.x >= rule.x
    if right:
        x = rule.x + WIDTH
    else:
        x = rule.x
    y = rule.y + RULE_HEIGHT // 2
    to_x = target.x + WIDTH // 2
    to_y = target.y + HEIGHT
    if right:
        bend = GAP // 2
    else:
        bend = -GAP // 2
    return f"M{x} {y}C{x + bend} {y} {to_x} {y} {to_x} {to_y}"


class _Median(Aggregate):
    """Aggregate: the median."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"
    output_field = DurationField()


def counts_and_medians() -> tuple[dict[int, int], dict[int, timedelta]]:
    """Return the number of open leads per step and their median time in it, cached for a minute."""
    key = f"rules-map:{required_tenant_id()}"
    kept = cache.get(key)
    if kept is not None:
        counts, medians = kept
        return counts, medians
    open_jobs = Job.objects.filter(state=JobState.OPEN, stage_id__isnull=False).order_by().values_list("stage_id")
    counts = dict(open_jobs.annotate(count=Count("pk")))
    stays = StageVisit.objects.filter(left_at__gt=clock.now() - LATELY, stage_id__isnull=False).order_by()
    took = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    medians = dict(stays.values_list("stage_id").annotate(median=_Median(took)))
    cache.set(key, (counts, medians), KEPT)
    return counts, medians
