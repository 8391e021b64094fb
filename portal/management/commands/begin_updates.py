"""`manage.py begin_updates`: schedule updates for jobs that were sold before the feature existed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from crm.jobs.models import Job
from crm.platform.management.tenant_argument import add_tenant_argument, get_tenant
from crm.platform.tenancy.context import use_tenant
from portal.models import UpdatePlan

SLICE = 500


class Command(BaseCommand):
    help = "Plan the next update of every sold job that has none planned yet. Again: nothing more."

    def add_arguments(self, parser: CommandParser) -> None:
        add_tenant_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = get_tenant(options["slug"])
        count = 0
        last = 0
        while True:
            with use_tenant(tenant), transaction.atomic():
                rows = list(Job.objects.open().filter(pk__gt=last).order_by("pk")[:SLICE])
                before = UpdatePlan.objects.count()
                UpdatePlan.begin_all([job for job in rows if job.is_sold])
                count += UpdatePlan.objects.count() - before
            if not rows:
                break
            last = rows[-1].pk
        self.stdout.write(f"{tenant.name}: {count} jobs are told of from now on.")
