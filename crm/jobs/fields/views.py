"""Settings: the own fields of leads, each with how many leads have it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.fields.features import MANAGE
from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Job
from crm.jobs.models.fields import JobField, Kind
from crm.web.actions.form_version import version_of
from crm.web.lists.counts import capped_counts
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(field.pk, field.name, field.archived_at) for field in job_fields().all.values()])


@settings_page("jobs:fields", MANAGE, "jobs/fields/fields.html", version=version)
def fields(request: TenantRequest) -> Context:
    """Show the fields in use, how many leads have each, and the archived ones."""
    here = job_fields()
    rows = {field.key: Job.objects.with_own_field(field.key) for field in here.live}
    held = capped_counts(rows) if rows else {}
    return {
        "live": [(field, held[field.key]) for field in here.live],
        "archived": [field for field in here.all.values() if field.archived_at],
        "kinds": Kind.choices,
    }


def _field(pk: int) -> JobField:
    return get_object_or_404(JobField.objects.all(), pk=pk)


@fields.action()
def add_field(request: TenantRequest) -> str:
    """Add a field."""
    field = JobField.add(request.POST.get("name", ""), kind=request.POST.get("kind", ""), by=request.member)
    return _("“%(name)s” is a field of leads now.") % {"name": field.name}


@fields.action(_field)
def edit_field(request: TenantRequest, field: JobField) -> str:
    """Rename a field."""
    field.edit(request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” is saved.") % {"name": field.name}


# Archived: leads keep what they have in it.
archive_field, restore_field = fields.archive_actions(_field)
