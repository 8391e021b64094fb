"""Conditions of a rule in its editor, edited with the filter builder."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.registry.records import RecordKind
from crm.automation.setup import organization_member, read_conditions
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.lists.conditions.builder import ALL_TRUE, Builder, Row
from crm.web.lists.conditions.filters import DATE, DAYS, TESTS
from crm.web.lists.conditions.query import Filters

# Before the place of a row in the id of its first field.
ROW_ID = "filter-f"
# The number of days a condition begins with.
FIRST_DAYS = "7"
LENGTH_OF_DATE = len("2026-03-02")


class RuleConditions(Builder):
    """The rows of a rule's conditions. Without any, the rule fires for every record.

    What a list searches by itself, such as a text, is no condition. `broken`: stored conditions that mean nothing any
    more; each must be removed before the rule is saved, for without it the rule would fire for more.
    """

    _alone: ClassVar[dict[str, str]] = {}

    def __init__(
        self, first: str, member: Member, rows: list[Row], match: str, *, carried: Filters, broken: Sequence[str] = ()
    ) -> None:
        conditions = [row for row in rows if carried.filterset.among(row.field)]
        super().__init__(first, member, conditions, match, carried=carried)
        self.broken = list(broken)

    @classmethod
    def from_stored(cls, kind: RecordKind, where: str) -> "RuleConditions":
        """Create the rows from stored conditions."""
        filters = read_conditions(kind, where)
        made = cls.of(filters, organization_member(), first=_first_field(kind))
        if not filters.plain() and not filters.where:
            made.rows = []
        made.broken = [text.partition("=")[2] for text in filters.dropped]
        return made

    @classmethod
    def from_form(cls, kind: RecordKind, form: QueryDict) -> "RuleConditions":
        """Create the rows from a submitted form."""
        made = cls.read(form, organization_member(), filterset=kind.filterset, first=_first_field(kind))
        made.broken = [text[:200] for text in form.getlist("broken")][:20]
        return made

    @classmethod
    def empty(cls, kind: RecordKind) -> "RuleConditions":
        """Return an empty set of conditions."""
        return cls(_first_field(kind), organization_member(), [], ALL_TRUE, carried=Filters(kind.filterset))

    def act(self, act: str, place: str) -> str:
        """Perform the action of a button. Returns the id of the field to focus, or blank."""
        at = read_number(place)
        if act == "any":
            self.add_block()
        elif act == "add":
            self.add(place)
        elif act == "remove" and at is not None:
            self.remove(at)
            if self.rows:
                return f"{ROW_ID}{min(at, len(self.rows) - 1)}"
            return "filter-add"
        elif act == "put":
            return self._place_row(*parse_drag(place))
        elif act in ("rise", "sink") and at is not None:
            return self._shift_row(at, 1 if act == "sink" else -1)
        elif act == "drop" and at is not None:
            del self.broken[at : at + 1]
            return "filter-add"
        if act in ("add", "any"):
            return f"{ROW_ID}{len(self.rows) - 1}"
        return ""

    def _place_row(self, at: int | None, block: str, before: int | None) -> str:
        """Move a row into a list, before another row or to the end. Invalid moves are ignored."""
        if self.is_any:
            block = ""
        blocks = {row.block for row in self.rows} | {""}
        if at is None or at >= len(self.rows) or block not in blocks:
            return ""
        fits = before is None or (before < len(self.rows) and before != at)
        if fits:
            return self._insert_row(at, block, before)
        return ""

    def _insert_row(self, at: int, block: str, before: int | None) -> str:
        row = replace(self.rows[at], block=block)
        rest = [(place, other) for place, other in enumerate(self.rows) if place != at]
        there = [place for place, other in rest if other.block == block]
        if before is None:
            if there:
                before = there[-1] + 1
            else:
                before = len(self.rows)
        to = len([place for place, _other in rest if place < before])
        self.rows = [other for _place, other in rest]
        self.rows.insert(to, row)
        return f"{ROW_ID}{to}"

    def _shift_row(self, at: int, by: int) -> str:
        """Move a row past the next one, or into or out of an "any of these" list."""
        order = self._row_order()
        if at not in (self.may_rise if by < 0 else self.may_sink):
            return ""
        place = order.index(at) + by
        if place < 0:
            return self._insert_row(at, "", None)
        past = order[place]
        block = self.rows[past].block
        is_within = self.rows[at].block == block
        if by > 0:
            later = next((one for one in order[place + 1 :] if self.rows[one].block == block), None)
            return self._insert_row(at, block, later if is_within else past)
        return self._insert_row(at, block, past if is_within else None)

    def _row_order(self) -> list[int]:
        """Return the row indexes in display order."""
        places = range(len(self.rows))
        blocks = list(dict.fromkeys(row.block if self._in_block(row) else "" for row in self.rows))
        where = {block: at for at, block in enumerate(sorted(blocks, key=bool))}
        return sorted(places, key=lambda at: where[self.rows[at].block if self._in_block(self.rows[at]) else ""])

    @property
    def may_rise(self) -> set[int]:
        """Indexes of the rows that can be moved up: past a row, or into an empty list above."""
        order = self._row_order()
        return {at for place, at in enumerate(order) if place or self._in_block(self.rows[at])}

    @property
    def may_sink(self) -> set[int]:
        """Indexes of the rows that can be moved down."""
        return set(self._row_order()[:-1])

    def judge(self) -> bool:
        """Validate each row. Returns False also while the stored conditions are broken."""
        return super().judge() and not self.broken

    def where(self) -> str:
        """Return the conditions in their stored form, without invalid ones."""
        return self.filters().query().removeprefix("?")

    def _fitting(self, row: Row) -> Row:
        """Return the row with a test and value valid for its field; defaults if the row is new or the field changed.

        A value that somebody emptied, and a choice that is gone, stay empty: the rule would fire for others.
        """
        fitted = super()._fitting(row)
        takes = TESTS[fitted.test].takes
        is_of_other_field = row.former_field not in ("", row.field)
        is_empty = not fitted.value and (not row.test or is_of_other_field)
        if is_empty or _is_of_other_test(fitted.value, takes):
            return replace(fitted, value=self._default_value(fitted, takes))
        return fitted

    def _default_value(self, row: Row, takes: str) -> str:
        """Return the initial value of a condition; blank for texts and amounts, which have no useful default."""
        if takes == DAYS:
            return FIRST_DAYS
        if takes == DATE:
            return self.viewer.reader.today.isoformat()
        return next((str(choice.value) for choice in self._choices(row)), "")

    def _problem(self, row: Row) -> str:
        # In a list a choice that was not touched is left out; a rule would then fire for more.
        if row.value:
            return super()._problem(row)
        return _("Choose or fill in a value, or remove the row.")


def parse_drag(place: str) -> tuple[int | None, str, int | None]:
    """Parse a drag: which row was moved, into which list, and before which row; None for an incomplete drag."""
    at, _colon, rest = place[:20].partition(":")
    block, _colon, before = rest.partition(":")
    return read_number(at), block, read_number(before)


def focused_row(focus: str) -> int:
    """Return the index of the row to focus, from the field id that `act` returns; -1 for another field."""
    place = read_number(focus.removeprefix(ROW_ID))
    if place is None:
        return -1
    return place


def _is_of_other_test(value: str, takes: str) -> bool:
    """True if the typed value does not fit the test: a number of days where a date is expected, or the reverse."""
    is_number = value.isascii() and value.isdecimal()
    is_day = len(value) == LENGTH_OF_DATE and value.count("-") == 2
    return (takes == DATE and is_number) or (takes == DAYS and is_day)


def _first_field(kind: RecordKind) -> str:
    member = organization_member()
    filters = kind.filterset.known().items()
    return next(name for name, condition in filters if not condition.alone and condition.offers(member))
