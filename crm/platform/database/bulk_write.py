"""Many rows of one table, new or changed, with one statement: what an import is written with.

The app's login may not COPY into a policed table, and the ORM's own bulk insert sends every value as a parameter;
here one JSON document travels and Postgres takes it apart (ledger.py).
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from crm.platform.database.write_batch import Ledger
from crm.platform.models import TenantModel


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
    ledger = Ledger()
    ledger.insert(model, rows, ignore_conflicts=ignore_conflicts)
    ledger.send()


def update_all(model: type[TenantModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows of the tenant in use, each given as its `id` and values by attribute name; all name the same ones.

    Django's `bulk_update` sends every value as a parameter of a CASE of its own: 30 times the time at 1,000 rows.
    """
    ledger = Ledger()
    ledger.update(model, rows)
    ledger.send()


def values_of(row: models.Model) -> dict[str, Any]:
    """An unsaved row's values by attribute name, for `insert_all`; what the database fills in itself is left out."""
    found = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "tenant"
    }
    if row.pk is None:
        del found[row._meta.pk.attname]
    return {name: value for name, value in found.items() if not isinstance(value, DatabaseDefault)}
