"""Many new rows with one statement a table: what a set form of a verb is written with.

The app's login may not COPY into a policed table, and the ORM's own bulk insert sends every value as a parameter;
here one JSON document travels and Postgres takes it apart.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import NOT_PROVIDED

from crm.platform.models import TenantModel
from crm.platform.tenancy import required_tenant_id


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys of a table, so that rows may point at each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def insert_all(rows: Sequence[TenantModel], *, ignore_conflicts: bool = False) -> None:
    """Write unsaved rows of one model, in the tenant in use. Those without a key get one first.

    Columns with a database default take it. Raises IntegrityError unless conflicts are to be ignored.
    """
    if not rows:
        return
    model, tenant_id = type(rows[0]), required_tenant_id()
    if bare := [row for row in rows if row.pk is None]:
        for row, pk in zip(bare, allocate_ids(model, len(bare)), strict=True):
            row.pk = pk
    fields = [f for f in model._meta.concrete_fields if f.name != "tenant" and f.db_default is NOT_PROVIDED]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    names = [(field.column, field.attname) for field in fields]
    document = json.dumps(
        [{column: value for column, name in names if (value := getattr(row, name)) is not None} for row in rows],
        default=_plain,
        ensure_ascii=False,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{model._meta.db_table}" (tenant_id, {columns})'
            f" select %s, {columns} from json_to_recordset(%s::json) as row({types})"
            + (" on conflict do nothing" if ignore_conflicts else ""),
            [tenant_id, document],
        )
    for row in rows:
        row.tenant_id = tenant_id
        row._state.adding, row._state.db = False, connection.alias


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no column takes a {type(value).__name__}")
