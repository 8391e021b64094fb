"""`manage.py create_sandbox`: create, reset or delete the practice organization of an organization."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.refusal import Refused
from crm.platform.management.tenant_argument import get_tenant
from crm.platform.models import Member, Role
from crm.platform.organization.practice import create_practice, delete_practice, reset_practice
from crm.platform.tenancy.context import use_tenant


class Command(BaseCommand):
    help = "Create a practice organization: a copy of the configuration without customers. Nothing is sent from it."
    # More than half of what it takes to start: they load all pages. `manage.py check` and the web's start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization that is copied")
        parser.add_argument("--email", default="", help="the member who is its admin; otherwise the first admin")
        parser.add_argument("--reset", action="store_true", help="delete it first, with all that was tried in it")
        parser.add_argument("--delete", action="store_true", help="delete it, and create none")

    def handle(self, *args: Any, tenant: str, email: str, reset: bool, delete: bool, **options: Any) -> None:
        organization = get_tenant(tenant)
        with use_tenant(organization):
            if delete:
                if not delete_practice(by=None):
                    raise CommandError(f"{organization.name} has no practice organization.")
                self.stdout.write("The practice organization is deleted.")
                return
            member = _find_admin(email)
            try:
                if reset:
                    practice, problems = reset_practice(by=member)
                else:
                    practice, problems = create_practice(by=member)
            except Refused as why:
                raise CommandError(str(why)) from why
        for problem in problems:
            self.stdout.write(f"left out: {problem}")
        self.stdout.write(f"{practice.name} is at /{practice.slug}/. Its admin is {member.name}.")


def _find_admin(email: str) -> Member:
    admins = Member.objects.active().filter(role=Role.ADMIN).order_by("pk")
    if email:
        admins = admins.filter(user__email__iexact=email.strip())
    member: Member | None = admins.first()
    if member is None:
        raise CommandError("There is no active admin with this address.")
    return member
