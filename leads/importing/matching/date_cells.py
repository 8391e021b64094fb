"""Read the dates of a row: when the lead came in, was touched, entered its steps and ended, and its next step."""

import re
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from crm.jobs.models import JobState, Stage
from crm.jobs.pipelines.stage_successor import successor_of
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_instant
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching import history
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.habits import told_step
from leads.importing.matching.row_cells import RowCells
from leads.importing.values.vocabulary import Vocabulary

_LABEL = 120
# A day is no longer, and begins so.
_DAY = 20
_LOOKS_LIKE_DAY = re.compile(r"\d{1,4}[-/.]\d")


class DateReader:
    """Reads the dates of one row into its draft; pipeline and step have to be read before."""

    def __init__(self, row: RowCells, draft: LeadDraft, words: Vocabulary, now: datetime) -> None:
        self.row = row
        self.draft = draft
        self.words = words
        self.now = now

    def read(self, habits: NotationHabits) -> None:
        draft = self.draft
        draft.came_in_at = self._parse_past(Field.CREATED, habits)
        draft.stage_since = self._parse_past(Field.STAGE_SINCE, habits)
        draft.touched_at = self._parse_past(Field.TOUCHED, habits)
        draft.ended_at = self._parse_past(Field.ENDED, habits)
        draft.won_at = self._parse_past(Field.WON_AT, habits)
        self._read_closing_day(habits)
        self._read_step_days(habits)
        self._read_history(habits)
        draft.next_step = self.row.fit(Field.NEXT_STEP, self.row.first(Field.NEXT_STEP), _LABEL)
        draft.next_step_at = self.row.parse(Field.NEXT_STEP_AT, lambda cell: parse_instant(cell, habits))
        if draft.next_step and not self.row.first(Field.NEXT_STEP_AT):
            self._read_day_in_next_step(habits)
        if draft.next_step and not self.row.first(Field.NEXT_STEP_AT):
            parsed = told_step(draft.next_step, self.now.astimezone(habits.zone), habits, self.words.here.tenant.pk)
            draft.next_step, draft.next_step_at = parsed or (draft.next_step, None)

    def _read_day_in_next_step(self, habits: NotationHabits) -> None:
        """Use a next step that is only a date as its date: a "Follow up" of 12/01/2026."""
        draft = self.draft
        if len(draft.next_step) <= _DAY and _LOOKS_LIKE_DAY.match(draft.next_step):
            with suppress(Refused):
                draft.next_step, draft.next_step_at = "", parse_instant(draft.next_step, habits)

    def _read_closing_day(self, habits: NotationHabits) -> None:
        """Read a sale's closing date: the day won or lost; for an open lead the expected date."""
        draft = self.draft
        cell = self.row.first(Field.CLOSED)
        day = self.row.parse(Field.CLOSED, lambda cell: parse_instant(cell, habits))
        if day is None:
            return
        if day <= self.now and draft.won:
            draft.won_at = draft.won_at or day
        elif day <= self.now and draft.state != JobState.OPEN:
            draft.ended_at = draft.ended_at or day
        else:
            draft.notes.append(f"{LABELS[Field.CLOSED]}: {cell}")

    def _read_step_days(self, habits: NotationHabits) -> None:
        """Read the days the lead entered its steps; the last one is the present step unless a column gives it."""
        draft = self.draft
        days = []
        for at, stage_id in self.row.columns.steps.items():
            cell = ""
            if at < len(self.row.cells):
                cell = self.row.cells[at]
            stage = self.words.line.stages.get(stage_id)
            if not cell or stage is None:
                continue
            try:
                day = parse_instant(cell, habits)
            except Refused as refused:
                draft.remarks.append(f"{stage.name} “{cell[:60]}”: {refused}")
                draft.notes.append(f"{stage.name}: {cell}")
                continue
            if day <= self.now:
                days.append((day, stage))
        days.sort(key=lambda entry: (entry[0], entry[1].position))
        self._set_steps(days)

    def _set_steps(self, found: list[tuple[datetime, Stage]]) -> None:
        draft = self.draft
        if found and draft.stage is None and draft.state == JobState.OPEN:
            found[-1] = (found[-1][0], successor_of(found[-1][1].pk))
            draft.stage = found[-1][1]
            draft.pipeline_id = found[-1][1].pipeline_id
        ours = [(day, stage) for day, stage in found if stage.pipeline_id == draft.pipeline_id]
        if ours and draft.stage and ours[-1][1].pk == draft.stage.pk:
            draft.stage_since = draft.stage_since or ours[-1][0]
            ours = ours[:-1]
        until = draft.stage_since or self.now
        draft.history = [(day, stage) for day, stage in ours if day <= until]
        if found and (draft.came_in_at is None or found[0][0] < draft.came_in_at):
            draft.came_in_at = found[0][0]

    def _read_history(self, habits: NotationHabits) -> None:
        """Read all past steps from one cell, as our own export writes them; they override columns of single days."""
        draft = self.draft
        cell = self.row.first(Field.HISTORY)
        if not cell:
            return
        stays: list[tuple[datetime, Stage | None]] = []
        until = draft.stage_since or self.now
        try:
            for instant, name in history.read(cell):
                stage = self.words.past_step(name, draft.pipeline_id)
                # A clock put back may have a later step begin before an earlier one.
                stays.append((max([parse_instant(instant, habits), *(at for at, _stage in stays[-1:])]), stage))
        except Refused as refused:
            self.row.keep(Field.HISTORY, cell, str(refused))
            return
        draft.history = [(at, stage) for at, stage in stays if at <= until]

    def _parse_past(self, field_: Field, habits: NotationHabits) -> datetime | None:
        at = self.row.parse(field_, lambda cell: parse_instant(cell, habits))
        if at is not None and at > self.now:
            self.row.keep(field_, self.row.first(field_), _("It is in the future."))
            return None
        return at
