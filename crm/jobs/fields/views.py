"""Settings: the custom fields of leads, customers and properties, each with the number of records that have a value."""

from django.utils.translation import gettext_lazy

from crm.jobs.fields.features import MANAGE
from crm.jobs.fields.setup import RECORDS, all_fields, having_own_field, own_fields_of
from crm.jobs.models.fields import FieldKind, OwnField, OwnFieldRecord
from crm.web.lists.counts import capped_counts
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = [(field.pk, field.name, field.options, field.archived_at) for field in all_fields().all.values()]
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
    """Show the live fields, how many records have a value in each, and the archived ones."""
    rows = {
        field.key: model._default_manager.filter(having_own_field(field.key))
        for model in RECORDS
        for field in own_fields_of(model).live
    }
    counts = {}
    if rows:
        counts = capped_counts(rows)
    choices = {"kinds": FieldKind.choices, "records": OwnFieldRecord.choices}
    return row_context(all_fields().all.values(), lambda field: counts[field.key]) | choices


def _posted_values(request: TenantRequest, field: OwnField | None) -> Context:
    """Read the posted values of a field, with one choice per line; the kind and record only for a new field."""
    lines = [" ".join(line.split()) for line in request.POST.get("options", "").splitlines()]
    values: Context = {"name": request.POST.get("name", ""), "options": [line for line in lines if line]}
    if field is None:
        values["kind"] = request.POST.get("kind", "")
        values["record"] = request.POST.get("record", OwnFieldRecord.LEAD)
    return values


# Archived: records keep what they have in it.
add_field, edit_field, archive_field, restore_field = fields.row_actions(OwnField, _posted_values)
