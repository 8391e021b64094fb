"""The form that maps the fields of a submission to ours: its rows, and reading it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from leads.intake.fields import LABELS, UNLABELLED, guess
from leads.intake.mail.lines import FIRST
from leads.models import IntakeDoor

# Not a field of ours on purpose.
NOTHING = "-"
# The key of the endpoint, which Google sends with each lead.
GOOGLE_KEY = "google_key"


class MappingRow(NamedTuple):
    """A field of a submission: its label, its value, and its mapped or guessed field."""

    label: str
    value: str
    chosen: str
    guessed: str
    shown: str


def choices() -> list[tuple[str, str]]:
    """Return the choices of fields."""
    return [("", _("by field name")), (NOTHING, _("ignore")), *((key, str(v)) for key, v in LABELS.items())]


def rows(fields: Mapping[str, str], door: IntakeDoor) -> list[MappingRow]:
    """Return the fields of a submission as rows of the form."""
    return list(_mapping_rows(fields, door))


def _mapping_rows(fields: Mapping[str, str], door: IntakeDoor) -> Iterator[MappingRow]:
    for label, value in fields.items():
        if label == GOOGLE_KEY:
            continue
        field_ = door.mapping.get(label)
        if field_ is None:
            chosen = ""
        else:
            chosen = field_ or NOTHING
        guessed = guess(label)
        after = _("the line after “%(line)s”") % {"line": label.removeprefix(UNLABELLED)}
        if label == FIRST:
            heading = _("the first line")
        else:
            heading = after
        yield MappingRow(
            label,
            value[:300],
            chosen,
            str(LABELS[guessed]) if guessed else "",
            heading if label.startswith(UNLABELLED) else label,
        )


def read_mapping(door: IntakeDoor, given: QueryDict) -> dict[str, str]:
    """Return the door's mapping, updated with the fields that a form showed; the others stay."""
    mapping = dict(door.mapping)
    for label, field_ in zip(given.getlist("label"), given.getlist("meant"), strict=False):
        label = label[:200]
        if field_ == "":
            mapping.pop(label, None)
        elif field_ == NOTHING or field_ in LABELS:
            if field_ == NOTHING:
                mapping[label] = ""
            else:
                mapping[label] = field_
    return mapping
