"""`manage.py seed_demo`: the two organizations of the demo, laid down up to the present moment."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from crm.kernel import clock
from crm.platform.models import Tenant
from demo.seed import HOUSES, lay_down


class Command(BaseCommand):
    help = "Create the demo organizations suncoast and chargeline; those that exist are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        for house in HOUSES:
            if Tenant.objects.filter(slug=house.plan.slug).exists():
                self.stdout.write(f"{house.plan.name} is there already.")
                continue
            with transaction.atomic():
                jobs = lay_down(house, now)
            self.stdout.write(f"{house.plan.name}: {jobs} leads.")
