"""Read the templates of follow-ups, cached per process."""

from crm.platform.models import Member
from crm.platform.organization.configuration import cached_per_tenant
from followups.models import FollowUpTemplate


@cached_per_tenant
def all_templates() -> list[FollowUpTemplate]:
    """Return all templates by name, archived ones too. Treat them as read-only."""
    return sorted(FollowUpTemplate.objects.all(), key=lambda one: one.name.casefold())


def templates_for(member: Member) -> list[FollowUpTemplate]:
    """Return the templates in use that a member may plan by: the team's and their own."""
    return [one for one in all_templates() if one.archived_at is None and one.is_visible_to(member)]


def find_template(uid: str, member: Member) -> FollowUpTemplate | None:
    """Return the template chosen in a form, if the member may plan by it."""
    return next((one for one in templates_for(member) if str(one.uid) == uid), None)
