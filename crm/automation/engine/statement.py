"""Statement: conditions of rules compiled into one SQL text, kept until the configuration or the day changes.

Building a query of Django's for fifty rules takes ten times as long as Postgres takes to answer it. A condition is a
constant, or counts from the present instant ("longer ago than 3 days"), or from the present day: it is compiled at
two instants of one day, and what differs by their distance is written anew each time. What is anything else, or asks
the database while it is built, is not kept.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import BooleanField, Case, Value, When
from django.db.models.expressions import RawSQL

from crm.automation.registry.records import RecordKind
from crm.automation.setup import viewer
from crm.kernel import clock
from crm.platform.organization.configuration import directory, per_tenant
from crm.web.lists.conditions.clause import Clause

# Sets of conditions kept a tenant and process: those of each kind of event.
MOST_KEPT = 200
_STEP = timedelta(seconds=1)
_PLACE = re.compile(r"%[s%]")


class _Ids:
    """Stands for the ids of the rows that are asked about."""


_IDS = _Ids()
# A piece of a statement: its text, how far from the present instant a time is, or the ids.
Piece: TypeAlias = str | timedelta | _Ids
_Compiled: TypeAlias = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Statement:
    """A select of the id and each condition, for the rows of these ids."""

    pieces: tuple[Piece, ...]

    def sql(self, ids: Collection[int], now: datetime) -> str:
        """Return its text for some rows at an instant. Nothing of it is a parameter."""
        return "".join(piece if isinstance(piece, str) else self._written(piece, ids, now) for piece in self.pieces)

    def _written(self, piece: timedelta | _Ids, ids: Collection[int], now: datetime) -> str:
        if isinstance(piece, timedelta):
            return _literal(now + piece)
        return "'{" + ",".join(str(int(pk)) for pk in ids) + "}'::bigint[]"


@per_tenant
def _kept() -> dict[tuple[str, date, tuple[str, ...]], Statement]:
    return {}


def statement(kind: RecordKind, clauses: Mapping[str, Clause], now: datetime) -> Statement:
    """Return the statement of some conditions, given by their texts."""
    key = (kind.key, now.astimezone(directory().zone).date(), tuple(clauses))
    if found := _kept().get(key):
        return found
    with _questions() as asked:
        made, is_exact = _made(kind, list(clauses.values()), now)
    if is_exact and not asked:
        if len(_kept()) >= MOST_KEPT:
            _kept().clear()
        _kept()[key] = made
    return made


def _made(kind: RecordKind, clauses: Sequence[Clause], now: datetime) -> tuple[Statement, bool]:
    """Compile conditions; also say whether the statement is as true at another instant of the day."""
    zone = directory().zone
    same_day = (now + _STEP).astimezone(zone).date() == now.astimezone(zone).date()
    step = _STEP if same_day else -_STEP
    here, there = _compiled(kind, clauses, now), _compiled(kind, clauses, now + step)
    if here[0] != there[0] or len(here[1]) != len(there[1]):
        return Statement(tuple(_pieces(here, list(here[1]), now, step))), False
    moves = [one for one, other in zip(here[1], there[1], strict=True) if one != other and not _moved(one, other, step)]
    return Statement(tuple(_pieces(here, there[1], now, step))), not moves


def _moved(one: Any, other: Any, step: timedelta) -> bool:
    return isinstance(one, datetime) and isinstance(other, datetime) and other - one == step


def _compiled(kind: RecordKind, clauses: Sequence[Clause], now: datetime) -> _Compiled:
    with clock.at(now):
        asker = viewer()
        columns = {
            f"c{at}": Case(
                When(clause.condition(asker), then=Value(True)), default=Value(False), output_field=BooleanField()
            )
            for at, clause in enumerate(clauses)
        }
        meta = kind.model._meta
        column = f'"{meta.db_table}"."{meta.pk.column}"'
        among = RawSQL(f"{column} = any(%s)", [_IDS], output_field=BooleanField())  # noqa: S611 (a model's own names)
        rows = kind.ruled_rows().filter(among).order_by().annotate(**columns).values_list("pk", *columns)
        sql, values = rows.query.sql_with_params()
        return sql, values


def _pieces(compiled: _Compiled, others: Sequence[Any], now: datetime, step: timedelta) -> Iterator[Piece]:
    """Take a statement apart at its parameters, and write in those that are constant."""
    sql, values = compiled
    pairs, text, end = iter(zip(values, others, strict=True)), "", 0
    for found in _PLACE.finditer(sql):
        text += sql[end : found.start()]
        end = found.end()
        if found[0] == "%%":
            text += "%"
            continue
        one, other = next(pairs)
        if one is _IDS or _moved(one, other, step):
            yield text
            yield _IDS if one is _IDS else one - now
            text = ""
        else:
            text += _literal(one)
    yield text + sql[end:]


def _literal(value: Any) -> str:
    """Write a value into SQL, as Django's own cursors do."""
    operations: Any = connection.ops
    return str(operations.compose_sql("%s", [value]))


@contextmanager
def _questions() -> Iterator[list[bool]]:
    """Note whether the database is asked within a block."""
    asked: list[bool] = []

    def noted(execute: Any, *statement: Any) -> Any:
        asked.append(True)
        return execute(*statement)

    with connection.execute_wrapper(noted):
        yield asked
