"""The demo's companies that are in the database."""

from crm.platform.models import Tenant
from demo.seed import ORGANIZATIONS


def demo_companies() -> list[Tenant]:
    """Return them in the order they are created in."""
    slugs = [one.plan.slug for one in ORGANIZATIONS]
    rows = Tenant.objects.filter(slug__in=slugs, suspended_at=None)
    return sorted(rows, key=lambda tenant: slugs.index(tenant.slug))
