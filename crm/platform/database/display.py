"""Read rows for display, with the columns that are shown: as the ORM would make them, at two thirds of the cost.

Setting each field by a descriptor is a third of a page of a list. Verbs are called on whole rows alone: `read_whole`,
and `read_again` for one that is there already, are what locks them (crm/platform/models/base.py).
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.base import ModelState
from django.db.models.expressions import Expression

from crm.platform.database.cursors import reading


def read_for_display(rows: Any, attnames: Sequence[str], *more: str, planned: bool = False) -> list[Any]:
    """Read rows, never to call verbs on, with these of their columns, the key among them.

    `more`: what else each has, by the names the ORM knows it by: annotations, columns of a related row.
    `planned`: the statement is the same for all who ask (cursors.py).
    """
    statement = statement_of(rows, attnames, *more)
    return read_rows(rows.model, *statement, attnames, *more, planned=planned) if statement else []


def read_whole(rows: Any) -> list[Any]:
    """Read rows with all of their columns, to call verbs on."""
    return read_for_display(rows, _attnames(rows.model))


def read_again(row: models.Model, tenant_id: int) -> None:
    """Re-read a row of a tenant and lock it, but for its key: `refresh_from_db` by a statement that is prepared.

    Columns that were not read before are not read now. Raises DoesNotExist.
    """
    model: Any = type(row)
    state = row._state
    names = tuple(name for name in _attnames(model) if name in row.__dict__)
    found = read_rows(model, _locking(model, names), [tenant_id, row.pk], names, planned=True)
    if not found:
        raise model.DoesNotExist(f"{model.__name__} {row.pk} is not there any more.")
    row.__dict__.update(found[0].__dict__, _state=state, _prefetched_objects_cache={})
    state.fields_cache.clear()


def statement_of(rows: Any, attnames: Sequence[str], *more: str) -> tuple[str, tuple[Any, ...]] | None:
    """Work out the statement that reads these columns of rows, and its values; None where there can be no row."""
    try:
        sql, values = rows.values_list(_Columns(rows.model, attnames), *more).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def read_rows(
    model: type[models.Model],
    sql: str,
    values: Sequence[Any],
    attnames: Sequence[str],
    *more: str,
    planned: bool = False,
) -> list[Any]:
    """Read rows by a statement of `statement_of`."""
    names = (*attnames, *more)
    with reading(planned=planned) as cursor:
        cursor.execute(sql, values)
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    written = set(attnames) & _json_columns(model)
    for row in found:
        row.update({name: json.loads(row[name]) for name in written if row[name] is not None})
    return [_row_of(model, row) for row in found]


class _Columns(Expression):
    """Columns of a table as one expression: the ORM would work out each of forty anew, for each page."""

    output_field = models.Field()

    def __init__(self, model: type[models.Model], attnames: Sequence[str]) -> None:
        super().__init__()
        self.sql = _columns(model, tuple(attnames))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return self.sql, ()


@cache
def _columns(model: type[models.Model], attnames: tuple[str, ...]) -> str:
    """Name columns as SQL; JSON as its text, which any cursor gives alike."""
    table, columns = model._meta.db_table, {field.attname: field.column for field in model._meta.concrete_fields}
    written = _json_columns(model)
    return ", ".join(f'"{table}"."{columns[name]}"{"::text" if name in written else ""}' for name in attnames)


@cache
def _attnames(model: type[models.Model]) -> tuple[str, ...]:
    """List a model's attributes, but for those that its manager leaves out."""
    left_out, _ = model._default_manager.all().query.deferred_loading
    return tuple(field.attname for field in model._meta.concrete_fields if field.name not in left_out)


@cache
def _locking(model: type[models.Model], attnames: tuple[str, ...]) -> str:
    table, key = model._meta.db_table, model._meta.pk.column
    found = f'FROM "{table}" WHERE "{table}".tenant_id = %s AND "{table}"."{key}" = %s'
    return f"SELECT {_columns(model, attnames)} {found} FOR NO KEY UPDATE"


@cache
def _json_columns(model: type[models.Model]) -> frozenset[str]:
    return frozenset(field.attname for field in model._meta.concrete_fields if isinstance(field, models.JSONField))


def _row_of(model: Any, values: dict[str, Any]) -> Any:
    row = model.__new__(model)
    values["_state"] = state = ModelState()
    state.adding = False
    row.__dict__ = values
    return row
