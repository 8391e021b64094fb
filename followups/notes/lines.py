"""The notes of follow-ups as pages show them: who wrote each, when, and what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of
from followups.models import FollowUp, FollowUpNote


@dataclass(frozen=True)
class NoteLine:
    """One note. `is_own`: the reader wrote it, and may edit it."""

    note: FollowUpNote
    who: str
    time: str
    is_own: bool


def read_note_lines(follow_ups: Iterable[FollowUp], reader: Reader, member_id: int) -> dict[int, list[NoteLine]]:
    """Return the notes of these follow-ups by their id, oldest first. One query."""
    lines: dict[int, list[NoteLine]] = defaultdict(list)
    for note in FollowUpNote.objects.of([row.pk for row in follow_ups]):
        line = NoteLine(note, name_of(note.author_id), reader.near(note.at), note.author_id == member_id)
        lines[note.follow_up_id].append(line)
    return lines
