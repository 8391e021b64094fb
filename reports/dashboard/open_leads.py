"""State of the open leads, read in one pass: by step, age and level, and by member.

All columns of that pass are in the index `job_open_sums`, so that no lead's own row is read. Those nobody touched are
told by further columns, few, and counted from an index of their own.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, IntegerField, Q, Value, When

from crm.jobs.untouched import untouched_condition
from reports.dashboard.scope import Scope
from reports.figures.sums import Sums
from reports.forecast.open_quotes import Weights, count_open_quotes

# Days in the present step, from and below; the last has no end.
AGES = (0, 1, 3, 6, 11, 21)


@dataclass
class Held:
    """Figures of the open leads of one member, or of the unassigned ones."""

    member_id: int | None
    open: int = 0
    untouched: int = 0
    late: int = 0
    crit: int = 0
    overdue: int = 0
    oldest: datetime | None = None
    worth: Sums = field(default_factory=Sums)


@dataclass
class OpenLeadFigures:
    """Figures of the open leads: cells by step, age and level, and lines by member."""

    # (step, place in AGES, level): how many, what they are worth.
    cells: dict[tuple[int | None, int, int], Sums]
    # By step and currency: how many, their value, and the sum of the squares of it.
    weights: Weights
    held: dict[int | None, Held]
    # Of these weights, what open quotes say.
    quoted: Weights = field(default_factory=dict)
    wrote: int = 0
    hole: int = 0

    @property
    def count(self) -> int:
        return sum(one.open for one in self.held.values())

    def of_level(self, *levels: int) -> Sums:
        """Return the sums of the leads with these levels."""
        total = Sums()
        for (_stage, _age, level), sums in self.cells.items():
            if level in levels:
                total.include(sums)
        return total


def present(scope: Scope) -> OpenLeadFigures:
    """Read the open leads of a dashboard: three statements for any number of leads."""
    result = OpenLeadFigures(defaultdict(Sums), {}, {})
    _read_sums(scope, result)
    result.quoted = count_open_quotes(scope.open_jobs(), result.weights)
    nobodys = scope.open_jobs().filter(untouched_condition()).order_by().values_list("member_id")
    for member, count in nobodys.annotate(leads=Count("*")):
        result.held.setdefault(member, Held(member)).untouched = count
    return result


def _read_sums(scope: Scope, found: OpenLeadFigures) -> None:
    now = scope.reader.now
    age = Case(
        *(When(entered_at__gte=now - timedelta(days=days), then=Value(at)) for at, days in enumerate(AGES[1:])),
        default=Value(len(AGES) - 1),
        output_field=IntegerField(),
    )
    rows = (
        scope.open_jobs()
        .order_by()
        .values(
            *("stage_id", "level", "member_id", "currency", "value", "entered_at"),
            age=age,
            overdue=_boolean_expression(Q(next_step_at__lt=now)),
            wrote=_boolean_expression(Q(waiting_since__isnull=False)),
            hole=_boolean_expression(Q(next_step_kind="")),
        )
    )
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        # Some hundred groups, of which the planner fears a hundred thousand, and would sort all leads twice.
        cursor.execute("set local work_mem = '64MB'")
        cursor.execute(_GROUPED.format(rows=sql), values)
        for row in cursor.fetchall():
            _add_row(found, row)


def _boolean_expression(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


_GROUPED = """
select grouping(stage_id), stage_id, age, level, member_id, currency, count(*), coalesce(sum(value), 0)::bigint,
    coalesce(sum(value::double precision * value), 0), count(*) filter (where overdue),
    count(*) filter (where wrote), count(*) filter (where hole),
    count(*) filter (where level = 2), count(*) filter (where level = 1), min(entered_at)
from ({rows}) as open_jobs
group by grouping sets ((stage_id, age, level, currency), (member_id, currency))"""


def _add_row(found: OpenLeadFigures, row: tuple[Any, ...]) -> None:
    is_held, stage, age, level, member, currency, count, value, squares, *flags = row
    if not is_held:
        found.cells[stage, age, level].add(count, currency, value)
        if stage:
            before = found.weights.get((stage, currency), (0, 0.0, 0.0))
            found.weights[stage, currency] = (before[0] + count, before[1] + value, before[2] + squares)
        return
    overdue, wrote, hole, late, crit, oldest = flags
    member_leads = found.held.setdefault(member, Held(member))
    member_leads.open += count
    member_leads.late += late
    member_leads.crit += crit
    member_leads.overdue += overdue
    member_leads.oldest = min(filter(None, (member_leads.oldest, oldest)))
    member_leads.worth.add(count, currency, value)
    found.wrote += wrote
    found.hole += hole
