"""The doors of a tenant, kept in each process until its configuration changes. Treat them as read-only."""

from crm.platform.organization.configuration import per_tenant
from leads.models import IntakeDoor


@per_tenant
def doors() -> dict[int, IntakeDoor]:
    """Return them all by id, by name, those switched off too."""
    return {door.pk: door for door in IntakeDoor.objects.order_by("name", "pk")}
