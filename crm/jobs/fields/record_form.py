"""Custom fields on the page of a record: their values, and the form of one of them."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.correction import fill_in
from crm.jobs.fields.setup import OwnFieldHolder, own_fields_of, part_key, value_of
from crm.jobs.fields.values import parse_value, value_choices, value_words
from crm.jobs.models.fields import FieldKind, OwnField
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.correction_input import CorrectionInput

# What the element of a kind is, where it is not plain text.
ELEMENTS = {FieldKind.DATE: "date"}
MODES = {FieldKind.NUMBER: "decimal", FieldKind.LINK: "url"}


class OwnFieldFact(NamedTuple):
    """The value of a field in words, blank if empty; `href` if it is a link; `part`: the key of the field's form."""

    label: str
    text: str
    href: str
    part: str


def own_field_facts(record: OwnFieldHolder, reader: Reader) -> list[OwnFieldFact]:
    """Return the values of all live fields of a record; empty ones are shown to be filled in."""
    facts = []
    for field in own_fields_of(type(record)).live:
        value = value_of(record, field)
        href = ""
        if field.kind == FieldKind.LINK:
            href = value
        facts.append(OwnFieldFact(field.name, value_words(field, value, reader), href, part_key(field)))
    return facts


def own_field_input(field: OwnField, record: OwnFieldHolder) -> CorrectionInput:
    """Return the input of a field's form, with the record's value."""
    kind = FieldKind(field.kind)
    value = value_of(record, field)
    return CorrectionInput(
        part_key(field),
        field.name,
        value,
        mode=MODES.get(kind, "text"),
        choices=tuple(value_choices(field, value)),
        kind=ELEMENTS.get(kind, "text"),
        hint=_("Leave it empty to remove it."),
    )


def fill_in_typed(field: OwnField, record: OwnFieldHolder, typed: str, *, by: Member) -> None:
    """Set a record's value to typed text; empty text clears it. Raises Refused for an invalid value."""
    if field.kind == FieldKind.CHOICE and typed == value_of(record, field):
        # A choice that is not offered any more stays as it is.
        return
    fill_in(record, field, parse_value(field, typed), by=by)
