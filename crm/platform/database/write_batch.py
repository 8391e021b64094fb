"""Ledger: the writes of one act, gathered while it is done, and sent at its end as one prepared statement.

Rows travel as one JSON document a table. Every part of the statement sees the tables as they were before the act,
whatever the other parts do; what a part returns, others may select from. How it is used: docs/decisions/0019.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import NOT_PROVIDED

from crm.platform.database.cursors import planned_once
from crm.platform.models.base import TenantModel
from crm.platform.tenancy.context import required_tenant_id

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """Rows written to one table. `sql` names the tenant in use as %(tenant)s, and {rows}, which it calls `row`."""

    # What other parts call the rows it returns.
    name: str
    sql: str
    # The attributes of a row, as SQL declares them: "id bigint, at timestamptz".
    declared: str
    # The attribute that says which row it is: of two with the same, the later is written. Blank: all are.
    key: str = ""

    def read(self, *, many: bool) -> str:
        # One row is not a set of rows: of a set, Postgres expects a hundred, and would walk a whole table for them.
        source = f"json_to_record{'set' if many else ''}(%({self.name})s::json) as row({self.declared})"
        return f"{self.name} as ({self.sql.replace('{rows}', source)})"


class Ledger:
    """The writes of one act. Nothing is written before `send`, and what is gathered cannot be read back."""

    def __init__(self) -> None:
        self._gathered: dict[Part, dict[Any, Row]] = {}

    def __contains__(self, part: Part) -> bool:
        return part in self._gathered

    def insert(self, model: type[TenantModel], rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
        """Add rows, as values by attribute name (`person_id`); other columns take their default. All name the same."""
        if rows:
            part, beside = insertion(model, tuple(rows[0]), ignore_conflicts)
            defaults = {str(field.attname): field.get_default() for field in beside}
            self.write(part, [{**defaults, **row} for row in rows] if defaults else rows)

    def update(self, model: type[TenantModel], rows: Sequence[Row]) -> None:
        """Change rows, each given as its `id` and values by attribute name; all name the same ones."""
        if rows:
            self.write(change(model, tuple(rows[0])), rows)

    def keep(self, objects: Sequence[TenantModel], names: Sequence[str]) -> None:
        """Change the rows of these objects to what the objects say, in these attributes (`person_id`)."""
        if objects:
            self.update(
                type(objects[0]), [{"id": it.pk} | {name: getattr(it, name) for name in names} for it in objects]
            )

    def write(self, part: Part, rows: Sequence[Row]) -> None:
        """Add rows to a part."""
        if not rows:
            return
        gathered = self._gathered.setdefault(part, {})
        for row in rows:
            gathered[row[part.key] if part.key else len(gathered)] = row

    def send(self, returning: str = "") -> tuple[Any, ...] | None:
        """Write everything, and forget it. `returning`: what to select from the parts. Must be in a transaction."""
        if not self._gathered:
            return None
        gathered, self._gathered = self._gathered, {}
        values: dict[str, Any] = {"tenant": required_tenant_id()}
        for part, rows in gathered.items():
            values[part.name] = as_json(next(iter(rows.values())) if len(rows) == 1 else list(rows.values()))
        sql = _statement(tuple((part, len(rows) > 1) for part, rows in gathered.items()), returning)
        with planned_once() as cursor:
            cursor.execute(sql, values)
            found: tuple[Any, ...] | None = cursor.fetchone()
        return found


@contextmanager
def within(ledger: Ledger | None) -> Iterator[Ledger]:
    """The ledger of an act, whose author sends it; without one, one of its own, which is sent at once."""
    if ledger is not None:
        yield ledger
        return
    own = Ledger()
    yield own
    own.send()


@cache
def insertion(
    model: type[models.Model], names: tuple[str, ...], ignore_conflicts: bool = False
) -> tuple[Part, tuple["models.Field[Any, Any]", ...]]:
    """The part that adds rows of these attributes to a table, and the fields beside them, which rows must name, too."""
    fields = [field for field in model._meta.concrete_fields if field.name != "tenant"]
    given = [field for field in fields if field.attname in names]
    # A column with a default of the database, or a counted key, is left to it.
    fixed = [f for f in fields if f not in given and not f.primary_key and f.db_default is NOT_PROVIDED]
    written = (*given, *fixed)
    into = ", ".join(str(field.column) for field in written)
    taken = ", ".join(f"row.{field.attname}" for field in written)
    table, key = model._meta.db_table, model._meta.pk.column
    sql = f'insert into "{table}" (tenant_id, {into}) select %(tenant)s::bigint, {taken} from {{rows}}'
    sql += f"{' on conflict do nothing' if ignore_conflicts else ''} returning {key}"
    return Part(f"{table}_added", sql, _declared(written)), tuple(fixed)


@cache
def change(model: type[models.Model], names: tuple[str, ...]) -> Part:
    """The part that changes these attributes of a table's rows, found by their `id`."""
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    changed = ", ".join(f"{field.column} = row.{field.attname}" for field in fields if not field.primary_key)
    table, key = model._meta.db_table, model._meta.pk
    sql = (
        f'update "{table}" as kept set {changed} from {{rows}}'
        f" where kept.tenant_id = %(tenant)s and kept.{key.column} = row.{key.attname} returning kept.{key.column}"
    )
    return Part(f"{table}_changed", sql, _declared(fields), key.attname)


def _declared(fields: Sequence["models.Field[Any, Any]"]) -> str:
    return ", ".join(
        f"{field.attname} {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}"
        for field in fields
    )


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no column takes a {type(value).__name__}")


# Kept: json.dumps would make one for every document, at twice the cost.
as_json = json.JSONEncoder(default=_plain, ensure_ascii=False).encode


@lru_cache(maxsize=200)
def _statement(parts: tuple[tuple[Part, bool], ...], returning: str) -> str:
    return f"with {', '.join(part.read(many=many) for part, many in parts)} select {returning}"
