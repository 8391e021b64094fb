"""Form of a note: text, audience, mentions, pin and expiry."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.future_morning import parse_future_morning
from crm.web.requests.http import TenantRequest
from tickets.models import Audience, Entry
from tickets.views.ticket_verbs import FARTHEST

# What the choice of the audience sends for a team: this, and the team's public id.
TEAM = "team:"


class NoteChoice(NamedTuple):
    """An audience choice."""

    value: str
    label: str


class NoteValues(NamedTuple):
    """The cleaned values of a note form."""

    body: str
    audience: str
    team: Team | None


def audiences(note: Entry | None = None) -> list[NoteChoice]:
    """List the audiences of a note: all members, each team, the mentioned members."""
    teams = [team for team in directory().teams.values() if team.archived_at is None]
    kept = None
    if note:
        kept = note.team
    return [
        NoteChoice(Audience.EVERYBODY.value, str(Audience.EVERYBODY.label)),
        *(NoteChoice(f"{TEAM}{team.uid}", _("Team %(name)s") % {"name": team.name}) for team in teams),
        *([NoteChoice(f"{TEAM}{kept.uid}", kept.name)] if kept and kept not in teams else []),
        NoteChoice(Audience.NAMED.value, str(Audience.NAMED.label)),
    ]


def audience_of(note: Entry) -> str:
    """Return the choice that matches a note's audience."""
    if note.team:
        return f"{TEAM}{note.team.uid}"
    return note.audience


def colleagues(member: Member) -> list[Member]:
    """List the members a note can mention."""
    others = [each for each in directory().members.values() if each.active and allows(each, "tickets.view")]
    return [each for each in others if each.pk != member.pk]


def read_note(request: TenantRequest, note: Entry | None = None) -> NoteValues:
    """Return what was written, who is chosen from the list named at its end. Raises Refused for an unknown choice."""
    posted = request.POST
    body = posted.get("body", "")
    chosen = posted.get("audience", Audience.EVERYBODY)
    named = next((each for each in colleagues(request.member) if str(each.uid) == posted.get("named")), None)
    if named and f"@{named.name}" not in body:
        body = f"{body.rstrip()} @{named.name}"
    if chosen not in [choice.value for choice in audiences(note)]:
        raise Refused(_("Choose who can see it."))
    if not chosen.startswith(TEAM):
        return NoteValues(body, chosen, None)
    team = next(team for team in directory().teams.values() if f"{TEAM}{team.uid}" == chosen)
    return NoteValues(body, Audience.TEAM, team)


def due(request: TenantRequest) -> datetime | None:
    """Return the expiry: the morning of the chosen day. Raises Refused for a past day."""
    return parse_future_morning(request.POST.get("day", ""), Reader.of(request.member, clock.now()), farthest=FARTHEST)


def note_context(request: TenantRequest, note: Entry | None = None, trouble: str = "") -> dict[str, Any]:
    """Return what templates/tickets/notes/write.html shows besides the ticket: what was typed, or the note as it is."""
    posted = request.POST
    return {
        "note": note,
        "trouble": trouble,
        "body": posted.get("body", note.body if note else ""),
        "audiences": audiences(note),
        "audience": posted.get("audience", audience_of(note) if note else Audience.EVERYBODY.value),
        "colleagues": colleagues(request.member),
        "named": posted.get("named", ""),
        "pin": posted.get("pin", ""),
        "day": posted.get("day", ""),
        "today": Reader.of(request.member, clock.now()).today.isoformat(),
    }
