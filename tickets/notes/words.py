"""Describe the audience and events of notes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords
from tickets.models import Audience, Entry

EVENT_WORDS = [
    EventWords("ticket.noted", "sticky-note", gettext_lazy("wrote a note")),
    EventWords("ticket.note_edited", "pencil", gettext_lazy("changed a note")),
    EventWords("ticket.note_deleted", "x", gettext_lazy("deleted a note")),
    EventWords("ticket.note_restored", "undo-2", gettext_lazy("restored a note")),
    EventWords("ticket.note_pinned", "pin", gettext_lazy("pinned a note")),
    EventWords("ticket.note_unpinned", "pin-off", gettext_lazy("unpinned a note")),
]


def audience_words(note: Entry) -> str:
    """Return who reads a note, in words."""
    if note.team_id:
        team = directory().teams.get(note.team_id)
        return _("visible to team %(name)s only") % {"name": team.name if team else ""}
    if note.audience == Audience.NAMED:
        return _("visible to people mentioned only")
    return _("visible to the team only")
