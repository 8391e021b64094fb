"""Read the lead one row describes: clean, normalise and look up its cells. Unreadable cells are kept as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crm.jobs.importing.cells import clean
from crm.jobs.models import JobState, Priority
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_currency, parse_money
from leads.importing.mapping.columns import FileColumns
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.mapping.presets import META, OURS, without_prefix
from leads.importing.matching.date_cells import DateReader
from leads.importing.matching.draft import LeadDraft, insurer_line
from leads.importing.matching.habits import of_country
from leads.importing.matching.own_cells import read_own_fields
from leads.importing.matching.person_cells import PersonReader
from leads.importing.matching.place_cells import PlaceReader
from leads.importing.matching.row_cells import RowCells
from leads.importing.values.no_leads import why_below_the_list, why_heading, why_no_lead
from leads.importing.values.vocabulary import Vocabulary
from libs.tabular import TableRecord

_TITLE = 200
_SOURCE = 60
_LABEL = 120
# Says of a status no more than that there is none.
_PLAIN = frozenset("open offen offene active actief aktiv ouvert ouverte abierto abierta activo".split())


@dataclass(frozen=True, slots=True)
class LoneRecord(TableRecord):
    """A row with a single filled cell, and the rows around it."""

    # The next rows with more cells, whose group it may be the heading of.
    below: Sequence[Sequence[str]] = ()
    # At the end of the file, below an empty line: all rows there of a single filled cell.
    last: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class RowParser:
    """Reads rows of one file."""

    columns: FileColumns
    habits: NotationHabits
    words: Vocabulary
    now: datetime
    # Whether the clocks of open leads start now, and not at their dates.
    clocks_now: bool = False

    def read(self, record: TableRecord) -> LeadDraft:
        """Read a row's lead. Raises Refused with a sentence if the row has no contact or is damaged."""
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
        return _RowReader(self, cells, LeadDraft(record.row)).run()

    def _why_heading(self, record: LoneRecord) -> str:
        if not record.below:
            return ""
        fields = (Field.CITY, Field.STATE, Field.STREET)
        return why_heading(
            record.cells, [self.columns.first(field_, cells) for cells in record.below for field_ in fields]
        )


class _RowReader:
    """Reads one row."""

    def __init__(self, reader: RowParser, cells: list[str], draft: LeadDraft) -> None:
        self.reader = reader
        self.row = RowCells(reader.columns, cells, draft.remarks, draft.notes)
        self.draft = draft
        self.words = reader.words

    def run(self) -> LeadDraft:
        draft = self.draft
        brand = self.row.parse(Field.BRAND, self.words.brand) or self.words.here.default_brand
        draft.brand_id = brand.pk
        draft.currency = brand.currency
        currency_ = self.row.parse(Field.CURRENCY, parse_currency) or self.reader.columns.currency or brand.currency
        habits = of_country(self.reader.habits, brand.country, currency_)
        PersonReader(self.row, draft).read(habits)
        self._read_place(habits)
        self._read_step()
        self._read_sale(habits)
        self._read_dates(habits)
        draft.own = read_own_fields(self.row, habits)
        draft.notes += self.reader.columns.each(Field.NOTE, self.row.cells)
        draft.notes += [f"{heading}: {text}" for heading, text in self.reader.columns.rest(self.row.cells)]
        draft.told = self.reader.columns.extra_words(self.row.cells)
        return draft

    def _read_place(self, habits: NotationHabits) -> None:
        draft = self.draft
        place = PlaceReader(self.row).read(habits.country, may_part=self.row.columns.recognised != OURS)
        draft.street = place.street
        draft.postcode = place.postcode
        draft.city = place.city
        draft.region = place.region
        draft.country = place.country
        draft.written = place.written
        if not place.street:
            # Nothing is at a place without a street: the lead has its town, and what else is said stands in the note.
            parts = {Field.POSTCODE: place.postcode, Field.STATE: place.region}
            draft.notes += [f"{LABELS[field_]}: {text}" for field_, text in parts.items() if text]

    def _read_step(self) -> None:
        """Read pipeline, step and outcome. A status may be one of our steps, or words for an outcome."""
        draft = self.draft
        first = self.row.first
        named = None
        if first(Field.PIPELINE):
            named = self.row.parse(Field.PIPELINE, self.words.pipeline)
        for field_ in (Field.STAGE, Field.STATUS):
            cell = first(field_)
            if not cell:
                continue
            step = self.words.step(cell, named, field_)
            status = self.words.status(cell, field_)
            if step is not None:
                draft.stage = draft.stage or step
            elif status is None:
                self.row.keep(field_, cell, self.words.no_step(cell, named))
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
            draft.ended_reason = self.row.fit(Field.LOST_REASON, reason, 80)
            if draft.state == JobState.OPEN and not draft.won:
                draft.state = JobState.LOST

    def _read_sale(self, habits: NotationHabits) -> None:
        draft = self.draft
        first = self.row.first
        draft.title = self.row.fit(Field.TITLE, first(Field.TITLE), _TITLE)
        draft.source = self.row.fit(Field.SOURCE, self.words.source(first(Field.SOURCE)), _SOURCE)
        draft.campaign = self.row.fit(Field.CAMPAIGN, first(Field.CAMPAIGN), _LABEL)
        draft.member_id = self.row.parse(Field.REP, self.words.rep)
        draft.priority = self.row.parse(Field.PRIORITY, self.words.priority) or Priority.NORMAL
        if amount := self.row.parse(Field.VALUE, lambda cell: parse_money(cell, habits)):
            draft.value, draft.value_currency = amount
        if cost := self.row.parse(Field.COST, lambda cell: parse_money(cell, habits)):
            if cost[1] == (draft.value_currency or draft.currency):
                draft.cost = cost[0]
            else:
                self.row.keep(Field.COST, first(Field.COST), _("Its currency is not that of the lead."))
        draft.external_id = self.row.fit(Field.EXTERNAL_ID, first(Field.EXTERNAL_ID), _LABEL)
        draft.claim_number = self.row.fit(Field.CLAIM_NUMBER, first(Field.CLAIM_NUMBER), _LABEL)
        draft.insurer = self.row.fit(Field.INSURER, first(Field.INSURER), _LABEL)
        if draft.claim_number and not draft.street:
            # Its number is kept encrypted or not at all, so not in a note.
            draft.remarks.append(_("The claim was not saved: it needs the address of the property."))
            draft.claim_number = ""
        if draft.insurer and not draft.claim_number:
            draft.notes.append(insurer_line(draft))

    def _read_dates(self, habits: NotationHabits) -> None:
        DateReader(self.row, self.draft, self.words, self.reader.now).read(habits)
        if self.reader.clocks_now and self.draft.state == JobState.OPEN:
            self.draft.clock_started_at = self.reader.now
