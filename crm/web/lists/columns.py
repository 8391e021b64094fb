"""Columns of a list: those named in the URL, else the member's own choice, else the defaults."""

from typing import NamedTuple

from django.utils.functional import Promise

from crm.platform.models import Member
from crm.platform.organization.configuration import cached_per_tenant
from crm.web.models import ColumnChoice

NONE = "none"


class Column(NamedTuple):
    """An optional column. `css`: its width; `sort`: the entry of the list's `sorts` that its head selects."""

    key: str
    label: str | Promise
    css: str = ""
    head_css: str = ""
    sort: str = ""


class Columns:
    """The optional columns of one list, in table order; without those that every row shows."""

    def __init__(self, *columns: Column, usual: tuple[str, ...] = ()) -> None:
        self.fixed = {column.key: column for column in columns}
        self.usual = usual

    @property
    def by_key(self) -> dict[str, Column]:
        """The columns by key, in table order."""
        return self.fixed

    def read(self, text: str) -> tuple[str, ...] | None:
        """Parse the columns named in a URL or a choice, in table order; None if none of them exists."""
        named = set(text.split(","))
        found = tuple(key for key in self.by_key if key in named)
        if found or NONE in named:
            return found
        return None

    def spell(self, chosen: tuple[str, ...]) -> str:
        """Format the columns for a URL."""
        return ",".join(chosen) or NONE

    def shown(self, key: str, asked: str, member: Member) -> tuple[str, ...]:
        """Return the columns this list shows the member; `asked` are those named in its URL."""
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
    """Cache of members' own choices, by list and member."""
    rows = ColumnChoice.objects.values_list("list_key", "member_id", "columns")
    return {(key, member_id): columns for key, member_id, columns in rows}
