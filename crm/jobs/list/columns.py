"""The columns of the list a reader may choose. The lead, its bar and its age always stay, and a phone's card too."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.models import Member
from crm.platform.organization.configuration import per_tenant
from leads.models import ColumnChoice

NONE = "none"


class Column(NamedTuple):
    """A column that may be shown. `css`: its width in the table."""

    key: str
    label: Promise
    css: str


# In the order of the table. "value" and "next" are cells of their own; the others look alike.
COLUMNS = {
    column.key: column
    for column in (
        Column("value", _("Value"), "c-val"),
        Column("owner", _("Rep"), "c-more"),
        Column("priority", _("Priority"), "c-more"),
        Column("source", _("Source"), "c-more"),
        Column("brand", _("Brand"), "c-more"),
        Column("came", _("Came in"), "c-more"),
        Column("touched", _("Last touch"), "c-more"),
        Column("next", _("Next step"), "c-next"),
    )
}
USUAL = ("value", "next")


def read_columns(text: str) -> tuple[str, ...] | None:
    """The columns an address or a choice names, in the table's order; None where it names none that exist."""
    named = set(text.split(","))
    found = tuple(key for key in COLUMNS if key in named)
    return found if found or NONE in named else None


def spell(columns: tuple[str, ...]) -> str:
    """The columns as an address has them."""
    return ",".join(columns) or NONE


def columns_of(asked: str, member: Member) -> tuple[str, ...]:
    """What the list shows this member: the address's columns, else the own ones, else the usual."""
    found = read_columns(asked) if asked else None
    if found is None and (own := _choices().get(member.pk)):
        found = read_columns(own)
    return USUAL if found is None else found


@per_tenant
def _choices() -> dict[int, str]:
    return dict(ColumnChoice.objects.values_list("member_id", "columns"))
