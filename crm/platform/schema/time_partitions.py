"""Tables partitioned by time: create the partitions of the next periods, and drop old ones (docs/operations.md).

Both run as the owner: the app's login may neither create tables nor delete from a log. A row whose period has no
partition goes into the default one. Decisions 0091 and 0100 say why these tables are partitioned and others are not.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from dateutil.relativedelta import relativedelta
from django.db import connection

from crm.platform.schema.brief_locks import change_tables

_PERIOD = re.compile(r"(before_)?(\d{4})_(\d{2})")


@dataclass(frozen=True)
class PartitionedTable:
    """A table whose partitions each hold some months of it, by a column of instants in UTC.

    Names say where a partition is: `…_2027_01` begins with January 2027, `…_before_2027_01` ends there.
    """

    name: str
    column: str
    # How long a partition's period is; a year's begins in January.
    months: int
    # How many periods are created from the current one on.
    created_ahead: int

    @property
    def default(self) -> str:
        return f"{self.name}_default"

    def create_partitions(self, now: datetime) -> list[str]:
        """Create the missing partitions of this period and the next; returns their names. Idempotent.

        Rows of these periods that are in the default partition are moved. Writers wait meanwhile. Raises
        `OperationalError` if they hold the table for too long (brief_locks.py).
        """
        return change_tables(partial(self._create_missing, now))

    def drop_partitions(self, before: date) -> list[str]:
        """Drop the partitions that end on this day or earlier; returns their names. Their rows are lost for good.

        Raises `OperationalError` if others hold the table for too long (brief_locks.py).
        """
        old_names = [name for name, end in self.list_partitions().items() if end <= before]
        change_tables(partial(_drop_tables, old_names))
        return old_names

    def list_partitions(self) -> dict[str, date]:
        """Return the partitions but the default one by name, each with the first day after it (UTC), oldest first."""
        with connection.cursor() as cursor:
            cursor.execute(
                """select inhrelid::regclass::text from pg_inherits
                   where inhparent = %s::regclass and inhrelid <> %s::regclass""",
                [self.name, self.default],
            )
            names = [name for (name,) in cursor.fetchall()]
        return dict(sorted(((name, self._end(name)) for name in names), key=lambda pair: pair[1]))

    def _create_missing(self, now: datetime) -> list[str]:
        ends = self.list_partitions()
        new_names = []
        for ahead in range(self.created_ahead):
            begin = self._begin_of_period(now.date()) + relativedelta(months=ahead * self.months)
            name = f"{self.name}_{begin:%Y_%m}"
            if name not in ends and begin >= self._end_of_first(ends):
                self._create_partition(name, begin)
                new_names.append(name)
        return new_names

    def _begin_of_period(self, day: date) -> date:
        return day.replace(month=day.month - (day.month - 1) % self.months, day=1)

    def _end(self, name: str) -> date:
        match = _PERIOD.fullmatch(name.removeprefix(f"{self.name}_"))
        if not match:
            raise ValueError(f"{name} is a partition of {self.name} that this product did not create")
        month = date(int(match[2]), int(match[3]), 1)
        if match[1]:
            return month
        return month + relativedelta(months=self.months)

    def _end_of_first(self, ends: dict[str, date]) -> date:
        """Return where the periods begin: the end of the table from before there were partitions, if still kept."""
        return max((end for name, end in ends.items() if name.startswith(f"{self.name}_before_")), default=date.min)

    def _create_partition(self, name: str, begin: date) -> None:
        since, until = (f"{day}T00:00:00Z" for day in (begin, begin + relativedelta(months=self.months)))
        with connection.cursor() as cursor:
            cursor.execute(f"create table {name} (like {self.name} including defaults including constraints)")
            cursor.execute(f"lock table {self.name} in access exclusive mode")
            cursor.execute(
                f"""with moved as (
                        delete from {self.default} where {self.column} >= %s and {self.column} < %s returning *
                    ) insert into {name} select * from moved""",
                [since, until],
            )
            cursor.execute(
                f"alter table {self.name} attach partition {name} for values from ('{since}') to ('{until}')"
            )


def _drop_tables(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"drop table {name}")


ACCESS_LOG = PartitionedTable("platform_accesslog", "hour", months=1, created_ahead=3)
EVENTS = PartitionedTable("platform_event", "at", months=12, created_ahead=2)
PARTITIONED_TABLES = (ACCESS_LOG, EVENTS)
