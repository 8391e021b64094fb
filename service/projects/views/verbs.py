"""Actions on a project and its milestones, one view each."""

from django.utils.translation import gettext as _

from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.organization.configuration import brand_languages, directory
from crm.web.requests.http import TenantRequest
from service.models import Milestone, Project
from service.projects.views.project_action import action, milestone_action
from service.setup.template_form import milestone_texts


@action("project.scheduled")
def schedule(request: TenantRequest, project: Project) -> str:
    """Set the dates of the work."""
    first = parse_typed_day(request.POST.get("starts_on", ""))
    last = parse_typed_day(request.POST.get("ends_on", ""))
    if first is None:
        raise Refused(_("Choose a day."))
    project.schedule(first, last or first, by=request.member)
    return _("Work planned.")


@action("project.given")
def give(request: TenantRequest, project: Project) -> str:
    """Assign the work to a crew, or to none."""
    wanted = request.POST.get("team", "")
    team = next((row for pk, row in directory().teams.items() if str(pk) == wanted), None)
    if wanted and team is None:
        raise Refused(_("Choose a crew."))
    project.give_to(team, by=request.member)
    if team:
        return _("Assigned to %(name)s.") % {"name": team.name}
    return _("Crew removed.")


@action("project.progressed")
def report(request: TenantRequest, project: Project) -> str:
    """Set the percentage done."""
    sentence = _("Enter the progress, from 0 to 100 percent.")
    project.report_percent(parse_typed_number(request.POST.get("percent", ""), sentence, most=100), by=request.member)
    return _("%(percent)s%% is done.") % {"percent": project.percent}


@action("project.held")
def hold(request: TenantRequest, project: Project) -> str:
    """Put the work on hold."""
    reason = request.POST.get("reason", "")
    project.hold(reason, parse_typed_day(request.POST.get("until", "")), by=request.member)
    return _("On hold.")


@action("project.resumed")
def resume(request: TenantRequest, project: Project) -> str:
    """Take the work off hold."""
    project.resume(by=request.member)
    return _("Resumed.")


@action("project.finished")
def finish(request: TenantRequest, project: Project) -> str:
    """Mark the work as finished."""
    project.finish(by=request.member)
    return _("Work finished.")


@action("project.reopened")
def reopen(request: TenantRequest, project: Project) -> str:
    """Mark the work as not finished."""
    project.reopen(by=request.member)
    return _("Reopened.")


@action()
def add_milestone(request: TenantRequest, project: Project) -> str:
    """Add a milestone at the end."""
    name = request.POST.get("name", "")
    if request.POST.get("sees") == "customer":
        sees = Milestone.Visibility.CUSTOMER
    else:
        sees = Milestone.Visibility.INTERNAL
    day = parse_typed_day(request.POST.get("planned_on", ""))
    milestone = Milestone.add(project, name, planned_on=day, visibility=sees, by=request.member)
    return _("Milestone “%(name)s” added.") % {"name": milestone.name}


@milestone_action("milestone.completed")
def complete(request: TenantRequest, milestone: Milestone) -> str:
    """Mark a milestone as done."""
    milestone.complete(by=request.member)
    return _("“%(name)s” reached.") % {"name": milestone.name}


@milestone_action("milestone.reopened")
def reopen_milestone(request: TenantRequest, milestone: Milestone) -> str:
    """Mark a milestone as not done."""
    milestone.reopen(by=request.member)
    return _("“%(name)s” is open again.") % {"name": milestone.name}


@milestone_action("milestone.shown")
def show_milestone(request: TenantRequest, milestone: Milestone) -> str:
    """Show a milestone to the customer."""
    milestone.show(by=request.member)
    return _("“%(name)s” is now visible to the customer.") % {"name": milestone.name}


@milestone_action("milestone.hidden")
def hide_milestone(request: TenantRequest, milestone: Milestone) -> str:
    """Hide a milestone from the customer."""
    milestone.hide(by=request.member)
    return _("“%(name)s” is now visible to the team only.") % {"name": milestone.name}


@milestone_action()
def describe_milestone(request: TenantRequest, milestone: Milestone) -> str:
    """Set a milestone's texts for the customer."""
    milestone.describe(next(iter(milestone_texts(request.POST)), {}), by=request.member)
    return _("The customer reads “%(text)s” now.") % {"text": milestone.text(brand_languages())}
