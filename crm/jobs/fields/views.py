"""Settings: the custom fields of leads, each with the number of leads that have a value."""

from django.utils.translation import gettext_lazy

from crm.jobs.fields.features import MANAGE
from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, JobField
from crm.web.lists.counts import capped_counts
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = [(field.pk, field.name, field.options, field.archived_at) for field in job_fields().all.values()]
    return version_of(rows)


ROWS = NamedRows(
    address="jobs:%s_field",
    none=gettext_lazy("No custom fields yet."),
    new=gettext_lazy("New field"),
    add=gettext_lazy("Add field"),
    facts="jobs/fields/_facts.html",
    fields="jobs/fields/_edit.html",
    new_fields="jobs/fields/_kinds.html",
    longest=40,
)


@settings_page("jobs:fields", MANAGE, ROWS, version=version)
def fields(request: TenantRequest) -> Context:
    """Show the live fields, how many leads have a value in each, and the archived ones."""
    setup = job_fields()
    rows = {field.key: Job.objects.with_own_field(field.key) for field in setup.live}
    counts = {}
    if rows:
        counts = capped_counts(rows)
    return row_context(setup.all.values(), lambda field: counts[field.key]) | {"kinds": FieldKind.choices}


def _posted_values(request: TenantRequest, field: JobField | None) -> Context:
    """Read the posted values of a field, with one choice per line; the kind only for a new field."""
    lines = [" ".join(line.split()) for line in request.POST.get("options", "").splitlines()]
    values: Context = {"name": request.POST.get("name", ""), "options": [line for line in lines if line]}
    if field is None:
        values["kind"] = request.POST.get("kind", "")
    return values


# Archived: leads keep what they have in it.
add_field, edit_field, archive_field, restore_field = fields.row_actions(JobField, _posted_values)
