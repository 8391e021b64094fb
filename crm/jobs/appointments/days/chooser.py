"""Selection of the crews and members shown in the calendar, and the label of its button."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.appointments.days.calendar_query import BUSY, EVERYBODY, CalendarQuery, team_key
from crm.jobs.appointments.days.lanes import lane_teams
from crm.jobs.models.appointments.obstacles import WORK
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class ChooserGroup:
    """A group of checkboxes: key, name and whether it is checked."""

    heading: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Chooser:
    """The selection menu. `presets`: query, label and whether it is active."""

    label: str
    groups: list[ChooserGroup]
    presets: list[tuple[str, str, bool]]


def chooser_of(asked: CalendarQuery, viewer: Member, members: Sequence[Member], teams: Sequence[Team]) -> Chooser:
    """Return the selection menu for a query, with the shown members and teams checked."""
    organization = directory()
    ticked = {str(one.uid) for one in members} | {team_key(team) for team in teams} | set(asked.who)
    people = [one for one in organization.members.values() if one.active and allows(one, WORK)]
    chosen_teams = [team for team in organization.teams.values() if team_key(team) in asked.who]
    crews = {team.pk: team for team in (*lane_teams(viewer), *chosen_teams)}
    groups = [
        ChooserGroup(_("Crews"), [(team_key(team), team.name, team_key(team) in ticked) for team in crews.values()]),
        ChooserGroup(_("People"), [(str(one.uid), one.name, str(one.uid) in ticked) for one in people]),
    ]
    own = (str(viewer.uid),)
    presets = [
        (asked.query(who=BUSY, focus="", keep=1), _("Anyone with an appointment"), not asked.who),
        (asked.query(who=own, focus="", keep=1), _("Only me"), asked.who == own),
        (asked.query(who=EVERYBODY, focus="", keep=1), _("Everybody"), EVERYBODY in asked.who),
    ]
    label = next((words for _query, words, is_used in presets if is_used), "") or _choice_label(asked)
    return Chooser(label, [group for group in groups if group.options], presets)


def _choice_label(asked: CalendarQuery) -> str:
    organization = directory()
    names = [one.name for one in organization.members.values() if str(one.uid) in asked.who]
    names += [team.name for team in organization.teams.values() if team_key(team) in asked.who]
    if len(names) == 1:
        return names[0]
    return ngettext("%(count)s chosen", "%(count)s chosen", len(names)) % {"count": len(names)}
