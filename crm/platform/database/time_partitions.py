"""Monthly partitions of the access log: create those of the next months, and drop old ones (docs/operations.md).

Both run as the owner: the app's login may neither create tables nor delete from the log. A row whose month has no
partition goes into the default one. Decision 0091 says why this table alone is partitioned.
"""

import re
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

TABLE = "platform_accesslog"
DEFAULT = f"{TABLE}_default"
# This month and the next ones.
MONTHS = 3
# A partition's name says where it ends: `…_2026_11` with November, `…_before_2027_01` before January.
_MONTH = re.compile(rf"{TABLE}_(\d{{4}})_(\d{{2}})")
_BEFORE = re.compile(rf"{TABLE}_before_(\d{{4}})_(\d{{2}})")


@transaction.atomic
def create_partitions(now: datetime) -> list[str]:
    """Create the missing partitions of this month and the next two; returns their names. Idempotent.

    Rows of these months that are in the default partition are moved. Writers wait meanwhile. Raises
    `OperationalError` if they hold the table for three seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '3s'")
        ends = list_partitions()
        this_month = now.date().replace(day=1)
        new_names = []
        for ahead in range(MONTHS):
            month = this_month + relativedelta(months=ahead)
            name = f"{TABLE}_{month:%Y_%m}"
            if name not in ends and month >= _end_of_first(ends):
                _create_partition(name, month)
                new_names.append(name)
    return new_names


@transaction.atomic
def drop_partitions(before: date) -> list[str]:
    """Drop the partitions that end on this day or earlier; returns their names. Their rows are lost for good."""
    old_names = [name for name, end in list_partitions().items() if end <= before]
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '3s'")
        for name in old_names:
            cursor.execute(f"drop table {name}")
    return old_names


def list_partitions() -> dict[str, date]:
    """Return the partitions but the default one by name, each with the first day after it (UTC), oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select inhrelid::regclass::text from pg_inherits
               where inhparent = %s::regclass and inhrelid <> %s::regclass""",
            [TABLE, DEFAULT],
        )
        names = [name for (name,) in cursor.fetchall()]
    return dict(sorted(((name, _end(name)) for name in names), key=lambda pair: pair[1]))


def _end(name: str) -> date:
    if match := _MONTH.fullmatch(name):
        return date(int(match[1]), int(match[2]), 1) + relativedelta(months=1)
    if match := _BEFORE.fullmatch(name):
        return date(int(match[1]), int(match[2]), 1)
    raise ValueError(f"{name} is a partition of {TABLE} that this product did not create")


def _end_of_first(ends: dict[str, date]) -> date:
    """Return where the months begin: the end of the table from before there were partitions, if it is still kept."""
    return max((end for name, end in ends.items() if _BEFORE.fullmatch(name)), default=date.min)


def _create_partition(name: str, month: date) -> None:
    begin, end = (f"{day}T00:00:00Z" for day in (month, month + relativedelta(months=1)))
    with connection.cursor() as cursor:
        cursor.execute(f"create table {name} (like {TABLE} including defaults including constraints)")
        cursor.execute(f"lock table {TABLE} in access exclusive mode")
        cursor.execute(
            f"""with moved as (delete from {DEFAULT} where hour >= %s and hour < %s returning *)
                insert into {name} select * from moved""",
            [begin, end],
        )
        cursor.execute(f"alter table {TABLE} attach partition {name} for values from ('{begin}') to ('{end}')")
