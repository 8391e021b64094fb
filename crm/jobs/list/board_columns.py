"""Read the board: one column per phase, capped, in list order (most urgent first), with one statement.

Jobs without status have a lane of their own, in front of the first phase.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Level
from crm.jobs.models.queryset import JobQuerySet
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import CAP as COUNTED

# SQL, and what it asks for.
Statement = tuple[str, list[Any]]
# Cards of a column.
CAP = 50
NO_STATUS = 0
# What a card shows, or its clock needs.
SHOWN = (
    "id number title pipeline_id stage_id member_id value currency state came_in_at entered_at past next_step_at "
    "next_step_kind next_step_label waiting_since unread_count unread_channel touched_at ended_reason side "
    "clock_started_at clock_used allowed calendar_id warn_at due_at far_at pause_reason pause_ends_at level sort_at"
).split()


@dataclass
class BoardColumn:
    """A board column: a phase, or the lane of jobs without status, with the first of its jobs."""

    # The phase's place in the bar, from 1; NO_STATUS for the lane.
    at: int
    name: str
    # The list of the same leads.
    url: str
    # The pipelines without a step here, as cards name theirs.
    lacks: str = ""
    jobs: list[Job] = field(default_factory=list)
    is_capped: bool = False
    cards: str = ""


def read_columns(kept: JobQuerySet, filters: Filters, *, narrowed: bool) -> list[BoardColumn]:
    """Read the columns with their jobs. `narrowed`: filters other than age decide which jobs are kept."""
    columns = _build_columns(filters)
    by_column: dict[int, list[Job]] = {column.at: [] for column in columns}
    setup = pipeline_setup()
    for job in _first_of_columns(kept, _of_phases if narrowed else _of_steps).only(*SHOWN):
        by_column[setup.phase_of(job.stage_id)].append(job)
    for column in columns:
        jobs = sorted(by_column[column.at], key=attrgetter("level", "sort_at", "id"))
        column.jobs = jobs[:CAP]
        column.is_capped = len(jobs) > CAP
    return columns


def _first_of_columns(kept: JobQuerySet, of_columns: Callable[[JobQuerySet], Statement]) -> JobQuerySet:
    """Select the first jobs of each column, unordered. Uses index-only scans for the keys, then reads the rows."""
    ordered: Any = kept.in_list_order().values("id", "level", "sort_at")
    try:
        lane, lane_parameters = ordered.filter(level=Level.NONE)[: CAP + 1].query.sql_with_params()
        columns, parameters = of_columns(ordered.filter(level__gt=Level.NONE))
    except EmptyResultSet:
        return kept.none()
    keys = RawSQL(f"select id from ({lane}) as lane union all {columns}", [*lane_parameters, *parameters])  # noqa: S611
    return Job.objects.filter(pk__in=keys)


def _of_steps(ordered: JobQuerySet) -> Statement:
    """Select the first jobs of each step in index order, and of these the first of each phase.

    Unless something else narrows the board: each of fifty steps would be searched for what is left.
    """
    part, parameters = _in_steps(ordered, "= step.id", [])
    steps = [
        (pk, at)
        for at, phase in enumerate(pipeline_setup().phases, 1)
        for pk in pipeline_setup().stages_in_phase(phase.pk)
    ]
    best = (
        "select found.id, row_number() over"
        " (partition by step.phase order by found.level, found.sort_at, found.id) as place"
        f" from unnest(%s::bigint[], %s::int[]) as step(id, phase) cross join lateral ({part}) as found"
    )
    return f"select id from ({best}) as best where place <= {CAP + 1}", [
        [pk for pk, _at in steps],
        [at for _pk, at in steps],
        *parameters,
    ]


def _of_phases(ordered: JobQuerySet) -> Statement:
    """Select the first jobs of each phase. The parts differ only in their steps, so Django compiles just one."""
    steps: list[int] = []
    part, parameters = _in_steps(ordered, "= any(%s)", [steps])
    values: list[Any] = []
    for phase in pipeline_setup().phases:
        values += [pipeline_setup().stages_in_phase(phase.pk) if one is steps else one for one in parameters]
    return " union all ".join(
        [f"select id from ({part}) as column_{at}" for at in range(len(pipeline_setup().phases))]
    ), values


def _in_steps(ordered: JobQuerySet, condition: str, values: list[Any]) -> Statement:
    in_steps = RawSQL(f'"jobs_job"."stage_id" {condition}', values, output_field=BooleanField())  # noqa: S611
    sql, params = ordered.filter(in_steps)[: CAP + 1].query.sql_with_params()
    return sql, list(params)


def part_of(kept: JobQuerySet, at: int) -> JobQuerySet:
    """Filter the jobs of a column."""
    if at == NO_STATUS:
        return kept.filter(level=Level.NONE)
    return kept.filter(
        stage_id__in=pipeline_setup().stages_in_phase(pipeline_setup().phases[at - 1].pk), level__gt=Level.NONE
    )


def querysets_to_count(kept: JobQuerySet, shown: Collection[str]) -> dict[str, JobQuerySet]:
    """Return the jobs to count per column, if the page shows a board; `lane`: also of the lane without status."""
    if "board" in shown:
        return {f"column-{at}": part_of(kept, at) for at in _column_numbers(shown)}
    return {}


def _column_numbers(shown: Collection[str]) -> range:
    return range(NO_STATUS if "lane" in shown else 1, len(pipeline_setup().phases) + 1)


def sums(kept: JobQuerySet, shown: Collection[str]) -> dict[str, str]:
    """Return the value of each column's jobs by currency, in one statement; "+" marks sums over capped counts."""
    parts: list[str] = []
    values: list[Any] = []
    for at in _column_numbers(shown):
        try:
            sql, parameters = part_of(kept, at).order_by().values("currency", "value")[:COUNTED].query.sql_with_params()
        except EmptyResultSet:  # a phase without steps
            continue
        parts.append(f"select {at}, currency, sum(value), count(*) from ({sql}) as part group by currency")
        values += parameters
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"{' union all '.join(parts)} order by 1, 4 desc", values)
        return _in_words(cursor.fetchall())


def _in_words(rows: Iterable[tuple[int, str, Decimal | None, int]]) -> dict[str, str]:
    worth: dict[int, list[str]] = {}
    count: dict[int, int] = {}
    for at, currency, value, jobs in rows:
        count[at] = count.get(at, 0) + jobs
        if value:
            worth.setdefault(at, []).append(formats.short_money(int(value), currency, directory().tenant.country))
    return {f"sum-{at}": " · ".join(money) + "+" * (count[at] >= COUNTED) for at, money in worth.items()}


def beyond(counts: Mapping[str, str]) -> dict[str, str]:
    """Return the number of cards beyond the cap, from the column's displayed count: "212 more"."""
    texts = {}
    for key, count in counts.items():
        at = key.removeprefix("column-")
        more = int(count.removesuffix("+")) - CAP
        if more > 0:
            texts[f"more-{at}"] = _("%(count)s more") % {"count": f"{more}+" if count.endswith("+") else more}
    return texts


def _build_columns(filters: Filters) -> list[BoardColumn]:
    setup = pipeline_setup()
    lane = BoardColumn(NO_STATUS, _("No status"), filters.query(level="none"))
    return [lane] + [
        BoardColumn(at, phase.name, filters.query(phase=str(at)), " ".join(_pipelines_without(at)))
        for at, phase in enumerate(setup.phases, 1)
    ]


def _pipelines_without(phase: int) -> list[str]:
    return [str(nth) for nth, pk in enumerate(pipeline_setup().pipelines) if pipeline_setup().entry(pk, phase) is None]
