"""Choices of the ticket filters, for the requesting member."""

from django.utils.translation import gettext as _

from comms.models import Medium
from crm.jobs.models import Level, Priority
from crm.jobs.models.tag import tags as all_tags
from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY, Choice, colleagues, live_teams, nobody
from tickets.models import Status

ALL = "all"
MINE = "mine"
NONE = "none"
UNREAD = "unread"
# The words of the level filter, and the stored levels each stands for.
LEVELS = {
    "over": (Level.LATE, Level.CRIT),
    "crit": (Level.CRIT,),
    "soon": (Level.SOON,),
    "ok": (Level.OK,),
    "hold": (Level.HOLD,),
}


def members(member: Member) -> list[Choice]:
    """List assignee choices: everybody, self, unassigned and, if allowed, colleagues; for a rule, the last two."""
    if not member.pk:
        return [nobody(), *colleagues(member)]
    first = [Choice(ALL, _("everybody")), Choice(ME, member.name), nobody()]
    if limited_to(member) is None:
        return [*first, *colleagues(member)]
    return first


def teams(member: Member) -> list[Choice]:
    """List the teams, with all of the member's own teams as the first choice."""
    if directory().teams_of(member):
        return [Choice(MINE, _("my teams")), *live_teams()]
    return live_teams()


def team_choices(member: Member) -> list[Choice]:
    """List all teams a ticket can be assigned to, and "none"."""
    teams = directory().teams.values()
    return [Choice(NOBODY, _("no team")), *(Choice(str(team.uid), team.name) for team in teams)]


def mentions(member: Member) -> list[Choice]:
    """List mentions of the member; none for a rule of the organization."""
    if not member.pk:
        return []
    return [Choice("1", _("I am mentioned in a note")), Choice(UNREAD, _("I am mentioned in an unread note"))]


def statuses(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Status.choices]


def levels(member: Member) -> list[Choice]:
    return [
        Choice("over", _("Late or very late")),
        Choice("crit", _("Very late")),
        Choice("soon", _("Due soon")),
        Choice("ok", _("On time")),
        Choice("hold", _("On hold")),
    ]


def priorities(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Priority.choices]


def media(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Medium.choices]


def tags(member: Member) -> list[Choice]:
    """List the tags in use, and "none"."""
    choices = [Choice(str(tag.uid), tag.name) for tag in all_tags().live]
    if choices:
        return [*choices, Choice(NONE, _("none"))]
    return []
