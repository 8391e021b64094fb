"""ConditionStatement: rule conditions compiled to SQL, cached until the configuration or the date changes.

A condition is a constant, or counts from the present instant or day: it is compiled at two instants, and a parameter
that differs by their distance counts from now. What differs otherwise, or asks the database meanwhile, is not kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import RawSQL

from crm.automation.registry.records import RecordKind
from crm.automation.setup import organization_viewer
from crm.kernel import clock
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.web.lists.conditions.clause import Clause

# Sets of conditions, of each tenant and process.
MOST_KEPT = 200
_STEP = timedelta(seconds=1)
# Stands for the ids of the rows that are asked about.
_IDS = object()


class _FromNow(NamedTuple):
    """A query parameter at a fixed offset from the current time."""

    distance: timedelta


@dataclass(frozen=True)
class ConditionStatement:
    """A SELECT of the id and the result of each condition, for given row ids."""

    sql: str
    values: tuple[Any, ...]

    def parameters(self, ids: Collection[int], now: datetime) -> list[Any]:
        """Return the parameter values for given rows and time."""
        values = (now + value.distance if isinstance(value, _FromNow) else value for value in self.values)
        return [list(ids) if value is _IDS else value for value in values]


@cached_per_tenant
def _statement_cache() -> dict[tuple[str, date, tuple[str, ...]], ConditionStatement]:
    return {}


def get_statement(kind: RecordKind, clauses: Mapping[str, Clause], now: datetime) -> ConditionStatement:
    """Return the compiled statement of some conditions, given as stored texts."""
    key = (kind.key, now.astimezone(directory().zone).date(), tuple(clauses))
    if kept := _statement_cache().get(key):
        return kept
    queries: list[bool] = []

    def note(execute: Any, *query: Any) -> Any:
        queries.append(True)
        return execute(*query)

    with connection.execute_wrapper(note):
        made, is_exact = _compile_statement(kind, list(clauses.values()), now)
    if is_exact and not queries:
        if len(_statement_cache()) >= MOST_KEPT:
            _statement_cache().clear()
        _statement_cache()[key] = made
    return made


def _compile_statement(kind: RecordKind, clauses: Sequence[Clause], now: datetime) -> tuple[ConditionStatement, bool]:
    """Compile conditions. Also returns True if the statement is valid for other times of the same day."""
    sql, values = _compile_sql(kind, clauses, now)
    other_sql, others = _compile_sql(kind, clauses, now + _STEP)
    if sql != other_sql or len(values) != len(others):
        return ConditionStatement(sql, values), False
    pairs = list(zip(values, others, strict=True))
    made = tuple(_FromNow(one - now) if _moves_with_time(one, other) else one for one, other in pairs)
    return ConditionStatement(sql, made), all(one == other or _moves_with_time(one, other) for one, other in pairs)


def _moves_with_time(one: Any, other: Any) -> bool:
    return isinstance(one, datetime) and isinstance(other, datetime) and other - one == _STEP


def _compile_sql(kind: RecordKind, clauses: Sequence[Clause], now: datetime) -> tuple[str, tuple[Any, ...]]:
    with clock.at(now):
        asker = organization_viewer()
        columns = {f"c{at}": _as_column(clause.condition(asker)) for at, clause in enumerate(clauses)}
        meta = kind.model._meta
        among = f'"{meta.db_table}"."{meta.pk.column}" = any(%s::bigint[])'
        rows = kind.ruled_rows().filter(RawSQL(among, [_IDS], output_field=BooleanField()))  # noqa: S611 (own names)
        sql, values = rows.order_by().annotate(**columns).values_list("pk", *columns).query.sql_with_params()
        return sql, tuple(values)


def _as_column(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
