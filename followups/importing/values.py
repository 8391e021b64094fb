"""Parse the cells of a row of follow-ups. What can't be read is refused with a sentence, never guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.importing.cells import clean
from crm.jobs.importing.headings import key_of, value_keys
from crm.jobs.models import Priority
from crm.kernel import formats
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, day_first_in, parse_instant
from crm.platform.files.sheet_writer import escape_formula
from crm.platform.organization.configuration import directory
from followups.importing.columns import ImportColumn
from followups.importing.known import Cells, KnownRecords
from followups.models import FollowUpOutcome, FollowUpStatus
from followups.models.kind_setup import kinds
from followups.quick_entry.moment import CLOSING, OPENING

LONGEST_SUBJECT = 120
LONGEST_NOTES = 20_000
# Excel's own limit; the export cuts a text there.
_FULL_CELL = 32_000
_HAS_TIME = re.compile(r"\d[:.]\d\d|\d[.,]\d|\d ?[ap]\.?m", re.IGNORECASE)
# The times of day of a date alone.
_DAY_TIMES = {ImportColumn.DUE: OPENING, ImportColumn.LIMIT: CLOSING}
_OTHER_PRIORITIES = {"medium": Priority.NORMAL, "middel": Priority.NORMAL, "gemiddeld": Priority.NORMAL}
_OTHER_STATUSES = {
    "open": FollowUpStatus.PENDING,
    "todo": FollowUpStatus.PENDING,
    "notstarted": FollowUpStatus.PENDING,
    "started": FollowUpStatus.IN_PROGRESS,
    "canceled": FollowUpStatus.CANCELLED,
}


@dataclass(frozen=True)
class CellReader:
    """Reads cells by the words of the tenant and the notation of the file."""

    habits: NotationHabits
    kinds: Mapping[str, Any]
    priorities: Mapping[str, Any]
    statuses: Mapping[str, Any]
    outcomes: Mapping[str, Any]

    @classmethod
    def of_rows(cls, rows: Iterable[Cells]) -> "CellReader":
        """Return the reader of a file; a date such as 31/1 tells that all of its dates have the day first."""
        tenant = directory().tenant
        habits = NotationHabits.of(tenant.country, tenant.currency, directory().zone)
        columns = (ImportColumn.DUE, ImportColumn.LIMIT)
        evidence = {day_first_in(cells.get(column, "")) for cells in rows for column in columns} - {None}
        if len(evidence) == 1:
            habits = replace(habits, day_first=evidence == {True})
        labels = value_keys({code: _KindLabel(code) for code in kinds().all})
        return cls(
            habits,
            labels,
            _OTHER_PRIORITIES | value_keys(dict(Priority.choices)),
            _OTHER_STATUSES | value_keys(dict(FollowUpStatus.choices)),
            value_keys(dict(FollowUpOutcome.choices)),
        )

    def read_kind(self, cell: str) -> str:
        code = self.kinds.get(key_of(cell))
        if code is None:
            raise Refused(_("There is no type “%(name)s”.") % {"name": cell[:60]})
        return str(code)

    def read_priority(self, cell: str) -> Priority:
        priority = self.priorities.get(key_of(cell))
        if priority is None:
            raise Refused(_("There is no priority “%(name)s”.") % {"name": cell[:60]})
        return Priority(priority)

    def read_status(self, cell: str) -> str:
        status = self.statuses.get(key_of(cell))
        if status is None:
            raise Refused(_("There is no status “%(name)s”.") % {"name": cell[:60]})
        return str(status)

    def read_outcome(self, cell: str) -> str:
        outcome = self.outcomes.get(key_of(cell))
        if outcome is None:
            raise Refused(_("There is no outcome “%(name)s”.") % {"name": cell[:60]})
        return str(outcome)

    def read_time(self, column: ImportColumn, cell: str) -> datetime:
        """Return the instant; a date alone is the morning of that day, or of a promise its end."""
        try:
            at = parse_instant(cell, self.habits)
        except Refused as why:
            raise Refused(f"{column.label}: {why}") from None
        local = at.astimezone(self.habits.zone)
        if local.time() == time() and not _HAS_TIME.search(cell):
            return datetime.combine(local.date(), _DAY_TIMES[column], self.habits.zone)
        return at

    def says_time(self, column: ImportColumn, cell: str, at: datetime | None) -> bool:
        """True if the cell says this time, to the minute, or this day if it has no time."""
        if at is None:
            return False
        time_of_cell = self.read_time(column, cell).astimezone(self.habits.zone)
        local = at.astimezone(self.habits.zone)
        if not _HAS_TIME.search(cell) and time_of_cell.time() == _DAY_TIMES[column]:
            return time_of_cell.date() == local.date()
        return f"{time_of_cell:%Y-%m-%d %H:%M}" == f"{local:%Y-%m-%d %H:%M}"


class _KindLabel:
    """The label of a type in the language in use."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __str__(self) -> str:
        return kinds().of(self.code).label


def read_subject(cell: str) -> str:
    subject = " ".join(cell.split())
    if len(subject) > LONGEST_SUBJECT:
        raise Refused(_("The subject is longer than %(most)s characters.") % {"most": LONGEST_SUBJECT})
    return subject


def read_notes(cell: str) -> str:
    if len(cell) > LONGEST_NOTES:
        raise Refused(
            _("The notes are longer than %(most)s characters.") % {"most": formats.whole_number(LONGEST_NOTES)}
        )
    return cell


def says_text(cell: str, text: str) -> bool:
    """True if a cell holds this text as our export writes it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(cell) >= _FULL_CELL:
        return clean(lines).startswith(cell[:_FULL_CELL])
    return cell in (clean(lines), clean(escape_formula(lines)))


def find_member(cell: str, known: KnownRecords) -> int:
    """Return the id of the active member with this name or address."""
    members = known.members.get(cell.lower()) or known.members.get(name_key(cell), [])
    if not members:
        raise Refused(_("There is no active member “%(name)s”.") % {"name": cell[:60]})
    if len(members) > 1:
        raise Refused(_("Several members are called “%(name)s”. Use the email address.") % {"name": cell[:60]})
    return members[0].pk
