"""Plan how a file is read before its rows are judged: which column holds what, its date and amount formats, and which
values mean which of the tenant's records. Guessed from the whole file, corrected by a person's choices.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import IO, Any

from crm.jobs.fields.setup import all_fields
from crm.jobs.importing.cells import NOTHING, clean
from crm.jobs.importing.headings import key_of
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.kernel.typed_values import NotationHabits, day_first_in
from crm.platform.organization.configuration import directory
from leads.importing.files.staging import Staged, walk
from leads.importing.mapping.columns import FileColumns, find_columns, find_header, says_why_refused
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.mapping.presets import OURS
from leads.importing.mapping.without_headings import NO_HEADER
from leads.importing.values.names import first_name_first
from leads.models import ImportMapping

# Fields whose cells name something of the tenant's.
NAMING = (Field.STAGE, Field.STATUS, Field.PIPELINE, Field.REP, Field.SOURCE, Field.BRAND, Field.PRIORITY)
_DATED = (Field.CREATED, Field.STAGE_SINCE, Field.WON_AT, Field.TOUCHED, Field.ENDED, Field.CLOSED, Field.NEXT_STEP_AT)
# Different words of one column that are shown; who has more has chosen the wrong column.
MOST_WORDS = 200
# Where one name in so many is written last name first, the file writes so; the others are firms, or slips.
MANY_TURNED = 4
# So many dates outweigh one that contradicts them.
SLIPS = 20
# Rows that samples are taken from.
SAMPLED = 5000


@dataclass(slots=True)
class Choices:
    """The user's choices for a file; anything not chosen is guessed."""

    # The header row, and the sheet.
    header_row: int | None = None
    sheet: str = ""
    # The codec of a text file.
    encoding: str = ""
    # What columns hold, by position as text: a field, "keep", "leave" or "step:12".
    columns: dict[str, str] = field(default_factory=dict)
    # What words mean, by field and name key: a target (vocabulary.py), or "keep" to leave it in the note.
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str = ""
    last_name_first: bool | None = None
    # When the clocks of open leads start: "" at their dates, "now" with the import.
    clocks: str = ""
    # What becomes of rows that were recognised, by what they were recognised by: "", "skip", "update" or "new".
    duplicates: dict[str, str] = field(default_factory=dict)

    def as_plain(self) -> dict[str, Any]:
        """Convert to values for a JSON column."""
        return asdict(self)

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Choices":
        return cls(**plain)


@dataclass(slots=True)
class Gathered:
    """The result of one pass over all rows, for the present mapping of columns."""

    # Cells by field, with how often they come.
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    # How many dates prove that the day stands first, and how many that the month does; a few dates, and one of each.
    days_first: int = 0
    months_first: int = 0
    dates: list[str] = field(default_factory=list)
    proofs: dict[str, str] = field(default_factory=dict)
    # Names, and those of them that are written last name first.
    names: int = 0
    turned: int = 0
    # The first filled cells of each column, by position as text.
    samples: dict[str, list[str]] = field(default_factory=dict)
    # Addresses and numbers that are given for three or more names (matching/points.py).
    shared: list[str] = field(default_factory=list)

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Gathered":
        """Restore stored choices; keys of earlier versions are ignored."""
        return cls(**{name: plain[name] for name in cls.__dataclass_fields__ if name in plain})

    @property
    def day_first(self) -> bool | None:
        """True or False if the file's dates prove the order of day and month; None if they do not, or contradict it."""
        most = max(self.days_first, self.months_first)
        fewest = min(self.days_first, self.months_first)
        # One slip of the keyboard among many proves nothing against them.
        if most > SLIPS * fewest:
            return self.days_first > self.months_first
        return None

    @property
    def contradicting(self) -> list[str]:
        """A date with the day first and one with the month first, if the file has both."""
        if len(self.proofs) > 1:
            return list(self.proofs.values())
        return []


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: columns, formats and meanings."""

    staged: Staged
    columns: FileColumns
    habits: NotationHabits
    choices: Choices = field(default_factory=Choices)
    shared: frozenset[str] = frozenset()
    # Dates that contradict each other.
    contradicting: Sequence[str] = ()

    @property
    def rows(self) -> int:
        """Iterate over the rows below the header."""
        return self.staged.rows - sum(1 for record in self.staged.sample if record.row <= self.columns.header_row)

    @property
    def header(self) -> list[str]:
        """Return the names of the columns, as written."""
        return self.columns.names

    def as_summary(self) -> dict[str, Any]:
        """Summarize the guesses, for a person to check."""
        return {
            "encoding": self.staged.encoding.removesuffix("-sig"),
            "encoding_could_be": dict(self.staged.candidates) if self.staged.unsure else {},
            "delimiter": self.staged.delimiter,
            "sheet": self.staged.sheet,
            "other_sheets": list(self.staged.other_sheets),
            "header_row": self.columns.header_row,
            "on_its_side": self.staged.turned,
            "recognised": self.columns.recognised,
            "columns": {heading: str(LABELS[name]) for name, heading in self._field_headings()},
            "columns_to_check": [self.header[at].strip() for at in sorted(self.columns.unsure)],
            "kept_as_notes": list(self.columns.others.values()),
            "day_first": self.habits.day_first,
            "dates_contradict": list(self.contradicting),
        }

    def _field_headings(self) -> Iterator[tuple[Field, str]]:
        for name, positions in self.columns.fields.items():
            yield from ((name, self.header[at].strip()) for at in positions)


def plan_of(staged: Staged, choices: Choices, gathered: Gathered) -> Plan:
    """Plan how to read a staged file; needs the tenant's connection. Raises Unreadable if it has no header."""
    columns = columns_of(staged, choices)
    tenant = directory().tenant
    habits = NotationHabits.of(tenant.country, tenant.currency, directory().zone)
    proved = choices.day_first if choices.day_first is not None else gathered.day_first
    if proved is not None:
        habits = replace(habits, day_first=proved)
    backwards = choices.last_name_first
    if backwards is None:
        # Our own export has each name as we store it.
        backwards = 0 < gathered.names <= MANY_TURNED * gathered.turned and columns.recognised != OURS
    habits = replace(habits, decimal=choices.decimal, last_name_first=backwards)
    return Plan(staged, columns, habits, choices, frozenset(gathered.shared), gathered.contradicting)


def columns_of(staged: Staged, choices: Choices) -> FileColumns:
    """Map the columns by the choices and guesses."""
    return find_columns(
        staged.sample, row=choices.header_row, chosen=choices.columns, steps=_steps_by_name(), own=own_fields()
    )


def own_fields() -> dict[str, int]:
    """Map the names of the tenant's own active fields to their ids."""
    return {name_key(field.name): field.pk for field in all_fields().live}


def _steps_by_name() -> dict[str, int]:
    """Map step names to the steps that may have a date column; of duplicate names the default pipeline's."""
    setup = pipeline_setup()
    steps: dict[str, int] = {}
    live = [pk for pk, pipeline in setup.pipelines.items() if pipeline.archived_at is None]
    for pipeline_id in sorted(live, key=lambda pk: pk != setup.default_pipeline.pk):
        for stage in setup.steps(pipeline_id):
            steps.setdefault(name_key(stage.name), stage.pk)
    return steps


def gather(file: IO[bytes], columns: FileColumns) -> Gathered:
    """Read all rows once: the values used, the date order they prove, three samples of each column."""
    gathered = Gathered()
    words = {name: Counter[str]() for name in NAMING if name in columns.fields}
    # Beyond that many rows a column is as good as empty.
    seldom = columns.header_row + SAMPLED
    days = {field.pk for field in all_fields().dates}
    dated = [*(at for name in _DATED for at in columns.fields.get(name, ())), *columns.steps]
    dated += [at for at, pk in columns.own.items() if pk in days]
    for record, _byte in walk(file):
        if record.row <= columns.header_row:
            continue
        for name, counter in words.items():
            cell = columns.first(name, record.cells)
            if cell and cell not in NOTHING and (cell in counter or len(counter) < MOST_WORDS):
                counter[cell] += 1
        if called := columns.first(Field.NAME, record.cells):
            gathered.names += 1
            gathered.turned += bool(first_name_first(called))
        for at in dated:
            if at < len(record.cells) and record.cells[at]:
                _learn_date(gathered, record.cells[at])
        if record.row < seldom:
            _learn_samples(gathered, record.cells, columns.width)
    gathered.words = {str(name): dict(counter.most_common()) for name, counter in words.items()}
    return gathered


def _learn_date(found: Gathered, cell: str) -> None:
    proves = day_first_in(cell)
    if proves is not None:
        found.proofs.setdefault(str(proves), cell[:40])
        found.days_first += proves
        found.months_first += not proves
    elif len(found.dates) < 3 and cell[:40] not in found.dates:
        found.dates.append(cell[:40])


def _learn_samples(found: Gathered, cells: list[str], width: int) -> None:
    for at, cell in enumerate(cells[:width]):
        if cell:
            samples = found.samples.setdefault(str(at), [])
            if len(samples) < 3 and cell not in samples:
                samples.append(clean(cell)[:60])


def signature(staged: Staged, choices: Choices) -> str:
    """Hash the column names in order: equal for files of one kind, and for their files of refused rows."""
    header = find_header(staged.sample, choices.header_row)
    keys = (key_of(cell) for cell in header.cells if not says_why_refused(cell))
    return hashlib.sha256("\t".join(keys).encode()).hexdigest()


def save_choices(staged: Staged, choices: Choices) -> None:
    """Save the choices for the next file with these columns."""
    if columns_of(staged, choices).header_row == NO_HEADER:
        return  # nothing says that the next one without names is of the same kind
    kept = choices.as_plain() | {"duplicates": {}, "sheet": "", "header_row": None, "encoding": ""}
    ImportMapping.objects.update_or_create(
        signature=signature(staged, choices), defaults={"choices": kept, "saved_at": clock.now()}
    )


def load_remembered(staged: Staged, choices: Choices) -> Choices:
    """Load the choices for the last file with these columns, for the present sheet and header row."""
    if find_header(staged.sample, choices.header_row).row == NO_HEADER:
        return choices
    row = ImportMapping.objects.filter(signature=signature(staged, choices)).first()
    if row is None:
        return choices
    saved = Choices.of_plain(row.choices)
    saved.sheet = choices.sheet
    saved.header_row = choices.header_row
    saved.encoding = choices.encoding
    return replace(saved, clocks=choices.clocks or saved.clocks)
