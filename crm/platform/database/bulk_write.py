"""Bulk insert, update or run SQL over many rows with one statement.

A helper below the verbs, for imports, bulk acts and ticks. The app's login may not COPY into a policed table, and the
ORM sends every value as a parameter; here the rows travel as one JSON document and Postgres takes it apart.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

import orjson
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.db.models.expressions import DatabaseDefault

from crm.platform.tenancy.context import required_tenant_id
from crm.platform.tenancy.tenant_model import TenantModel

Row = Mapping[str, Any]
T = TypeVar("T", bound=models.Model)
# Of fewer rows it is not looked for what they share.
_MANY = 100
# Between two declared attributes, and not within "numeric(12, 2)".
_BETWEEN = re.compile(r",\s{1,20}(?=\"?[a-z_]\w{0,62}\"?\s)")


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve primary keys of a table, so that rows may point at each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Looked up once: left in the list, Postgres would look the sequence up again for every row.
            """with counted as materialized (select pg_get_serial_sequence(%s, %s)::regclass as by)
               select nextval(by) from counted, generate_series(1, %s)""",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def insert_all(model: type[TenantModel], rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """Insert rows, given as values by attribute name (`person_id`), in the tenant in use; all name the same ones.

    Other columns take their default, the same for all rows. Raises IntegrityError unless conflicts are to be ignored.
    """
    if rows:
        sql, declared, beside = insert_statement(model, tuple(rows[0]))
        defaults = {str(field.attname): field.get_default() for field in beside}
        if defaults:
            rows = [{**defaults, **row} for row in rows]
        write(f"{sql} on conflict do nothing" if ignore_conflicts else sql, declared, rows)


def create_all(rows: Sequence[TenantModel]) -> None:
    """Insert unsaved rows of one model and give them their keys: `bulk_create` in one statement.

    What the database fills in is read when it is asked for, as with `defer`.
    """
    if not rows:
        return
    model = type(rows[0])
    for row, pk in zip(rows, allocate_ids(model, len(rows)), strict=True):
        row._adopt_tenant()
        row.pk = pk
    insert_all(model, [values_of(row) for row in rows])
    for row in rows:
        row._state.adding = False
        for name in _attribute_names(model)[1]:
            if isinstance(row.__dict__.get(name), DatabaseDefault):
                del row.__dict__[name]


def update_all(model: type[TenantModel], rows: Sequence[Row]) -> None:
    """Update rows of the tenant in use, each given as its key and values by attribute name; all name the same ones.

    Django's `bulk_update` sends every value as a parameter of a CASE of its own: 30 times the time at 1,000 rows.
    """
    if rows:
        write(*_update_statement(model, tuple(rows[0])), rows)


def save_all(objects: Sequence[TenantModel], update_fields: Sequence[str]) -> None:
    """Save these attributes (`person_id`) of many objects of one model: `save(update_fields=…)` in one statement."""
    if objects:
        key = objects[0]._meta.pk.attname
        rows = [{key: it.pk} | {name: getattr(it, name) for name in update_fields} for it in objects]
        update_all(type(objects[0]), rows)


def execute(sql: str, declared: str, rows: Sequence[Row], **more: Any) -> list[tuple[Any, ...]]:
    """Run an SQL statement over rows, and return what it returns.

    The rows stand in it as {rows} and are called `row`; %(tenant)s is the tenant in use. `declared`: the attributes of
    a row as SQL declares them ("id bigint, at timestamptz"). `more`: other values.
    """
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_with_rows(sql, declared, rows, more))
        if cursor.description:
            return cursor.fetchall()
        return []


def write(sql: str, declared: str, rows: Sequence[Row], **more: Any) -> None:
    """`execute` a statement that returns nothing."""
    execute(sql, declared, rows, **more)


def _with_rows(sql: str, declared: str, rows: Sequence[Row], more: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    values = {"tenant": required_tenant_id(), **more}
    width = len(rows[0])
    same = {}
    if len(rows) >= _MANY and all(len(row) == width for row in rows):
        same = _shared_values(rows)
    if 0 < len(same) < width:
        differ = [name for name in rows[0] if name not in same]
        documents = {"rows": as_json([{name: row[name] for name in differ} for row in rows]), "same": as_json(same)}
        return sql.replace("{rows}", _rows_beside(declared, frozenset(same))), values | documents
    # One row is not a set of rows: of a set, Postgres expects a hundred, and would walk a whole table for them.
    many = len(rows) > 1
    source = f"json_to_record{'set' if many else ''}(%(rows)s::json) as row({declared})"
    return sql.replace("{rows}", source), values | {"rows": as_json(list(rows) if many else rows[0])}


def _shared_values(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the values that are the same in all rows; they are sent once."""
    last = rows[-1]
    candidates = {name: value for name, value in rows[0].items() if last[name] == value}
    return {name: value for name, value in candidates.items() if [row[name] for row in rows].count(value) == len(rows)}


@lru_cache(maxsize=256)
def _rows_beside(declared: str, same: frozenset[str]) -> str:
    """Build the SQL of rows whose shared attributes are in %(same)s."""
    each = {attribute.split(maxsplit=1)[0].strip('"'): attribute for attribute in _BETWEEN.split(declared)}
    taken = ", ".join(f'{"alike" if name in same else "each"}."{name}"' for name in each)
    alike = ", ".join(attribute for name, attribute in each.items() if name in same)
    differ = ", ".join(attribute for name, attribute in each.items() if name not in same)
    return (
        f"(select {taken} from json_to_recordset(%(rows)s::json) as each({differ})"
        f" cross join json_to_record(%(same)s::json) as alike({alike})) as row"
    )


@cache
def insert_statement(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[str, str, tuple["models.Field[Any, Any]", ...]]:
    """Build the INSERT of these attributes, their SQL declarations, and the fields rows must name too."""
    fields = _written_fields(model)
    named = [field for field in fields if field.attname in names]
    # A column with a default of the database, or a counted key, is left to it.
    fixed = [f for f in fields if f not in named and not f.primary_key and f.db_default is NOT_PROVIDED]
    written = (*named, *fixed)
    # Quoted: a message has a column named "references".
    into = ", ".join(f'"{field.column}"' for field in written)
    taken = ", ".join(f'row."{field.attname}"' for field in written)
    sql = f'insert into "{model._meta.db_table}" (tenant_id, {into}) select %(tenant)s::bigint, {taken} from {{rows}}'
    return sql, _column_declarations(written), tuple(fixed)


@cache
def _update_statement(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str]:
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    changed = ", ".join(f"{field.column} = row.{field.attname}" for field in fields if not field.primary_key)
    table = model._meta.db_table
    key = model._meta.pk
    sql = (
        f'update "{table}" as kept set {changed} from {{rows}}'
        f" where kept.tenant_id = %(tenant)s and kept.{key.column} = row.{key.attname}"
    )
    return sql, _column_declarations(fields)


def _column_declarations(fields: Sequence["models.Field[Any, Any]"]) -> str:
    return ", ".join(
        f'"{field.attname}" {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}'
        for field in fields
    )


def values_of(row: models.Model) -> dict[str, Any]:
    """Return an unsaved row's values by attribute name, for `insert_all`, without what the database fills in."""
    names, by_database = _attribute_names(type(row))
    state = row.__dict__
    values = {name: state[name] if name in state else getattr(row, name) for name in names}
    if row.pk is None:
        del values[row._meta.pk.attname]
    for name in by_database:
        if isinstance(values.get(name), DatabaseDefault):
            del values[name]
    return values


@cache
def _attribute_names(model: type[models.Model]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List a model's attributes without its tenant, and those of them that the database may fill in."""
    fields = _written_fields(model)
    return (
        tuple(field.attname for field in fields),
        tuple(field.attname for field in fields if field.db_default is not NOT_PROVIDED or field.primary_key),
    )


def _written_fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """List the fields of a row that are written: not its tenant, and not what Postgres computes."""
    fields = model._meta.concrete_fields
    return [field for field in fields if field.name != "tenant" and not getattr(field, "generated", False)]


def as_json(value: Any) -> str:
    """Serialize rows as JSON, with datetimes, dates and UUIDs in the format Postgres parses.

    By orjson, for the standard library takes twelve times as long: a fourteenth of an import.
    """
    return orjson.dumps(value, _json_default, orjson.OPT_NON_STR_KEYS).decode()


def _json_default(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [*value]
    raise TypeError(f"no column takes a {type(value).__name__}")
