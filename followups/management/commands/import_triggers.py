"""`import_triggers`: import the status triggers of a YAML file as rules; `--export` writes them instead."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.kernel.refusal import Refused
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from followups.automation.status.document import LARGEST
from followups.automation.status.rules import export_triggers, import_triggers


class Command(BaseCommand):
    help = "Make triggers of a YAML file with status_triggers, in the shadow. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization they are for")
        parser.add_argument("--export", action="store_true", help="write what was imported, as YAML, instead")
        parser.add_argument("file", nargs="?", default="-", help="the file; without one, standard input")

    def handle(self, *args: Any, tenant: str, export: bool, file: str, **options: Any) -> None:
        organization = Tenant.objects.filter(slug=tenant).first()
        if organization is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        with use_tenant(organization):
            if export:
                self.stdout.write(export_triggers(), ending="")
                return
            try:
                done = import_triggers(_read_file(file), by=None)
            except Refused as why:
                raise CommandError(str(why)) from why
        for verb, names in (("added", done.added), ("edited", done.edited), ("left", done.left)):
            for name in names:
                self.stdout.write(f"{verb}: {name}")


def _read_file(file: str) -> str:
    """Read the file, up to one byte over the size limit."""
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            raw = Path(file).read_bytes()[: LARGEST + 1]
        return raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} can’t be read: {error}") from error
