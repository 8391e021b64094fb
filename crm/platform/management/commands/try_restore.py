"""`manage.py try_restore`: restore a dump into an empty database, see what is in it, and note that it worked."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.health import backups


class Command(BaseCommand):
    help = "Restore a dump of `backup` into an empty database of yours, and tell the page of health how it went."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dump", type=Path)
        parser.add_argument("--into", required=True, help="postgres://…: an empty database; never the one in use")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dump"].is_file():
            raise CommandError(f"There is no file {options['dump']}.")
        try:
            tried = backups.try_restore(options["dump"], options["into"])
        except backups.BackupFailed as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"Restored in {tried.seconds} s. Drop that database again: it is personal data in clear.")
