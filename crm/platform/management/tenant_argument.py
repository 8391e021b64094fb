"""The tenant argument of management commands, a slug."""

from django.core.management.base import CommandError, CommandParser

from crm.platform.models import Tenant


def add_tenant_argument(parser: CommandParser) -> None:
    parser.add_argument("slug", help="the organization's place in addresses")


def get_tenant(slug: str) -> Tenant:
    """Return the tenant with this slug. Raises CommandError when there is none."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no organization {slug!r}.")
    return tenant
