"""`manage.py note_backup`: tell of a backup, or of a trial restore, that was made by other means."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from crm.kernel import clock
from crm.platform.health import backups
from crm.platform.models import Backup


class Command(BaseCommand):
    help = "Note a backup that something else made (a provider's snapshot, another script), or a trial restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--restore", action="store_true", help="it was a trial restore")
        parser.add_argument("--size", type=int, default=0, help="in bytes")
        parser.add_argument("--seconds", type=int, default=0, help="how long it took")
        parser.add_argument("--about", default="", help="which one, or where it lies; admins read it")
        parser.add_argument("--failed", default="", metavar="WHY")
        parser.add_argument("--at", default="", help="when, e.g. 2026-11-23T02:10Z; now unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at"]:
            at = parse_datetime(options["at"])
        else:
            at = clock.now()
        if at is None or is_naive(at) or at > clock.now():
            raise CommandError("--at must be a time that has passed, with its zone: 2026-11-23T02:10Z.")
        if min(options["size"], options["seconds"]) < 0:
            raise CommandError("--size and --seconds are 0 or more.")
        if options["restore"]:
            kind = Backup.Kind.RESTORE
        else:
            kind = Backup.Kind.BACKUP
        backups.record_backup(
            kind,
            at=at,
            seconds=options["seconds"],
            size=options["size"],
            about=options["about"],
            error=options["failed"],
        )
        self.stdout.write("Noted.")
