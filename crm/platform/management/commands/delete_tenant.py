"""`manage.py delete_tenant`: delete an organization with all its data, for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.platform.management.tenant_argument import add_tenant, tenant_named
from crm.platform.organization.tenant_removal import delete


class Command(BaseCommand):
    help = "Delete an organization: its rows, queued work, files, and the users who are in no other."

    def add_arguments(self, parser: CommandParser) -> None:
        add_tenant(parser)
        parser.add_argument("--yes", action="store_true", help="really")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["slug"])
        if not options["yes"]:
            raise CommandError(f"This deletes {tenant.name} for good. Export it first, then add --yes.")
        deleted = delete(tenant)
        users = deleted.pop("platform_user")
        self.stdout.write(f"{tenant.name} is gone: {sum(deleted.values())} rows and {users} users.")
