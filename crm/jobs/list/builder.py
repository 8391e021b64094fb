"""The filter builder: a form's rows out of the filters of a URL, and filters out of its rows.

It knows two shapes: all rows are true, some of them in blocks "any of these"; or any row is true.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.list.choices import Choice, closed
from crm.jobs.list.conditions import CHOICE, FIELDS, TESTS, Asker, Clause
from crm.jobs.list.filters import ANY, MOST_CONDITIONS, PLAIN, Filters, Group, tidy
from crm.jobs.list.options import option_tags
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import money
from crm.platform.models import Member

# What a row may ask for besides a condition: these choose another list, so they stand alone, never among "any of".
TEXT, CLOSED = "q", "closed"
ALL_TRUE, ANY_TRUE = "all", "any"


@dataclass(frozen=True)
class Row:
    """One row of the builder, as it was typed. `block` is "" or the number of its "any of these"."""

    block: str
    field: str
    test: str = ""
    value: str = ""
    problem: str = ""

    def fitting(self) -> "Row":
        """The row with a test its field has."""
        tests = _tests(self.field)
        return self if self.test in tests else replace(self, test=tests[0], value="")


def _tests(name: str) -> tuple[str, ...]:
    return FIELDS[name].tests if name in FIELDS else ("has",) if name == TEXT else ("is",)


class Control(NamedTuple):
    """A row as the page draws it."""

    at: int
    row: Row
    fields: SafeString
    tests: SafeString
    # "choice", "days", "date", "amount" or "text".
    takes: str
    values: SafeString
    # How an amount may be written.
    sample: str
    # Its tests take different values: choosing another one brings another input.
    varies: bool


class Builder:
    """The rows of one form, and what they stand for."""

    def __init__(self, member: Member, rows: list[Row], match: str, *, carried: Filters) -> None:
        self.member, self.asker, self.match, self.carried = member, Asker(member), match, carried
        self.rows = [self._chosen(row.fitting()) for row in rows[:MOST_CONDITIONS]]

    @classmethod
    def of(cls, filters: Filters, member: Member) -> "Builder":
        """The builder of a view; an empty row to begin with where it has none."""
        asker = Asker(member)
        rows = [Row("", *_parts(clause, asker)) for clause in filters.plain()]
        rows += [Row("", *_parts(group[0], asker)) for group in filters.where if len(group) == 1]
        several = [group for group in filters.where if len(group) > 1]
        match = ANY_TRUE if len(several) == 1 and not rows else ALL_TRUE
        for at, group in enumerate(several, 1):
            rows += [Row("" if match == ANY_TRUE else str(at), *_parts(clause, asker)) for clause in group]
        rows += [Row("", TEXT, "has", filters.q)] if filters.q else []
        rows += [Row("", CLOSED, "is", filters.closed)] if filters.closed else []
        return cls(member, rows or [Row("", "level")], match, carried=filters)

    @classmethod
    def read(cls, form: QueryDict, member: Member) -> "Builder":
        """The builder as it was sent. Rows of no field are left out."""
        rows = []
        for at in range(MOST_CONDITIONS * 2):
            name = form.get(f"f{at}", "")
            if name in FIELDS or name in (TEXT, CLOSED):
                block = form.get(f"g{at}", "")
                block = block if block.isdigit() and f"any{block}" in ANY and name in FIELDS else ""
                rows.append(Row(block, name, form.get(f"o{at}", ""), tidy(form.get(f"v{at}", ""))))
        match = ANY_TRUE if form.get("match") == ANY_TRUE else ALL_TRUE
        carried = Filters(columns=tidy(form.get("columns", "")), view=tidy(form.get("view", "")))
        return cls(member, rows, match, carried=carried)

    # What is done to it

    def add(self, block: str = "") -> None:
        """One more row."""
        if len(self.rows) < MOST_CONDITIONS:
            self.rows.append(self._chosen(Row(block, "level").fitting()))

    def add_block(self) -> None:
        """One more "any of these", with two rows to begin with."""
        free = [name[3:] for name in ANY if name[3:] not in {row.block for row in self.rows}]
        for _row in range(2 if free else 0):
            self.add(free[0])

    def remove(self, at: int) -> None:
        """Take a row away."""
        del self.rows[at : at + 1]

    def judge(self) -> bool:
        """Note at each row what is wrong with it. True when nothing is."""
        self.rows = [replace(row, problem=self._problem(row)) for row in self.rows]
        return not any(row.problem for row in self.rows)

    # What it stands for

    def filters(self) -> Filters:
        """The filters the rows make; those that mean nothing are left out."""
        groups: dict[str, list[Clause]] = {}
        text, ended = "", ""
        for at, row in enumerate(self.rows):
            if row.field == TEXT:
                text = row.value
            elif row.field == CLOSED:
                ended = row.value
            elif (clause := self._clause(row)) is not None:
                key = ANY_TRUE if self.match == ANY_TRUE else row.block or f"row {at}"
                groups.setdefault(key, []).append(clause)
        where = [tuple(dict.fromkeys(group)) for group in groups.values()]
        return replace(_plainly(where), q=text, closed=ended, columns=self.carried.columns, view=self.carried.view)

    def _clause(self, row: Row) -> Clause | None:
        try:
            return Clause.of(row.field, row.test, row.value, self.asker)
        except Refused:
            return None

    def _choices(self, row: Row) -> list[Choice]:
        if row.field == CLOSED:
            return closed(self.member)
        takes_one = row.field in FIELDS and TESTS[row.test].takes == CHOICE
        return FIELDS[row.field].choices(self.member) if takes_one else []

    def _chosen(self, row: Row) -> Row:
        """The row with a value of its list: none yet where it has another list's, the only one where there is one."""
        known = [choice.value for choice in self._choices(row)]
        if not known or row.value in known:
            return row
        return replace(row, value=known[0] if len(known) == 1 else "")

    def _problem(self, row: Row) -> str:
        if not row.value and self._choices(row):
            return ""  # It was not touched yet, and is left out.
        if not row.value:
            return _("Fill this in, or take the row away.")
        if row.field in (TEXT, CLOSED):
            return ""
        try:
            Clause.of(row.field, row.test, row.value, self.asker)
        except Refused as why:
            return str(why)
        return ""

    # How it is drawn

    def control(self, at: int) -> Control:
        """One row as the page draws it."""
        row = self.rows[at]
        takes = "text" if row.field == TEXT else CHOICE if row.field == CLOSED else TESTS[row.test].takes
        known = self._choices(row)
        if known and not row.value:
            known = [Choice("", _("choose")), *known]
        names = {**self._alone, **self._names} if not row.block else self._names
        tests = [Choice(test, str(TESTS[test].words) if test in TESTS else _("contains")) for test in _tests(row.field)]
        return Control(
            at,
            row,
            option_tags([Choice(name, label) for name, label in names.items()], row.field),
            option_tags(tests, row.test),
            takes,
            option_tags(known, row.value),
            formats.money(*money("20000", self.asker.habits), self.asker.reader.country),
            len({TESTS[test].takes for test in _tests(row.field) if test in TESTS}) > 1,
        )

    def controls(self) -> list[Control]:
        """The rows that stand by themselves."""
        return [self.control(at) for at, row in enumerate(self.rows) if not self._in_block(row)]

    def blocks(self) -> list[tuple[str, list[Control]]]:
        """The blocks "any of these", by number, with their rows."""
        found: dict[str, list[Control]] = {}
        for at, row in enumerate(self.rows):
            if self._in_block(row):
                found.setdefault(row.block, []).append(self.control(at))
        return list(found.items())

    def _in_block(self, row: Row) -> bool:
        return bool(row.block) and self.match == ALL_TRUE

    @property
    def is_any(self) -> bool:
        return self.match == ANY_TRUE

    @property
    def is_full(self) -> bool:
        """Nobody reads more conditions than these."""
        return len(self.rows) >= MOST_CONDITIONS

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name: str(known.label) for name, known in FIELDS.items() if self._worth(name)}

    @property
    def _alone(self) -> dict[str, str]:
        return {TEXT: _("Name, phone, email, address or number"), CLOSED: _("Closed")}

    def _worth(self, name: str) -> bool:
        """Whether there is something to choose: one brand alone keeps every lead."""
        known = FIELDS[name]
        return "is" not in known.tests or len(known.choices(self.member)) > (name not in ("waiting", "team"))


def _parts(clause: Clause, asker: Asker) -> tuple[str, str, str]:
    return clause.field, clause.test, clause.typed(asker)


def _plainly(groups: list[Group]) -> Filters:
    """Filters of these groups; one that a plain parameter says is that parameter."""
    plain: dict[str, Any] = {}
    where = []
    for group in groups:
        only = group[0]
        if len(group) == 1 and only.test == "is" and only.field in PLAIN and only.field not in plain:
            plain[only.field] = only.value
        elif group not in where:
            where.append(group)
    return Filters(**plain, where=tuple(where))
