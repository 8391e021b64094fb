"""`manage.py renew_demo`: make the demo companies anew, so that they are of today."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel import clock
from demo.renewal.age import data_age, is_looked_at
from demo.renewal.companies import demo_companies
from demo.seed import organization_of, renew_organization


class Command(BaseCommand):
    help = "Delete the demo companies whose data are older than 20 hours and create them anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these")
        parser.add_argument("--even-if-used", action="store_true", help="also lose what somebody has changed in them")
        parser.add_argument("--idle", action="store_true", help="leave those that somebody has looked at of late")
        parser.add_argument("--stamp", type=Path, help="a file to touch when all of them are new")

    def handle(self, *args: Any, **options: Any) -> None:
        old = 0
        wanted = options["slugs"]
        for tenant in demo_companies():
            age = data_age(tenant)
            if wanted and tenant.slug not in wanted:
                continue
            if not age.is_old and not options["even_if_used"]:
                continue
            if age.is_used and not options["even_if_used"]:
                old += 1
                self.stdout.write(f"{tenant.name} is {age.days} days old and stays: somebody has worked in it.")
            elif options["idle"] and is_looked_at(tenant):
                old += 1
            else:
                jobs = renew_organization(organization_of(tenant), tenant, clock.now())
                self.stdout.write(f"{tenant.name}: made anew, {jobs} leads.")
        if options["stamp"] and not old:
            options["stamp"].touch()
