"""`manage.py seed_demo`: create the two demo organizations, with history up to now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from crm.kernel import clock
from crm.platform.models import Tenant
from demo.seed import ORGANIZATIONS, create_organization


class Command(BaseCommand):
    help = "Create the demo organizations suncoast and chargeline; those that exist are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these")

    def handle(self, *args: Any, **options: Any) -> None:
        now, wanted = clock.now(), options["slugs"]
        for organization in ORGANIZATIONS:
            if wanted and organization.plan.slug not in wanted:
                continue
            if Tenant.objects.filter(slug=organization.plan.slug).exists():
                self.stdout.write(f"{organization.plan.name} is there already.")
                continue
            with transaction.atomic():
                jobs = create_organization(organization, now)
            # Autovacuum does the same, a minute too late: until then pages are planned for empty tables.
            with connection.cursor() as cursor:
                cursor.execute("analyze")
            self.stdout.write(f"{organization.plan.name}: {jobs} leads.")
