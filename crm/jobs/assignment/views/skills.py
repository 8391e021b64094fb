"""Settings: the skills members have."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.views.members import chosen_members, member_choices
from crm.jobs.models.assignment import Skill
from crm.jobs.models.assignment.setup import assignment_setup
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    setup = assignment_setup()
    having = sorted((member_id, sorted(skills)) for member_id, skills in setup.skills_of.items())
    return version_of([(row.pk, row.name, row.archived_at) for row in setup.skills.values()], having)


ROWS = NamedRows(
    address="jobs:%s_skill",
    none=gettext_lazy("No skills yet."),
    new=gettext_lazy("New skill"),
    add=gettext_lazy("Add skill"),
    facts="jobs/assignment/_skill_facts.html",
    fields="jobs/assignment/_skill_fields.html",
)


@settings_page("jobs:skills", MANAGE, ROWS, version=version)
def skills(request: TenantRequest) -> Context:
    """Show the skills with their members, and the archived ones."""
    setup = assignment_setup()
    return row_context(
        setup.skills.values(),
        lambda row: member_choices({pk for pk, skills in setup.skills_of.items() if row.pk in skills}),
    )


def _get_skill(pk: int) -> Skill:
    return get_object_or_404(Skill.objects.all(), pk=pk)


@skills.action()
def add_skill(request: TenantRequest) -> str:
    """Add a skill."""
    skill = Skill.add(request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” was added. Choose who has this skill.") % {"name": skill.name}


@skills.action(_get_skill)
def edit_skill(request: TenantRequest, skill: Skill) -> str:
    """Rename a skill, and set which members have it."""
    skill.rename(request.POST.get("name", ""), by=request.member)
    skill.give_to(chosen_members(request), by=request.member)
    return _("“%(name)s” was saved.") % {"name": skill.name}


# Archived: a rule that asks for it finds nobody who has it.
archive_skill, restore_skill = skills.archive_actions(_get_skill)
