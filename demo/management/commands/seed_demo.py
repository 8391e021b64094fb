"""`manage.py seed_demo`: create the two demo organizations, with history up to now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from crm.kernel import clock
from crm.platform.models import Tenant
from demo.seed import ORGANIZATIONS, create_organization


class Command(BaseCommand):
    help = "Create the demo organizations suncoast and chargeline; those that exist are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        for organization in ORGANIZATIONS:
            if Tenant.objects.filter(slug=organization.plan.slug).exists():
                self.stdout.write(f"{organization.plan.name} is there already.")
                continue
            with transaction.atomic():
                jobs = create_organization(organization, now)
            self.stdout.write(f"{organization.plan.name}: {jobs} leads.")
