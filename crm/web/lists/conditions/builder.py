"""The filter builder: converts the filters of a URL to a form's rows, and back.

It knows two shapes: all rows are true, some of them in blocks "any of these"; or any row is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice, option_tags
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.filters import TESTS, Filter, FilterSet
from crm.web.lists.conditions.query import ANY, MOST_CONDITIONS, Filters, merged, tidy
from crm.web.lists.conditions.viewer import Viewer

ALL_TRUE = "all"
ANY_TRUE = "any"


@dataclass(frozen=True)
class Row:
    """One row of the builder, as it was typed. `block` is "" or the number of its "any of these"."""

    block: str
    field: str
    test: str = ""
    value: str = ""
    problem: str = ""
    # The field it was about when its form was shown; blank where the form doesn't say so.
    former_field: str = ""


class Control(NamedTuple):
    """A row as its template renders it."""

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
    """The rows of one form, and the filters made from them."""

    def __init__(self, first: str, member: Member, rows: list[Row], match: str, *, carried: Filters) -> None:
        self.first = first
        self.member = member
        self.viewer = Viewer(member)
        self.match = match
        self.carried = carried
        self.filterset: type[FilterSet] = carried.filterset
        self.rows = [self._fitting(row) for row in rows[:MOST_CONDITIONS]]

    @classmethod
    def of(cls, filters: Filters, member: Member, *, first: str) -> Self:
        """Create the builder from a URL's filters; without filters, with one empty row of the field `first`."""
        viewer = Viewer(member)
        rows = [Row("", *_parts(clause, viewer)) for clause in filters.plain()]
        rows += [Row("", *_parts(group[0], viewer)) for group in filters.where if len(group) == 1]
        several = [group for group in filters.where if len(group) > 1]
        if len(several) == 1 and not rows:
            match = ANY_TRUE
        else:
            match = ALL_TRUE
        for at, group in enumerate(several, 1):
            rows += [Row("" if match == ANY_TRUE else str(at), *_parts(clause, viewer)) for clause in group]
        alone = [one for one in filters.filterset.known().values() if one.alone]
        rows += [Row("", one.name, one.plain_test, filters.get(one.name)) for one in alone if filters.get(one.name)]
        return cls(first, member, rows or [Row("", first)], match, carried=filters)

    @classmethod
    def read(
        cls,
        form: QueryDict,
        member: Member,
        *,
        filterset: type[FilterSet],
        first: str,
        position: Mapping[str, str] | None = None,
    ) -> Self:
        """Read the builder from a submitted form. Rows without a field are left out."""
        rows = []
        for at in range(MOST_CONDITIONS * 2):
            name = form.get(f"f{at}", "")
            if name in filterset.known():
                block = form.get(f"g{at}", "")
                if not (f"any{block}" in ANY and filterset.among(name)):
                    block = ""
                former_field = form.get(f"w{at}", "")
                value = tidy(form.get(f"v{at}", ""))
                rows.append(Row(block, name, form.get(f"o{at}", ""), value, former_field=former_field))
        if form.get("match") == ANY_TRUE:
            match = ANY_TRUE
        else:
            match = ALL_TRUE
        columns, sort, view = (tidy(form.get(name, "")) for name in ("columns", "sort", "view"))
        carried = Filters(filterset, columns=columns, sort=sort, view=view, position=position or {})
        return cls(first, member, rows, match, carried=carried)

    # What is done to it

    def add(self, block: str = "") -> None:
        """Add a row."""
        if len(self.rows) < MOST_CONDITIONS:
            self.rows.append(self._fitting(Row(block, self.first)))

    def add_block(self) -> None:
        """Add an "any of these" block with two rows."""
        free = [name[3:] for name in ANY if name[3:] not in {row.block for row in self.rows}]
        for _row in range(2 if free else 0):
            self.add(free[0])

    def remove(self, at: int) -> None:
        """Remove a row."""
        del self.rows[at : at + 1]

    def judge(self) -> bool:
        """Validate each row and note its error. Returns True if there are none."""
        self.rows = [replace(row, problem=self._problem(row)) for row in self.rows]
        return not any(row.problem for row in self.rows)

    # What it stands for

    def filters(self) -> Filters:
        """Return the filters the rows make; invalid ones are left out."""
        groups: dict[str, list[Clause]] = {}
        alone: dict[str, str] = {}
        for at, row in enumerate(self.rows):
            clause = self._clause(row)
            if clause is None:
                continue
            if clause.filter.alone:
                alone[row.field] = clause.value
            else:
                if self.match == ANY_TRUE:
                    key = ANY_TRUE
                else:
                    key = row.block or f"row {at}"
                groups.setdefault(key, []).append(clause)
        made = merged(self.filterset, [tuple(dict.fromkeys(group)) for group in groups.values()])
        carried = self.carried
        return made.changed(
            **alone, columns=carried.columns, sort=carried.sort, view=carried.view, position=carried.position
        )

    def _clause(self, row: Row) -> Clause | None:
        try:
            return Clause.of(self._filter(row), row.test, row.value, self.viewer)
        except Refused:
            return None

    def _filter(self, row: Row) -> Filter:
        found: Filter = self.filterset.known()[row.field]
        return found

    def _fitting(self, row: Row) -> Row:
        """Return the row with a test valid for its field, and with its only choice if there is just one."""
        tests = self._filter(row).tests
        if row.test not in tests:
            row = replace(row, test=tests[0], value="")
        known = [str(choice.value) for choice in self._choices(row)]
        if not known or row.value in known:
            return row
        return replace(row, value=known[0] if len(known) == 1 else "")

    def _choices(self, row: Row) -> list[Choice]:
        return self._filter(row).choices(self.member)

    def _problem(self, row: Row) -> str:
        if not row.value:
            # A choice was not touched yet, and is left out.
            if self._choices(row):
                return ""
            return _("Fill this in or remove the row.")
        try:
            Clause.of(self._filter(row), row.test, row.value, self.viewer)
        except Refused as why:
            return str(why)
        return ""

    # How it is drawn

    def control(self, at: int) -> Control:
        """Return one row for its template."""
        row = self.rows[at]
        one = self._filter(row)
        known = self._choices(row)
        if known and not row.value:
            known = [Choice("", _("choose")), *known]
        if not row.block:
            names = {**self._alone, **self._names}
        else:
            names = self._names
        return Control(
            at,
            row,
            option_tags([Choice(name, label) for name, label in names.items()], row.field),
            option_tags([Choice(test, str(TESTS[test].words)) for test in one.tests], row.test),
            TESTS[row.test].takes,
            option_tags(known, row.value),
            one.sample(self.viewer),
            len({TESTS[test].takes for test in one.tests}) > 1,
        )

    def controls(self) -> list[Control]:
        """The rows outside blocks."""
        return [self.control(at) for at, row in enumerate(self.rows) if not self._in_block(row)]

    def blocks(self) -> list[tuple[str, list[Control]]]:
        """The "any of these" blocks, by number, with their rows."""
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
        """True if the maximum number of conditions is reached."""
        return len(self.rows) >= MOST_CONDITIONS

    @cached_property
    def _names(self) -> dict[str, str]:
        """Return the fields available for conditions, without those that offer no choice."""
        found = self.filterset.known().items()
        return {name: str(one.label) for name, one in found if not one.alone and one.offers(self.member)}

    @cached_property
    def _alone(self) -> dict[str, str]:
        return {name: str(one.label) for name, one in self.filterset.known().items() if one.alone}


def _parts(clause: Clause, viewer: Viewer) -> tuple[str, str, str]:
    return clause.filter.name, clause.test, clause.typed(viewer)
