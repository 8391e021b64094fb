"""`manage.py partition_logs`: create the next partitions of the access log and of events, and drop old ones."""

from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from crm.kernel import clock
from crm.platform.schema.time_partitions import ACCESS_LOG, EVENTS, PARTITIONED_TABLES

# Months that are kept at least. Whoever asks who read their data can ask about a year; events are part of the record
# of a sale, which a company must keep for seven years (Dutch law: article 52 AWR).
SHORTEST = {ACCESS_LOG: 12, EVENTS: 84}
_OPTIONS = {ACCESS_LOG: "keep_access_log", EVENTS: "keep_events"}


class Command(BaseCommand):
    help = "Create the next partitions of the access log and of events; with --keep-…, drop those older than that."

    def add_arguments(self, parser: CommandParser) -> None:
        for table, option in _OPTIONS.items():
            text = f"months, at least {SHORTEST[table]}; without it everything is kept"
            parser.add_argument(f"--{option.replace('_', '-')}", type=int, metavar="MONTHS", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        keep = {table: options[option] for table, option in _OPTIONS.items() if options[option] is not None}
        for table, months in keep.items():
            if months < SHORTEST[table]:
                raise CommandError(f"--{_OPTIONS[table].replace('_', '-')} must be {SHORTEST[table]} or more.")
        now = clock.now()
        for table in PARTITIONED_TABLES:
            for name in table.create_partitions(now):
                self.stdout.write(f"Created {name}.")
        for table, months in keep.items():
            for name in table.drop_partitions(now.date() - relativedelta(months=months)):
                self.stdout.write(f"Dropped {name}.")
        # Autovacuum looks at partitions, never at the whole of a partitioned table.
        with connection.cursor() as cursor:
            cursor.execute(f"analyze {', '.join(table.name for table in PARTITIONED_TABLES)}")
