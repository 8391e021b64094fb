"""Read the cells of the tenant's own fields; values that do not fit the field go to the note."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.jobs.fields.setup import all_fields, own_fields_of
from crm.jobs.fields.values import parse_value
from crm.jobs.models.fields import FieldKind, OwnField
from crm.kernel.days import validate_day
from crm.kernel.normalization import MAX_LENGTH
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_instant
from leads.importing.matching.row_cells import RowCells

# A part of a draft, and of what a known lead has, for one field: "own:f3".
OWN_PART = "own:"


def read_own_fields(row: RowCells, habits: NotationHabits) -> dict[str, str]:
    """Return the values of the tenant's own fields, by key; a second column of a field stays in the note."""
    values: dict[str, str] = {}
    for at, pk in row.columns.own.items():
        cell = ""
        if at < len(row.cells):
            cell = row.cells[at]
        own = all_fields().all.get(pk)
        if not cell or own is None:
            continue
        try:
            value = _parse_own_value(own, cell, habits)
        except Refused as refused:
            row.keep_as(own.name, cell, str(refused))
        else:
            if values.setdefault(own.key, value) != value:
                row.notes.append(f"{own.name}: {cell}")
    return values


def own_name(part: str) -> str:
    """Return the name of the own field of a column; "" for other columns."""
    return next((own.name for own in all_fields().all.values() if f"{OWN_PART}{own.key}" == part), "")


def values_for(model: type[Model], own: Mapping[str, str]) -> dict[str, str]:
    """Return those of the values, by key, that are for fields of leads, customers or properties."""
    keys = {field.key for field in own_fields_of(model).all.values()}
    return {key: value for key, value in own.items() if key in keys}


def _parse_own_value(field: OwnField, cell: str, habits: NotationHabits) -> str:
    """Return the value to store: a date in ISO form, or text. Raises Refused with a sentence."""
    if len(cell) > MAX_LENGTH:
        raise Refused(_("It is longer than %(limit)s characters.") % {"limit": MAX_LENGTH})
    if field.kind == FieldKind.DATE:
        return validate_day(parse_instant(cell, habits).astimezone(habits.zone).date()).isoformat()
    return parse_value(field, cell)
