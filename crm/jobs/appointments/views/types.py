"""Settings: the types of appointments."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.appointments.forms import TypeForm
from crm.jobs.appointments.setup import appointment_types, offered_types
from crm.jobs.models.appointments import AppointmentType
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import checked
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = appointment_types().values()
    return version_of([(row.pk, row.name, row.archived_at, *map(str, _values(row))) for row in rows])


def _values(row: AppointmentType) -> list[object]:
    return [getattr(row, f"{name}_id" if name in ("skill", "team") else name) for name in row.FIELDS]


@settings_page("calendar:types", "appointments.set_up", "jobs/appointments/types.html", version=version)
def types(request: TenantRequest) -> Context:
    """Show the types in use, each with its form, and the archived ones."""
    return {
        "live": [(row, TypeForm(row=row)) for row in offered_types()],
        "archived": [row for row in appointment_types().values() if row.archived_at],
        "new": TypeForm(request.POST if request.path.endswith("/types/add/") else None),
    }


def _type(pk: int) -> AppointmentType:
    return get_object_or_404(AppointmentType.objects.all(), pk=pk)


@types.action()
def add_type(request: TenantRequest) -> str:
    """Add a type."""
    form = checked(TypeForm(request.POST))
    row = AppointmentType.add(form.cleaned_data["name"], by=request.member, **form.facts)
    return _("“%(name)s” can be booked now.") % {"name": row.name}


@types.action(_type)
def edit_type(request: TenantRequest, row: AppointmentType) -> str:
    """Change a type; what is booked keeps its length."""
    form = checked(TypeForm(request.POST, row=row))
    row.edit(form.cleaned_data["name"], by=request.member, **form.facts)
    return _("“%(name)s” was saved.") % {"name": row.name}


archive_type, restore_type = types.archive_actions(_type)
