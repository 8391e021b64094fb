"""Compute when a follow-up of a template is due, and who gets it."""

from datetime import datetime, timedelta

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.bulk.work_days import add_work_days
from followups.models import FollowUpTemplate
from followups.models.template import TemplateAssignee, TemplateUnit


def due_time(template: FollowUpTemplate, now: datetime, member_id: int | None) -> datetime:
    """Return when a follow-up that is planned now is due: a time of day of the organization, in the future."""
    zone = directory().zone
    today = datetime.combine(now.astimezone(zone).date(), template.clock, zone)
    days = template.after
    if days == 0 and today <= now:
        days = 1
    if days == 0:
        return today
    if template.unit == TemplateUnit.WORKING_DAYS:
        return add_work_days(today, days, member_id)
    return datetime.combine(today.date() + timedelta(days=days), template.clock, zone)


def assignee_id_of(template: FollowUpTemplate, owner_id: int | None, by: Member) -> int:
    """Return who gets a follow-up: `owner_id` is the owner of its lead, where it has one."""
    if template.assignee_rule == TemplateAssignee.MEMBER and template.member_id:
        return int(template.member_id)
    if template.assignee_rule == TemplateAssignee.OWNER and owner_id:
        return owner_id
    return by.pk
