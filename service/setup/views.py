"""Settings: project templates, from which jobs are set up on acceptance."""

from django.utils.translation import gettext_lazy

from crm.jobs.appointments.setup import offered_types
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from service.models import ProjectTemplate
from service.models.project_template import templates
from service.setup.template_form import fields_of, form_values

PAGE = "service:templates"
MANAGE = "projects.set_up"


def version() -> str:
    """Hash what the page's forms show."""
    rows = templates().values()
    return version_of(
        [(row.pk, row.name, row.archived_at, *(str(value) for value in _version_values(row))) for row in rows]
    )


def _version_values(row: ProjectTemplate) -> list[object]:
    return [getattr(row, f"{name}_id" if name in ("pipeline", "team", "contact") else name) for name in row.FIELDS]


ROWS = NamedRows(
    address="service:%s_template",
    none=gettext_lazy("No templates yet."),
    new=gettext_lazy("New template"),
    add=gettext_lazy("Add template"),
    facts="service/_template_facts.html",
    form="service/_template_form.html",
    is_narrow=False,
)


@settings_page(PAGE, MANAGE, ROWS, version=version)
def project_templates(request: TenantRequest) -> Context:
    """Show the templates in use, each with its form, and the archived ones."""
    organization = directory()
    return {
        **row_context(templates().values(), form_values),
        "new": form_values(None),
        "pipelines": [row for row in pipeline_setup().pipelines.values() if row.archived_at is None],
        "teams": [row for row in organization.teams.values() if row.archived_at is None],
        "members": [row for row in organization.members.values() if row.active],
        "types": offered_types(),
    }


def _posted_values(request: TenantRequest, row: ProjectTemplate | None) -> Context:
    return {"name": request.POST.get("name", ""), **fields_of(request.POST)}


# Edited: projects that are set up stay as they are.
add_template, edit_template, archive_template, restore_template = project_templates.row_actions(
    ProjectTemplate, _posted_values
)
