"""The timeline of a customer's follow-ups: the planned ones first, then today, then what is past."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from followups.automation.plan import ORIGIN
from followups.models import FollowUp, FollowUpStatus
from followups.models.follow_up_row import UNDATED
from followups.notes.lines import NoteLine, read_note_lines
from followups.rows import FollowUpListRow, FollowUpRowBuilder


@dataclass(frozen=True)
class FollowUpEntry:
    """One follow-up of the timeline, at the time it was completed, else at the time it is due."""

    row: FollowUpListRow
    time: str
    # The look of its mark: done, late, missed, cancelled, or planned.
    mark: str
    is_by_rule: bool
    notes: list[NoteLine]


@dataclass
class FollowUpDay:
    """The entries of one day."""

    name: str
    entries: list[FollowUpEntry] = field(default_factory=list)


def build_timeline(follow_ups: Iterable[FollowUp], maker: FollowUpRowBuilder) -> list[FollowUpDay]:
    """Return the days with follow-ups, the latest first; those without a date are the first group."""
    days: list[FollowUpDay] = []
    follow_ups = list(follow_ups)
    notes = read_note_lines(follow_ups, maker.reader, maker.member.pk)
    for follow_up in sorted(follow_ups, key=_time_of, reverse=True):
        name = _day_name(_time_of(follow_up), maker)
        if not days or days[-1].name != name:
            days.append(FollowUpDay(name))
        days[-1].entries.append(_build_entry(follow_up, maker, notes[follow_up.pk]))
    return days


def _time_of(follow_up: FollowUp) -> datetime:
    return follow_up.completed_at or follow_up.sort_at


def _day_name(at: datetime, maker: FollowUpRowBuilder) -> str:
    if at == UNDATED:
        return _("Without a date")
    return maker.reader.long_day(at)


def _build_entry(follow_up: FollowUp, maker: FollowUpRowBuilder, notes: list[NoteLine]) -> FollowUpEntry:
    at = _time_of(follow_up)
    time = ""
    if at != UNDATED:
        time = maker.reader.time(at)
    is_by_rule = follow_up.origin.startswith(ORIGIN)
    return FollowUpEntry(maker.row(follow_up), time, _mark_of(follow_up, maker), is_by_rule, notes)


def _mark_of(follow_up: FollowUp, maker: FollowUpRowBuilder) -> str:
    if follow_up.status == FollowUpStatus.CANCELLED:
        return "cancelled"
    if follow_up.is_overdue(maker.reader.now):
        return "late"
    if follow_up.is_open:
        return "planned"
    if follow_up.missed_at:
        return "missed"
    return "done"
