"""`manage.py export_configuration`: write an organization's configuration as YAML."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.configuration.transfer import export_configuration
from crm.platform.management.tenant_argument import get_tenant
from crm.platform.tenancy.context import use_tenant


class Command(BaseCommand):
    help = "Write the configuration of an organization as YAML: no customers, no members, no secrets."
    # More than half of what it takes to start: they load all pages. `manage.py check` and the web's start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization's place in addresses")
        parser.add_argument("file", nargs="?", default="-", help="the file to write; without one, standard output")

    def handle(self, *args: Any, tenant: str, file: str, **options: Any) -> None:
        with use_tenant(get_tenant(tenant)):
            text = export_configuration()
        if file == "-":
            self.stdout.write(text, ending="")
            return
        try:
            Path(file).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file} can’t be written: {error}") from error
