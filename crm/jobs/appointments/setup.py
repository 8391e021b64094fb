"""Read the tenant's appointment types, cached per process; create the default ones."""

from django.utils.translation import gettext as _

from crm.jobs.models.appointments import AppointmentType
from crm.platform.organization.configuration import cached_per_tenant

_Way = AppointmentType.MeetingWay


@cached_per_tenant
def appointment_types() -> dict[int, AppointmentType]:
    """Return all types by id, ordered by name, with archived ones. Treat them as read-only."""
    return {row.pk: row for row in AppointmentType.objects.order_by("name", "pk")}


def offered_types() -> list[AppointmentType]:
    """Return the types that are not archived."""
    return [row for row in appointment_types().values() if row.archived_at is None]


def begin() -> None:
    """Create a new tenant's default types, each with its matching texts."""
    AppointmentType.add(
        _("Inspection"),
        by=None,
        minutes=60,
        travel_minutes=30,
        confirmation_template="inspection_confirmation",
        reminder_template="inspection_reminder",
    )
    AppointmentType.add(
        _("Installation"),
        by=None,
        minutes=4 * 60,
        travel_minutes=30,
        notice_minutes=72 * 60,
        confirmation_template="appointment_confirmation",
        reminder_template="work_reminder",
    )
    AppointmentType.add(
        _("Final walkthrough"),
        by=None,
        minutes=45,
        travel_minutes=30,
        confirmation_template="walkthrough_confirmation",
    )
    AppointmentType.add(
        _("Video meeting"),
        by=None,
        minutes=30,
        way=_Way.VIDEO,
        notice_minutes=4 * 60,
        notice_in_working_hours=True,
        confirmation_template="call_confirmation",
        reminder_template="call_reminder",
    )
