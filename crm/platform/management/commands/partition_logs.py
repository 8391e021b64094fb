"""`manage.py partition_access_log`: create the access log's next monthly partitions, and drop those past a time."""

from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel import clock
from crm.platform.database import access_log_partitions

# Whoever asks who read their data can ask about a year at least.
SHORTEST = 12


class Command(BaseCommand):
    help = "Create the next monthly partitions of the access log; with --keep-months, drop those older than that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keep-months", type=int, help=f"at least {SHORTEST}; without it everything is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        months = options["keep_months"]
        if months is not None and months < SHORTEST:
            raise CommandError(f"--keep-months must be {SHORTEST} or more.")
        now = clock.now()
        for name in access_log_partitions.create_partitions(now):
            self.stdout.write(f"Created {name}.")
        if months is not None:
            for name in access_log_partitions.drop_partitions(now.date() - relativedelta(months=months)):
                self.stdout.write(f"Dropped {name}.")
