"""Many rows, new or changed, with one statement a table: what a set form of a verb is written with.

The app's login may not COPY into a policed table, and the ORM's own bulk insert sends every value as a parameter;
here one JSON document travels and Postgres takes it apart.
"""

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.db.models.expressions import DatabaseDefault

from crm.platform.models import TenantModel
from crm.platform.tenancy import required_tenant_id


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave cycles to be collected after a batch: its thousands of live rows make Python look through all it holds."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys of a table, so that rows may point at each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Looked up once: left in the list, Postgres would look the sequence up again for every row.
            """with counted as materialized (select pg_get_serial_sequence(%s, %s)::regclass as by)
               select nextval(by) from counted, generate_series(1, %s)""",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def insert_all(model: type[TenantModel], rows: Sequence[Mapping[str, Any]], *, ignore_conflicts: bool = False) -> None:
    """Write rows, as values by attribute name (`person_id`), in the tenant in use. All rows name the same attributes.

    Other columns take their default, the same for all rows. Raises IntegrityError unless conflicts are to be ignored.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if field.name != "tenant"]
    varied = [field for field in fields if field.attname in rows[0]]
    # A column with a default of the database, or a counted key, is left to it.
    fixed = [f for f in fields if f not in varied and not f.primary_key and f.db_default is NOT_PROVIDED]
    into = ", ".join(f'"{field.column}"' for field in (*varied, *fixed))
    taken = ", ".join([f'row."{field.attname}"' for field in varied] + ["%s"] * len(fixed))
    types = ", ".join(f'"{field.attname}" {field.db_type(connection)}' for field in varied)
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in fixed]
    document = json.dumps(rows, default=_plain, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{model._meta.db_table}" (tenant_id, {into})'
            f" select %s, {taken} from json_to_recordset(%s::json) as row({types})"
            + (" on conflict do nothing" if ignore_conflicts else ""),
            [required_tenant_id(), *defaults, document],
        )


def update_all(model: type[TenantModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows of the tenant in use, each given as its `id` and values by attribute name; all name the same ones.

    Django's `bulk_update` sends every value as a parameter of a CASE of its own: 30 times the time at 1,000 rows.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    changed = ", ".join(f'"{field.column}" = row."{field.attname}"' for field in fields if not field.primary_key)
    types = ", ".join(
        f'"{field.attname}" {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}'
        for field in fields
    )
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'update "{table}" set {changed} from json_to_recordset(%s::json) as row({types})'
            f' where "{table}".tenant_id = %s and "{table}"."{key}" = row."{model._meta.pk.attname}"',
            [json.dumps(rows, default=_plain, ensure_ascii=False), required_tenant_id()],
        )


def values_of(row: models.Model) -> dict[str, Any]:
    """An unsaved row's values by attribute name, for `insert_all`; what the database fills in itself is left out."""
    found = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "tenant"
    }
    if row.pk is None:
        del found[row._meta.pk.attname]
    return {name: value for name, value in found.items() if not isinstance(value, DatabaseDefault)}


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no column takes a {type(value).__name__}")
