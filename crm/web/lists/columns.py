"""The columns of a list that a reader may choose: the address's, else the member's own, else the usual ones."""

from typing import NamedTuple

from django.utils.functional import Promise

from crm.platform.models import Member
from crm.platform.organization.configuration import per_tenant
from crm.web.models import ColumnChoice

NONE = "none"


class Column(NamedTuple):
    """A column that may be shown. `css`: its width in the table."""

    key: str
    label: str | Promise
    css: str = ""


class Columns:
    """The columns of one list, in the order of its table. What every row shows is not among them."""

    def __init__(self, *columns: Column, usual: tuple[str, ...] = ()) -> None:
        self.by_key = {column.key: column for column in columns}
        self.usual = usual

    def read(self, text: str) -> tuple[str, ...] | None:
        """The columns an address or a choice names, in the table's order; None where it names none that exist."""
        named = set(text.split(","))
        found = tuple(key for key in self.by_key if key in named)
        return found if found or NONE in named else None

    def spell(self, chosen: tuple[str, ...]) -> str:
        """The columns as an address has them."""
        return ",".join(chosen) or NONE

    def shown(self, key: str, asked: str, member: Member) -> tuple[str, ...]:
        """What the list of this key shows the member, where its address asks for `asked`."""
        found = self.read(asked) if asked else None
        if found is None and (own := _own().get((key, member.pk))):
            found = self.read(own)
        return self.usual if found is None else found


@per_tenant
def _own() -> dict[tuple[str, int], str]:
    """By list and member."""
    rows = ColumnChoice.objects.values_list("list_key", "member_id", "columns")
    return {(key, member_id): columns for key, member_id, columns in rows}
