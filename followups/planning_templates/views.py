"""Settings: templates of follow-ups, the team's and the member's own, with the success of each."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from followups.models import FollowUpTemplate
from followups.planning_templates.forms import FollowUpTemplateForm, owner_of_new
from followups.planning_templates.setup import all_templates
from followups.planning_templates.success import TemplateSuccess, success_by_template

SHARE = "followups.manage_templates"


def templates_version() -> str:
    """Hash the templates, to detect forms that are outdated."""
    fields = (*FollowUpTemplate.FIELDS, "archived_at")
    return version_of([(row.pk, *(getattr(row, name) for name in fields)) for row in all_templates()])


ROWS = NamedRows(
    address="followups:%s_template",
    none=gettext_lazy("No templates yet."),
    new=gettext_lazy("New template"),
    add=gettext_lazy("Add template"),
    row="followups/templates/_row.html",
    form="followups/templates/_form.html",
    script="rows",
    is_narrow=False,
)


@settings_page("followups:templates", "followups.work", ROWS, version=templates_version)
def template_list(request: TenantRequest) -> Context:
    """Show the team's templates and the member's own."""
    successes = success_by_template()
    seen = [row for row in all_templates() if row.is_visible_to(request.member)]
    for row in seen:
        row.success = successes.get(row.pk, TemplateSuccess())  # type: ignore[attr-defined]
        row.may_edit = _may_edit(row, request.member)  # type: ignore[attr-defined]
    context = row_context(
        [row for row in seen if row.archived_at is None or _may_edit(row, request.member)],
        lambda row: FollowUpTemplateForm(template=row, auto_id=f"t{row.pk}-%s"),
    )
    may_share = allows(request.member, SHARE)
    return context | {"new": FollowUpTemplateForm(auto_id="new-%s"), "may_share": may_share}


def _may_edit(row: FollowUpTemplate, member: Member) -> bool:
    if row.owner_id is None:
        return allows(member, SHARE)
    return bool(row.owner_id == member.pk)


def _get_template(pk: int) -> FollowUpTemplate:
    row = FollowUpTemplate.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _check_may_edit(request: TenantRequest, row: FollowUpTemplate) -> None:
    if not _may_edit(row, request.member):
        raise Http404


@template_list.action()
def add_template(request: TenantRequest) -> str:
    """Add a template of the member's own, or of the team."""
    form = require_valid(FollowUpTemplateForm(request.POST))
    owner = owner_of_new(request.POST, request.member, may_share=allows(request.member, SHARE))
    row = FollowUpTemplate.add(owner=owner, by=request.member, **form.field_values)
    return _("“%(name)s” was added.") % {"name": row.name}


@template_list.action(_get_template)
def edit_template(request: TenantRequest, row: FollowUpTemplate) -> str:
    """Edit a template."""
    _check_may_edit(request, row)
    form = require_valid(FollowUpTemplateForm(request.POST, template=row))
    row.edit(by=request.member, **form.field_values)
    return _("“%(name)s” was saved.") % {"name": row.name}


@template_list.action(_get_template)
def archive_template(request: TenantRequest, row: FollowUpTemplate) -> str:
    """Archive a template; what was planned by it stays."""
    _check_may_edit(request, row)
    row.archive(by=request.member)
    return _("“%(name)s” is archived.") % {"name": row.name}


@template_list.action(_get_template)
def restore_template(request: TenantRequest, row: FollowUpTemplate) -> str:
    """Restore a template."""
    _check_may_edit(request, row)
    row.restore(by=request.member)
    return _("“%(name)s” was restored.") % {"name": row.name}
