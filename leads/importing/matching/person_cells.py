"""Read the person of a row: name, company, contact person and contact points."""

import re
from typing import TypeVar

from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key, one_line, parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching.contact_cells import MANY, emails, phones, split_contact_cell
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.row_cells import RowCells
from leads.importing.values.names import first_name_first, name_words

T = TypeVar("T")

# A customer with his address, as an export writes an associated contact: "Ann Lee (ann@example.com);Bob (bob@…)".
_ADDRESSED = re.compile(r"(?:([^()<>@;]*)[ (<]{1,3})?([^ ()<>;,@]+@[^ ()<>;,]+)[)>]? ?(?:; ?(.*))?")
# What stands before the sum below a list, in a column of names.
_SUM = re.compile(
    r"(?:grand |sub|eind|algemeen )?(?:tota(?:ls?|al|len|ux|les)|gesamt|summe|somme|suma)"
    r"(?: \d+| leads| rows| records| items| rijen| regels| bedrag| lignes| filas| zeilen)*|som|sum|"
    # Of a part of the list: "Subtotaal januari".
    r"(?:sub ?tota(?:l|al)|tussentotaal|zwischensumme|sous total)(?: \w{1,20}){0,4}"
)
_NAME = 200
# What stands beside a number and is longer is no word about it.
_WORD = 60


class PersonReader:
    """Reads name and contact points from the cells of one row into its draft."""

    def __init__(self, row: RowCells, draft: LeadDraft) -> None:
        self.row = row
        self.draft = draft

    def read(self, habits: NotationHabits) -> None:
        draft = self.draft
        first = self.row.first
        parts = (first(Field.FIRST_NAME), first(Field.INFIX), first(Field.LAST_NAME))
        called = self._split_name(first(Field.NAME))
        called = (first_name_first(called) if habits.last_name_first else "") or called
        draft.name = one_line(called or " ".join(filter(None, parts)))
        in_parts = one_line(" ".join(filter(None, parts)))
        if draft.name != in_parts and not set(name_key(in_parts).split()) <= set(name_key(draft.name).split()):
            draft.notes.append(f"{LABELS[Field.NAME]}: {in_parts}")
        draft.company = one_line(first(Field.COMPANY))
        self._talk_to(one_line(first(Field.CONTACT)))
        if max(len(draft.name), len(draft.company)) > _NAME:
            raise Refused(_("The name is longer than %(limit)s characters.") % {"limit": _NAME})
        self._read_points(habits)
        draft.language = self.row.first(Field.LANGUAGE)[:2].lower()
        if not (draft.emails or draft.phones or name_key(draft.name or draft.company)):
            nobody = _("This row has no name, email address or phone number.")
            raise Refused(" ".join([nobody, *draft.remarks]))
        if not (draft.emails or draft.phones) and _SUM.fullmatch(name_key(draft.called)):
            raise Refused(_("This row looks like a total, not a lead."))

    def _talk_to(self, contact: str) -> None:
        """Use the contact person as the customer, and the row's other name as the company."""
        draft = self.draft
        words = name_words(contact)
        if not words or words == name_words(draft.name):
            return
        if draft.name and (draft.company or words & name_words(draft.name)):
            # "Fam. Jansen" with "Piet Jansen" is no firm.
            if name_words(draft.name) != name_words(draft.company):
                draft.notes.append(f"{LABELS[Field.NAME]}: {draft.name}")
        else:
            draft.company = draft.company or draft.name
        draft.name = contact

    def _split_name(self, name: str) -> str:
        """Split the name from an address in the same cell; of several customers take the first."""
        if "@" not in name or len(name) > 5 * _NAME or not (match := _ADDRESSED.fullmatch(" ".join(name.split()))):
            return name
        _append_new(self.draft.emails, self.row.parse_cell(Field.EMAIL, match[2], parse_email))
        if match[3]:
            self.draft.notes.append(f"{LABELS[Field.NAME]}: {match[3]}")
        return (match[1] or "").strip()

    def _read_points(self, habits: NotationHabits) -> None:
        """Read contact points, each with the word beside it; more than a few are not read."""
        read = 0
        for field_ in (Field.EMAIL, Field.PHONE, Field.MOBILE):
            for cell in self.row.columns.each(field_, self.row.cells):
                if read >= MANY:
                    self.row.keep(field_, cell, _("A row can have at most %(limit)s of these.") % {"limit": MANY})
                    continue
                mail, number = split_contact_cell(cell, is_email=field_ == Field.EMAIL)
                if field_ != Field.EMAIL:
                    called = field_
                else:
                    called = Field.PHONE
                points = [(Field.EMAIL, *each) for each in (emails(mail) if mail else ())]
                points += [(called, *each) for each in (phones(number, habits.country) if number else ())]
                read += len(points)
                for kind, text, label in points:
                    self._add_point(kind, text, label, habits)

    def _add_point(self, field_: Field, text: str, label: str, habits: NotationHabits) -> None:
        if label:
            kept = f"{text} ({label})"
        else:
            kept = text
        if field_ == Field.EMAIL:
            value = self.row.parse_cell(field_, text, parse_email, kept) or ""
            _append_new(self.draft.emails, value)
        else:
            number = self.row.parse_cell(field_, text, lambda text: parse_phone(text, habits.country), kept)
            value = ""
            if number:
                value = number.e164
            _append_new(self.draft.phones, number)
        if value and len(label) > _WORD:
            self.row.notes.append(f"{LABELS[field_]}: {kept}")
        elif value and label:
            self.draft.labels.setdefault(value, label)


def _append_new(points: list[T], point: T | None) -> None:
    if point and point not in points:
        points.append(point)
