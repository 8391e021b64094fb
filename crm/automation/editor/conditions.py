"""Conditions: the filter builder as the editor of a rule has it."""

from collections.abc import Sequence
from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.registry.records import RecordKind
from crm.automation.setup import organization, read_conditions
from crm.platform.models import Member
from crm.web.lists.conditions.builder import ALL_TRUE, Builder, Row
from crm.web.lists.conditions.query import Filters


class Conditions(Builder):
    """The rows of a rule's conditions. None is fine: the rule then fires for each record.

    What a list searches by itself, such as a text, is no condition. `broken`: stored conditions that mean nothing any
    more; each must be removed before the rule is saved, for without it the rule would fire for more.
    """

    _alone: ClassVar[dict[str, str]] = {}

    def __init__(
        self, first: str, member: Member, rows: list[Row], match: str, *, carried: Filters, broken: Sequence[str] = ()
    ) -> None:
        known = [row for row in rows if not carried.filterset.base_filters[row.field].alone]
        super().__init__(first, member, known, match, carried=carried)
        self.broken = list(broken)

    @classmethod
    def stored(cls, kind: RecordKind, where: str) -> "Conditions":
        """Make the rows of stored conditions."""
        filters = read_conditions(kind, where)
        made = cls.of(filters, organization(), first=_first(kind))
        if not filters.plain() and not filters.where:
            made.rows = []
        made.broken = [text.partition("=")[2] for text in filters.dropped]
        return made

    @classmethod
    def sent(cls, kind: RecordKind, form: QueryDict) -> "Conditions":
        """Read the rows of a sent form."""
        made = cls.read(form, organization(), filterset=kind.filterset, first=_first(kind))
        made.broken = [text[:200] for text in form.getlist("broken")][:20]
        return made

    @classmethod
    def none(cls, kind: RecordKind) -> "Conditions":
        """Return no conditions."""
        return cls(_first(kind), organization(), [], ALL_TRUE, carried=Filters(kind.filterset))

    def act(self, act: str, place: str) -> str:
        """Do what a button says; return the id of the field that gets the focus, blank for none."""
        if act == "any":
            self.add_block()
        elif act == "add":
            self.add(place)
        elif act == "remove" and place.isdigit():
            self.remove(int(place))
            return f"filter-f{min(int(place), len(self.rows) - 1)}" if self.rows else "filter-add"
        elif act == "drop" and place.isdigit():
            del self.broken[int(place) : int(place) + 1]
            return "filter-add"
        return f"filter-f{len(self.rows) - 1}" if act in ("add", "any") else ""

    def judge(self) -> bool:
        """Validate each row; what is broken is to be removed first."""
        return super().judge() and not self.broken

    def where(self) -> str:
        """Return the conditions as they are stored; those that are not valid are left out."""
        return self.filters().query().removeprefix("?")

    def _problem(self, row: Row) -> str:
        # In a list a choice that was not touched is left out; a rule would then fire for more.
        return super()._problem(row) if row.value else _("Choose or fill in a value, or remove the row.")


def _first(kind: RecordKind) -> str:
    member = organization()
    found = kind.filterset.base_filters.items()
    return next(name for name, one in found if not one.alone and one.offers(member))
