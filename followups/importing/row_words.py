"""ImportRowWords: what a row of a file would do, in words for the preview."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.importing.verdicts import ImportVerdict
from crm.jobs.models import Priority
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.importing.columns import ImportColumn
from followups.importing.judge import JudgedRow
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.models.kind_setup import kinds

# The columns of a follow-up that a preview tells, by the column of the file.
_TOLD = {
    "kind": ImportColumn.KIND,
    "due_at": ImportColumn.DUE,
    "limit_at": ImportColumn.LIMIT,
    "priority": ImportColumn.PRIORITY,
    "assignee_id": ImportColumn.MEMBER,
    "status": ImportColumn.STATUS,
    "outcome": ImportColumn.OUTCOME,
    "subject": ImportColumn.SUBJECT,
    "notes": ImportColumn.NOTES,
}
# What a new one is told by; the rest of it is as the file says.
_OF_NEW = ("kind", "due_at", "assignee_id")
_CHOICES: dict[str, Any] = {"priority": Priority, "status": FollowUpStatus, "outcome": FollowUpOutcome}


class ImportRowWords:
    """Describes judged rows to one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def describe(self, judged: JudgedRow) -> list[str]:
        """Return the reason of a refused row, the changes of a changed one, and what a new one would be."""
        if judged.verdict == ImportVerdict.REFUSED:
            return [judged.reason]
        if judged.verdict == ImportVerdict.NEW:
            return self._describe_new(judged)
        if judged.verdict == ImportVerdict.UPDATE and judged.follow_up:
            return self._describe_changes(judged.follow_up, judged.values)
        return []

    def _describe_new(self, judged: JudgedRow) -> list[str]:
        words = [self._value(name, judged.values.get(name)) for name in _OF_NEW]
        if judged.job:
            words.append(judged.job.title)
        return words

    def _describe_changes(self, row: FollowUp, values: Any) -> list[str]:
        words = []
        for name, column in _TOLD.items():
            if name == "notes" and name in values:
                words.append(str(column.label))
            elif name in values:
                change = {
                    "column": column.label,
                    "before": self._value(name, getattr(row, name)),
                    "after": self._value(name, values[name]),
                }
                words.append(_("%(column)s: %(before)s → %(after)s") % change)
        return words

    def _value(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if isinstance(value, datetime):
            return self.reader.moment(value)
        if name == "assignee_id":
            return directory().members[value].name
        if name == "kind":
            return kinds().of(value).label
        if name in _CHOICES:
            return str(_CHOICES[name](value).label)
        return str(value)
