"""The columns of a list: those the URL names, else the member's own choice, else the defaults."""

from typing import NamedTuple

from django.utils.functional import Promise

from crm.platform.models import Member
from crm.platform.organization.configuration import cached_per_tenant
from crm.web.models import ColumnChoice

NONE = "none"


class Column(NamedTuple):
    """A column that may be shown. `css`: its width; `sort`: the order of the list (`sorts`) that its head chooses."""

    key: str
    label: str | Promise
    css: str = ""
    head_css: str = ""
    sort: str = ""


class Columns:
    """The optional columns of one list, in the order of its table. Those every row shows are not among them."""

    def __init__(self, *columns: Column, usual: tuple[str, ...] = ()) -> None:
        self.fixed = {column.key: column for column in columns}
        self.usual = usual

    @property
    def by_key(self) -> dict[str, Column]:
        """The columns there are, by key in the order of the table."""
        return self.fixed

    def read(self, text: str) -> tuple[str, ...] | None:
        """Parse the columns a URL or a choice names, in the table's order; None if it names none that exist."""
        named = set(text.split(","))
        found = tuple(key for key in self.by_key if key in named)
        if found or NONE in named:
            return found
        return None

    def spell(self, chosen: tuple[str, ...]) -> str:
        """Format the columns for a URL."""
        return ",".join(chosen) or NONE

    def shown(self, key: str, asked: str, member: Member) -> tuple[str, ...]:
        """Return the columns this list shows the member; `asked` is what its URL names."""
        found = None
        if asked:
            found = self.read(asked)
        if found is None and (own := _own().get((key, member.pk))):
            found = self.read(own)
        if found is None:
            return self.usual
        return found


@cached_per_tenant
def _own() -> dict[tuple[str, int], str]:
    """Cache the members' own choices, by list and member."""
    rows = ColumnChoice.objects.values_list("list_key", "member_id", "columns")
    return {(key, member_id): columns for key, member_id, columns in rows}
