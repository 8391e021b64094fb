"""`manage.py create_tenant`: create an organization and invite its first admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from crm.platform.organization.tenant_creation import create_tenant


class Command(BaseCommand):
    help = "Make an organization with its calendar, brand and pipeline, and mail its first admin the way in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its place in addresses, e.g. suncoast")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="ISO code, e.g. US; gives currency, language and holidays")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--time-zone", default="", help="e.g. America/Chicago; otherwise the country's first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["admin_email"])
            tenant, link = create_tenant(
                slug=options["slug"],
                name=options["name"],
                country=options["country"].upper(),
                admin_email=options["admin_email"],
                admin_name=options["admin_name"],
                time_zone=options["time_zone"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"{tenant.name} is at /{tenant.slug}/. Its admin gets a mail, and can go on here:\n{link}")
