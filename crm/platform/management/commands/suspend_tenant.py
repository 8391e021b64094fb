"""`manage.py suspend_tenant`: lock an organization's members out, or let them in again; nothing is deleted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.platform.management.tenant_argument import add_tenant_argument, get_tenant
from crm.platform.tenancy.context import use_tenant


class Command(BaseCommand):
    help = "Shut an organization's members out from their next click on; --resume lets them in again."

    def add_arguments(self, parser: CommandParser) -> None:
        add_tenant_argument(parser)
        parser.add_argument("--resume", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = get_tenant(options["slug"])
        with use_tenant(tenant):
            if options["resume"]:
                tenant.resume(by=None)
            else:
                tenant.suspend(by=None)
        self.stdout.write(f"{tenant.name} is {'open again' if options['resume'] else 'suspended'}.")
