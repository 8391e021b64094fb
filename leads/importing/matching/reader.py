"""Read the lead one row describes: cells cleaned, normalised, looked up. Unreadable cells are kept as text."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crm.jobs.models import Priority, Stage, State
from crm.jobs.pipelines.stage_successor import successor_of
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_currency, parse_instant, parse_money
from leads.importing.mapping.columns import Columns
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.mapping.presets import META, OURS, without_prefix
from leads.importing.matching import history
from leads.importing.matching.cells import clean
from leads.importing.matching.draft import Draft, insurer_line
from leads.importing.matching.habits import of_country, told_step
from leads.importing.matching.own_cells import OwnCells
from leads.importing.matching.person_cells import PersonCells
from leads.importing.matching.place_cells import PlaceCells
from leads.importing.values.no_leads import why_below_the_list, why_heading, why_no_lead
from leads.importing.values.vocabulary import Vocabulary
from libs.tabular import Record

_TITLE = 200
_SOURCE = 60
_LABEL = 120
# Says of a status no more than that there is none.
_PLAIN = frozenset("open offen offene active actief aktiv ouvert ouverte abierto abierta activo".split())
# A day is no longer, and begins so.
_DAY = 20
_LOOKS_LIKE_DAY = re.compile(r"\d{1,4}[-/.]\d")


@dataclass(frozen=True, slots=True)
class LoneRecord(Record):
    """A row with a single filled cell, and what stands around it."""

    # The next rows with more cells, whose group it may be the heading of.
    below: Sequence[Sequence[str]] = ()
    # At the end of the file, below an empty line: all rows there of a single filled cell.
    last: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows of one file."""

    columns: Columns
    habits: NotationHabits
    words: Vocabulary
    now: datetime
    # Whether the clocks of open leads start now, and not at their dates.
    clocks_now: bool = False

    def read(self, record: Record) -> Draft:
        """Read a row's lead. Raises Refused with a sentence where the row names nobody, or is damaged."""
        if record.cut_off:
            raise Refused(_("The file ends in the middle of this row."))
        if record.cells == self.columns.names:
            raise Refused(_("This row repeats the column names."))
        why = why_no_lead(record.cells)
        if not why and isinstance(record, LoneRecord):
            why = why_below_the_list(record.last) or self._why_heading(record)
        if why:
            raise Refused(why)
        if any(cell.strip() for cell in record.cells[self.columns.width :]):
            raise Refused(
                _("This row has more cells than there are columns. Perhaps a cell with a comma is not in quotes.")
            )
        cells = [clean(cell) for cell in record.cells]
        if self.columns.recognised == META:
            cells = [without_prefix(cell) for cell in cells]
        return _Reading(self, cells, Draft(record.row)).run()

    def _why_heading(self, record: LoneRecord) -> str:
        if not record.below:
            return ""
        fields = (Field.CITY, Field.STATE, Field.STREET)
        return why_heading(
            record.cells, [self.columns.first(field_, cells) for cells in record.below for field_ in fields]
        )


class _Reading(PersonCells, PlaceCells, OwnCells):
    """The reading of one row."""

    def __init__(self, reader: Reader, cells: list[str], draft: Draft) -> None:
        super().__init__(reader.columns, cells, draft.remarks, draft.notes)
        self.reader = reader
        self.draft = draft
        self.words = reader.words

    def run(self) -> Draft:
        draft = self.draft
        brand = self._try(Field.BRAND, self.words.brand) or self.words.here.default_brand
        draft.brand_id = brand.pk
        draft.currency = brand.currency
        currency_ = self._try(Field.CURRENCY, parse_currency) or self.reader.columns.currency or brand.currency
        habits = of_country(self.reader.habits, brand.country, currency_)
        self._who(habits)
        self._where(habits)
        self._line()
        self._sale(habits)
        self._when(habits)
        draft.own = self._own_said(habits)
        draft.notes += self.reader.columns.each(Field.NOTE, self.cells)
        draft.notes += [f"{heading}: {text}" for heading, text in self.reader.columns.rest(self.cells)]
        draft.told = self.reader.columns.told(self.cells)
        return draft

    def _where(self, habits: NotationHabits) -> None:
        draft = self.draft
        place = self._place_said(habits.country, may_part=self.columns.recognised != OURS)
        draft.street = place.street
        draft.postcode = place.postcode
        draft.city = place.city
        draft.region = place.region
        draft.country = place.country
        draft.written = place.written
        if not place.street:
            # Nothing is at a place without a street: the lead has its town, and what else is said stands in the note.
            said = {Field.POSTCODE: place.postcode, Field.STATE: place.region}
            draft.notes += [f"{LABELS[field_]}: {text}" for field_, text in said.items() if text]

    def _line(self) -> None:
        """Read pipeline, step and end. A status may name a step of ours, or say in its own words how it ended."""
        draft = self.draft
        first = self._first
        named = None
        if first(Field.PIPELINE):
            named = self._try(Field.PIPELINE, self.words.pipeline)
        for field_ in (Field.STAGE, Field.STATUS):
            cell = first(field_)
            if not cell:
                continue
            step = self.words.step(cell, named, field_)
            status = self.words.status(cell, field_)
            if step is not None:
                draft.stage = draft.stage or step
            elif status is None:
                self._keep(field_, cell, self.words.no_step(cell, named))
            elif status == "won":
                draft.won = True
            elif status != "open":
                draft.state = status
            elif name_key(cell) not in _PLAIN:
                # "In progress" says more than that it is open.
                draft.notes.append(f"{LABELS[field_]}: {cell}")
        if draft.stage:
            draft.pipeline_id = draft.stage.pipeline_id
        else:
            draft.pipeline_id = named or self.words.pipeline("")
        draft.says_pipeline = bool(draft.stage or named)
        if draft.says_pipeline:
            draft.kind = ""
        else:
            draft.kind = first(Field.PIPELINE)
        if reason := first(Field.LOST_REASON):
            draft.ended_reason = self._fit(Field.LOST_REASON, reason, 80)
            if draft.state == State.OPEN and not draft.won:
                draft.state = State.LOST

    def _sale(self, habits: NotationHabits) -> None:
        draft = self.draft
        first = self._first
        draft.title = self._fit(Field.TITLE, first(Field.TITLE), _TITLE)
        draft.source = self._fit(Field.SOURCE, self.words.source(first(Field.SOURCE)), _SOURCE)
        draft.campaign = self._fit(Field.CAMPAIGN, first(Field.CAMPAIGN), _LABEL)
        draft.member_id = self._try(Field.REP, self.words.rep)
        draft.priority = self._try(Field.PRIORITY, self.words.priority) or Priority.NORMAL
        if amount := self._try(Field.VALUE, lambda cell: parse_money(cell, habits)):
            draft.value, draft.value_currency = amount
        if cost := self._try(Field.COST, lambda cell: parse_money(cell, habits)):
            if cost[1] == (draft.value_currency or draft.currency):
                draft.cost = cost[0]
            else:
                self._keep(Field.COST, first(Field.COST), _("Its currency is not that of the lead."))
        draft.external_id = self._fit(Field.EXTERNAL_ID, first(Field.EXTERNAL_ID), _LABEL)
        draft.claim_number = self._fit(Field.CLAIM_NUMBER, first(Field.CLAIM_NUMBER), _LABEL)
        draft.insurer = self._fit(Field.INSURER, first(Field.INSURER), _LABEL)
        if draft.claim_number and not draft.street:
            # Its number is kept encrypted or not at all, so not in a note.
            draft.remarks.append(_("The claim was not saved: it needs the address of the property."))
            draft.claim_number = ""
        if draft.insurer and not draft.claim_number:
            draft.notes.append(insurer_line(draft))

    def _when(self, habits: NotationHabits) -> None:
        draft = self.draft
        draft.came_in_at = self._past(Field.CREATED, habits)
        draft.stage_since = self._past(Field.STAGE_SINCE, habits)
        draft.touched_at = self._past(Field.TOUCHED, habits)
        draft.ended_at = self._past(Field.ENDED, habits)
        draft.won_at = self._past(Field.WON_AT, habits)
        if self.reader.clocks_now and draft.state == State.OPEN:
            draft.clock_started_at = self.reader.now
        for read in (self._closed, self._steps, self._history):
            read(habits)
        draft.next_step = self._fit(Field.NEXT_STEP, self._first(Field.NEXT_STEP), _LABEL)
        draft.next_step_at = self._try(Field.NEXT_STEP_AT, lambda cell: parse_instant(cell, habits))
        if draft.next_step and not self._first(Field.NEXT_STEP_AT):
            self._step_on(habits)
        if draft.next_step and not self._first(Field.NEXT_STEP_AT):
            told = told_step(
                draft.next_step, self.reader.now.astimezone(habits.zone), habits, self.words.here.tenant.pk
            )
            draft.next_step, draft.next_step_at = told or (draft.next_step, None)

    def _step_on(self, habits: NotationHabits) -> None:
        """Take a next step that is nothing but a day for the day of it: a "Follow up" of 12/01/2026."""
        draft = self.draft
        if len(draft.next_step) <= _DAY and _LOOKS_LIKE_DAY.match(draft.next_step):
            with suppress(Refused):
                draft.next_step, draft.next_step_at = "", parse_instant(draft.next_step, habits)

    def _closed(self, habits: NotationHabits) -> None:
        """Read a sale's closing day, as other CRMs have it: the day won or lost; while open only an estimate."""
        draft = self.draft
        cell = self._first(Field.CLOSED)
        day = self._try(Field.CLOSED, lambda cell: parse_instant(cell, habits))
        if day is None:
            return
        if day <= self.reader.now and draft.won:
            draft.won_at = draft.won_at or day
        elif day <= self.reader.now and draft.state != State.OPEN:
            draft.ended_at = draft.ended_at or day
        else:
            draft.notes.append(f"{LABELS[Field.CLOSED]}: {cell}")

    def _steps(self, habits: NotationHabits) -> None:
        """Read the days the lead entered its steps; the last one is the present step unless a column says it."""
        draft = self.draft
        found = []
        for at, stage_id in self.reader.columns.steps.items():
            cell = ""
            if at < len(self.cells):
                cell = self.cells[at]
            stage = self.words.line.stages.get(stage_id)
            if not cell or stage is None:
                continue
            try:
                day = parse_instant(cell, habits)
            except Refused as refused:
                draft.remarks.append(f"{stage.name} “{cell[:60]}”: {refused}")
                draft.notes.append(f"{stage.name}: {cell}")
                continue
            if day <= self.reader.now:
                found.append((day, stage))
        found.sort(key=lambda entry: (entry[0], entry[1].position))
        self._place(found)

    def _place(self, found: list[tuple[datetime, Stage]]) -> None:
        draft = self.draft
        if found and draft.stage is None and draft.state == State.OPEN:
            found[-1] = (found[-1][0], successor_of(found[-1][1].pk))
            draft.stage = found[-1][1]
            draft.pipeline_id = found[-1][1].pipeline_id
        ours = [(day, stage) for day, stage in found if stage.pipeline_id == draft.pipeline_id]
        if ours and draft.stage and ours[-1][1].pk == draft.stage.pk:
            draft.stage_since = draft.stage_since or ours[-1][0]
            ours = ours[:-1]
        until = draft.stage_since or self.reader.now
        draft.history = [(day, stage) for day, stage in ours if day <= until]
        if found and (draft.came_in_at is None or found[0][0] < draft.came_in_at):
            draft.came_in_at = found[0][0]

    def _history(self, habits: NotationHabits) -> None:
        """Read all earlier steps from one cell, as our own export writes them; these are preferred to single days."""
        draft = self.draft
        cell = self._first(Field.HISTORY)
        if not cell:
            return
        found: list[tuple[datetime, Stage | None]] = []
        until = draft.stage_since or self.reader.now
        try:
            for instant, name in history.read(cell):
                stage = self.words.past_step(name, draft.pipeline_id)
                # A clock put back may have a later step begin before an earlier one.
                found.append((max([parse_instant(instant, habits), *(at for at, _stage in found[-1:])]), stage))
        except Refused as refused:
            self._keep(Field.HISTORY, cell, str(refused))
            return
        draft.history = [(at, stage) for at, stage in found if at <= until]

    def _past(self, field_: Field, habits: NotationHabits) -> datetime | None:
        at = self._try(field_, lambda cell: parse_instant(cell, habits))
        if at is not None and at > self.reader.now:
            self._keep(field_, self._first(field_), _("It is in the future."))
            return None
        return at
