"""Read the tenant's types of appointments, cached per process; and the ones it starts with."""

from django.utils.translation import gettext as _

from crm.jobs.models.appointments import AppointmentType
from crm.platform.organization.configuration import per_tenant

_Way = AppointmentType.Way


@per_tenant
def appointment_types() -> dict[int, AppointmentType]:
    """Return all types by id, by name; archived ones too. Treat them as read-only."""
    return {row.pk: row for row in AppointmentType.objects.order_by("name", "pk")}


def offered_types() -> list[AppointmentType]:
    """Return the types in use."""
    return [row for row in appointment_types().values() if row.archived_at is None]


def begin() -> None:
    """Create the types a tenant starts with."""
    AppointmentType.add(_("Inspection"), by=None, minutes=60, travel_minutes=30)
    AppointmentType.add(_("Installation"), by=None, minutes=4 * 60, travel_minutes=30)
    AppointmentType.add(_("Final walkthrough"), by=None, minutes=45, travel_minutes=30)
    AppointmentType.add(_("Conversation by video"), by=None, minutes=30, way=_Way.VIDEO)
