"""The tenant that a command is about, named by its slug."""

from django.core.management.base import CommandError, CommandParser

from crm.platform.models import Tenant


def add_tenant(parser: CommandParser) -> None:
    parser.add_argument("slug", help="the organization's place in addresses")


def tenant_named(slug: str) -> Tenant:
    """The tenant. Raises CommandError when there is none of that name."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no organization {slug!r}.")
    return tenant
