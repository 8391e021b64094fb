"""`manage.py delete_tenant`: delete an organization with all its data, for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.management.tenant_argument import add_tenant_argument, get_tenant
from crm.platform.organization.tenant_removal import delete_tenant


class Command(BaseCommand):
    help = "Delete an organization: its rows, queued work, files, and the users who are in no other."

    def add_arguments(self, parser: CommandParser) -> None:
        add_tenant_argument(parser)
        parser.add_argument("--yes", action="store_true", help="really")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = get_tenant(options["slug"])
        if not options["yes"]:
            raise CommandError(f"This deletes {tenant.name} for good. Export it first, then add --yes.")
        deleted = delete_tenant(tenant)
        users = deleted.pop("platform_user")
        self.stdout.write(f"{tenant.name} is gone: {sum(deleted.values())} rows and {users} users.")
