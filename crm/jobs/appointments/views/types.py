"""Settings: the appointment types."""

from django.utils.translation import gettext_lazy

from crm.jobs.appointments.forms import TypeForm
from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments import AppointmentType
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = appointment_types().values()
    return version_of([(row.pk, row.name, row.archived_at, *map(str, _form_version(row))) for row in rows])


def _form_version(row: AppointmentType) -> list[object]:
    return [getattr(row, f"{name}_id" if name in ("skill", "team") else name) for name in row.FIELDS]


ROWS = NamedRows(
    address="calendar:%s_type",
    none=gettext_lazy("No type yet."),
    new=gettext_lazy("New type"),
    add=gettext_lazy("Add type"),
    facts="jobs/appointments/_type_facts.html",
)


@settings_page("calendar:types", "appointments.set_up", ROWS, version=version)
def types(request: TenantRequest) -> Context:
    """Show the live types, each with its form, and the archived ones."""
    new = TypeForm(request.POST if request.path.endswith("/types/add/") else None)
    return row_context(appointment_types().values(), lambda row: TypeForm(row=row)) | {"new": new}


def _posted_values(request: TenantRequest, row: AppointmentType | None) -> Context:
    return require_valid(TypeForm(request.POST, row=row)).facts


# Edited: what is booked keeps its length.
add_type, edit_type, archive_type, restore_type = types.row_actions(
    AppointmentType, _posted_values, added=gettext_lazy("“%(name)s” can be booked now.")
)
