"""Settings: the own fields of leads, each with how many leads have it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.fields.features import MANAGE
from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Job
from crm.jobs.models.fields import JobField, Kind
from crm.web.lists.counts import capped_counts
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = [(field.pk, field.name, field.options, field.archived_at) for field in job_fields().all.values()]
    return version_of(rows)


@settings_page("jobs:fields", MANAGE, "jobs/fields/fields.html", version=version)
def fields(request: TenantRequest) -> Context:
    """Show the fields in use, how many leads have each, and the archived ones."""
    here = job_fields()
    rows = {field.key: Job.objects.with_own_field(field.key) for field in here.live}
    held = {}
    if rows:
        held = capped_counts(rows)
    return {
        "live": [(field, held[field.key]) for field in here.live],
        "archived": [field for field in here.all.values() if field.archived_at],
        "kinds": Kind.choices,
    }


def _field(pk: int) -> JobField:
    return get_object_or_404(JobField.objects.all(), pk=pk)


def _options(request: TenantRequest) -> list[str]:
    """Return the choices as they were typed, one a line."""
    lines = [" ".join(line.split()) for line in request.POST.get("options", "").splitlines()]
    return [line for line in lines if line]


@fields.action()
def add_field(request: TenantRequest) -> str:
    """Add a field."""
    given = request.POST
    field = JobField.add(
        given.get("name", ""), kind=given.get("kind", ""), options=_options(request), by=request.member
    )
    return _("“%(name)s” was added.") % {"name": field.name}


@fields.action(_field)
def edit_field(request: TenantRequest, field: JobField) -> str:
    """Rename a field, and set what can be chosen."""
    field.edit(request.POST.get("name", ""), options=_options(request), by=request.member)
    return _("“%(name)s” was saved.") % {"name": field.name}


# Archived: leads keep what they have in it.
archive_field, restore_field = fields.archive_actions(_field)
