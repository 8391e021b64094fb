"""`manage.py create_api_token`: create a token of the API for a member, and print it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.models import ApiToken
from api.scopes import EVERYTHING, SCOPES
from crm.kernel.refusal import Refused
from crm.platform.management.tenant_argument import get_tenant
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant


class Command(BaseCommand):
    help = "Create a token of the API. It is the last word that is printed, and is not shown again."
    # More than half of what it takes to start: they load all pages. `manage.py check` and the web's start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="the organization's place in addresses")
        parser.add_argument("--email", required=True, help="the member that the token acts as")
        parser.add_argument("--name", default="Command line", help="what the token is called in the settings")
        parser.add_argument(
            "--scope", action="append", choices=SCOPES, help="what it may do; otherwise all that the member may do"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with use_tenant(get_tenant(options["tenant"])):
            member = Member.objects.active().filter(user__email__iexact=options["email"].strip()).first()
            if member is None:
                raise CommandError(f"{options['tenant']} has no active member {options['email']!r}.")
            try:
                token, secret = ApiToken.create(options["name"], member, options["scope"] or (EVERYTHING,), by=None)
            except Refused as why:
                raise CommandError(str(why)) from why
        self.stdout.write(f"“{token.name}” acts as {member.name}. Keep the token, it is not shown again:\n{secret}")
