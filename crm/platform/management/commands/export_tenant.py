"""`manage.py export_tenant`: write all of an organization's data to files, one JSON line a row."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.management.tenant_argument import add_tenant_argument, get_tenant
from crm.platform.organization.tenant_removal import export_tenant


class Command(BaseCommand):
    help = "Write everything of an organization into a new folder: one JSON-lines file a table, and its files."

    def add_arguments(self, parser: CommandParser) -> None:
        add_tenant_argument(parser)
        parser.add_argument("--to", required=True, type=Path, help="a folder that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = get_tenant(options["slug"])
        try:
            written = export_tenant(tenant, options["to"])
        except FileExistsError as error:
            raise CommandError(f"{options['to']} exists already; name a new folder.") from error
        except OSError as error:
            raise CommandError(f"{options['to']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{sum(written.values())} rows of {len(written)} tables are in {options['to']}.")
        self.stdout.write("They are personal data in clear: keep them as such.")
