"""`manage.py seed_scale`: fill a separate database for benchmarks, as the database's owner."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel import clock
from crm.platform.models import Tenant
from demo.scale.load import load


class Command(BaseCommand):
    help = "Create tenants scale-1, scale-2 … of uneven size, for benches. Locks the tables it fills."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenants", type=int, default=10)
        parser.add_argument("--jobs", type=int, default=1_000_000, help="over all tenants")

    def handle(self, *args: Any, tenants: int, jobs: int, **options: Any) -> None:
        if not 1 <= tenants <= 1000 or jobs < tenants:
            raise CommandError("There must be 1 to 1000 tenants, with at least one job each.")
        if Tenant.objects.filter(slug="scale-1").exists():
            self.stdout.write("The big tenants are there already.")
            return
        begin = time.monotonic()
        load(tenants, jobs, clock.now(), self.stdout.write)
        self.stdout.write(f"{jobs:,} jobs in {time.monotonic() - begin:.0f} s")
