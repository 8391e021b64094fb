"""`manage.py backup`: dump the database and the stored files into a folder, and note when and how large."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.health import backups


class Command(BaseCommand):
    help = "Write a dump of the database and a tar of the files, check the dump, and tell the page of health."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="on another disk, better in another place")
        parser.add_argument("--keep", type=int, default=backups.NIGHTS, help="older ones are deleted (default: 14)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1:
            raise CommandError("--keep must be 1 or more.")
        try:
            made = backups.back_up(options["folder"], keep=options["keep"])
        except backups.BackupFailed as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"{made.note}: {made.size} bytes in {made.seconds} s. It is personal data in clear.")
