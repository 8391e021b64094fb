"""Describe a rule in two lines: its conditions and its assignees."""

from django.utils.translation import gettext as _

from crm.jobs.assignment.work import AssignableWork
from crm.jobs.models import Priority, WorkType
from crm.jobs.models.assignment import AssignmentRule, Strategy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import name_of


def about(rule: AssignmentRule, work: AssignableWork) -> str:
    """Describe a rule's conditions: "Suncoast Roofing · Urgent · Email"; or that it applies to everything."""
    organization = directory()
    parts = [
        organization.brands[rule.brand_id].name if rule.brand_id else "",
        pipeline_setup().pipelines[rule.pipeline_id].name if rule.pipeline_id else "",
        str(WorkType(rule.work_type).label) if rule.work_type else "",
        str(Priority(rule.priority).label) if rule.priority else "",
        str(dict(work.channels()).get(rule.channel, rule.channel)),
        pipeline_setup().sources[rule.source_id].name if rule.source_id else "",
        tags().all[tags().root(rule.tag_id)].name if rule.tag_id else "",
        _("orders of %(value)s or more") % {"value": formats.whole_number(rule.least_value)}
        if rule.least_value
        else "",
        _("sold work") if rule.sold_only else "",
    ]
    return " · ".join(part for part in parts if part) or _("Everything")


def to_whom(rule: AssignmentRule, work: AssignableWork) -> str:
    """Describe a rule's assignees: the team, the order, the requirements, and the fallback."""
    organization = directory()
    setup = assignment_setup()
    if rule.team_id:
        team = organization.teams[rule.team_id].name
    else:
        team = str(work.everybody)
    parts = [
        _("to %(team)s in turn") % {"team": team}
        if rule.strategy == Strategy.ROUND_ROBIN
        else _("to the member of %(team)s with the least open work") % {"team": team},
        _("prefers who knows the customer") if rule.is_sticky else "",
        _("with %(skill)s") % {"skill": setup.skills[rule.skill_id].name} if rule.skill_id else "",
        _("in the territory") if rule.uses_territory else "",
        _("waits for the first person at work") if rule.waits_for_hours else "",
        _("else %(team)s") % {"team": organization.teams[rule.fallback_team_id].name} if rule.fallback_team_id else "",
        _("fallback: %(name)s") % {"name": name_of(rule.last_resort_id)} if rule.last_resort_id else "",
    ]
    return ", ".join(part for part in parts if part)
