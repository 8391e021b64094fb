"""Judge the rows of a file: what each would do, or the reason why it is refused. The preview and the run both do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.importing.verdicts import ImportVerdict, RowResult
from crm.jobs.models import Job, JobState, Priority
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.importing.columns import ImportColumn
from followups.importing.known import Cells, KnownRecords, lead_number, origin_of, own_id, point_value
from followups.importing.values import CellReader, find_member, read_notes, read_subject, says_text
from followups.models import FollowUp, FollowUpStatus
from followups.models.kind import FollowUpKind
from followups.models.kind_setup import kinds


@dataclass(frozen=True)
class JudgedRow(RowResult):
    """The verdict on a row. `values`: what it gives a new follow-up, or changes of the one it names."""

    follow_up: FollowUp | None = None
    job: Job | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RowJudge:
    """Judges rows by what they refer to. `repeated`: the first row with the same key, by the number of a row."""

    known: KnownRecords
    reader: CellReader
    repeated: Mapping[int, int]
    by: Member
    now: datetime

    def judge(self, number: int, cells: Cells) -> JudgedRow:
        try:
            if number in self.repeated:
                raise Refused(_("It is the same as row %(row)s.") % {"row": self.repeated[number]})
            return self._judge(cells)
        except Refused as why:
            return JudgedRow(ImportVerdict.REFUSED, str(why))

    def _judge(self, cells: Cells) -> JudgedRow:
        uid = own_id(cells.get(ImportColumn.ID, ""))
        if uid:
            if uid not in self.known.by_uid:
                raise Refused(_("There is no follow-up with this ID."))
            return self._judge_known(self.known.by_uid[uid], cells)
        origin = origin_of(cells)
        if origin not in self.known.by_origin:
            return self._judge_new(cells, origin)
        row = self.known.by_origin[origin]
        if row is None:
            raise Refused(_("There is no follow-up with this ID."))
        if not cells.get(ImportColumn.ID):
            # The very same row was imported before. What became of it since is not taken back.
            return JudgedRow(ImportVerdict.UNCHANGED, follow_up=row)
        return self._judge_known(row, cells)

    def _judge_known(self, row: FollowUp, cells: Cells) -> JudgedRow:
        """Judge a change of a follow-up there is. An empty cell changes nothing."""
        number = lead_number(cells)
        if cells.get(ImportColumn.LEAD) and number != (row.job.number if row.job else None):
            raise Refused(_("A follow-up stays with its lead. Cancel it and plan another one."))
        values = self._changed_columns(row, cells) | self._changed_status(row, cells)
        if not values:
            return JudgedRow(ImportVerdict.UNCHANGED, follow_up=row)
        if not row.is_open:
            raise Refused(_("It is done or cancelled. Reopen it first."))
        due_at = values.get("due_at")
        limit_at = values.get("limit_at", row.limit_at)
        if due_at:
            self._check_due(due_at, limit_at)
        return JudgedRow(ImportVerdict.UPDATE, follow_up=row, values=values)

    def _changed_columns(self, row: FollowUp, cells: Cells) -> dict[str, Any]:
        reader = self.reader
        values: dict[str, Any] = {}
        if (cell := cells.get(ImportColumn.SUBJECT)) and not says_text(cell, row.subject):
            values["subject"] = read_subject(cell)
        if (cell := cells.get(ImportColumn.NOTES)) and not says_text(cell, row.notes):
            values["notes"] = read_notes(cell)
        if (cell := cells.get(ImportColumn.KIND)) and (kind := reader.read_kind(cell)) != row.kind:
            values["kind"] = self._check_kind(kind)
        if (cell := cells.get(ImportColumn.PRIORITY)) and (priority := reader.read_priority(cell)) != row.priority:
            values["priority"] = priority
        if (cell := cells.get(ImportColumn.MEMBER)) and not self._is_assignee(row, cell):
            values["assignee_id"] = find_member(cell, self.known)
        for column, name in ((ImportColumn.DUE, "due_at"), (ImportColumn.LIMIT, "limit_at")):
            if (cell := cells.get(column)) and not reader.says_time(column, cell, getattr(row, name)):
                values[name] = reader.read_time(column, cell)
        return values

    def _is_assignee(self, row: FollowUp, cell: str) -> bool:
        """True if the cell names who has it, who may have left since."""
        assignee = directory().members.get(row.assignee_id or 0)
        if assignee is None:
            return False
        return name_key(cell) == name_key(assignee.name) or assignee in self.known.members.get(cell.lower(), [])

    def _changed_status(self, row: FollowUp, cells: Cells) -> dict[str, Any]:
        cell = cells.get(ImportColumn.STATUS)
        if not cell:
            return {}
        status = self.reader.read_status(cell)
        if status == row.status:
            return {}
        if status != FollowUpStatus.COMPLETED:
            return {"status": status}
        outcome = cells.get(ImportColumn.OUTCOME)
        if not outcome:
            raise Refused(_("Say in the column “Outcome” how it went."))
        return {"status": status, "outcome": self.reader.read_outcome(outcome)}

    def _judge_new(self, cells: Cells, origin: str) -> JudgedRow:
        subject = read_subject(cells.get(ImportColumn.SUBJECT, ""))
        if not subject:
            raise Refused(_("The subject is missing."))
        job = self._find_job(cells)
        values: dict[str, Any] = {"origin": origin, "subject": subject, "person_id": None}
        if job is None:
            values["person_id"] = self._find_person(cells)
        values["notes"] = read_notes(cells.get(ImportColumn.NOTES, ""))
        values["kind"] = str(FollowUpKind.TASK)
        if cell := cells.get(ImportColumn.KIND):
            values["kind"] = self._check_kind(self.reader.read_kind(cell))
        values["priority"] = Priority.NORMAL
        if cell := cells.get(ImportColumn.PRIORITY):
            values["priority"] = self.reader.read_priority(cell)
        values["assignee_id"] = (job and job.member_id) or self.by.pk
        if cell := cells.get(ImportColumn.MEMBER):
            values["assignee_id"] = find_member(cell, self.known)
        for column, name in ((ImportColumn.DUE, "due_at"), (ImportColumn.LIMIT, "limit_at")):
            cell = cells.get(column, "")
            values[name] = self.reader.read_time(column, cell) if cell else None
        if values["due_at"]:
            self._check_due(values["due_at"], values["limit_at"])
        status = cells.get(ImportColumn.STATUS)
        if status:
            values["status"] = self.reader.read_status(status)
            if values["status"] in (FollowUpStatus.COMPLETED, FollowUpStatus.CANCELLED):
                raise Refused(_("It is done or cancelled. Only open ones are added."))
        return JudgedRow(ImportVerdict.NEW, job=job, values=values)

    def _check_due(self, due_at: datetime, limit_at: datetime | None) -> None:
        if due_at <= self.now:
            raise Refused(_("Its due time has passed."))
        if limit_at and due_at > limit_at:
            raise Refused(_("It is due later than promised."))

    @staticmethod
    def _check_kind(kind: str) -> str:
        if not kinds().offers(kind):
            raise Refused(_("The type “%(name)s” is archived.") % {"name": kinds().of(kind).label})
        return kind

    def _find_job(self, cells: Cells) -> Job | None:
        cell = cells.get(ImportColumn.LEAD)
        if not cell:
            return None
        job = self.known.jobs.get(lead_number(cells) or 0)
        if job is None:
            raise Refused(_("There is no lead “%(number)s”.") % {"number": cell[:30]})
        if job.state != JobState.OPEN:
            raise Refused(_("The lead %(number)s is closed.") % {"number": job.number})
        return job

    def _find_person(self, cells: Cells) -> int | None:
        """Return the one customer with this address and number; None without either. Rule: docs/rules.md#k19."""
        columns = (ImportColumn.EMAIL, ImportColumn.PHONE)
        cells_by_column = [(column, cell) for column in columns if (cell := cells.get(column))]
        people = {self._holder(column, cell) for column, cell in cells_by_column}
        if len(people) > 1:
            raise Refused(_("The address and the number are those of different customers."))
        return next(iter(people), None)

    def _holder(self, column: ImportColumn, cell: str) -> int:
        value = point_value(column, cell)
        if value is None:
            raise Refused(_("“%(text)s” is no email address or phone number.") % {"text": cell[:60]})
        kind = "email" if column == ImportColumn.EMAIL else "phone"
        if against := self.known.points.against(kind, value):
            raise Refused(str(against.sentence))
        people = self.known.people.get(value, frozenset())
        if not people:
            raise Refused(_("There is no customer with “%(text)s”.") % {"text": cell[:60]})
        if len(people) > 1:
            raise Refused(_("Several customers have “%(text)s”. Use the lead number.") % {"text": cell[:60]})
        return next(iter(people))


def repeated_rows(rows: Sequence[tuple[int, Cells]]) -> dict[int, int]:
    """Return the rows whose follow-up is that of an earlier row, each with that row."""
    first: dict[object, int] = {}
    repeated = {}
    for number, cells in rows:
        key = own_id(cells.get(ImportColumn.ID, "")) or origin_of(cells)
        if first.setdefault(key, number) != number:
            repeated[number] = first[key]
    return repeated
