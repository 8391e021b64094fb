"""Columns are told by their names, in English and Dutch, in any order."""

import pytest

from leads.intake.columns import field_of, find_columns
from leads.intake.headings import NAMES, Field
from leads.intake.reading import Record
from leads.intake.unreadable import Unreadable


def columns_of(*rows: str):  # type: ignore[no-untyped-def]
    return find_columns(Record(number, row.split(",")) for number, row in enumerate(rows, 1))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("E-mail", Field.EMAIL),
        ("EMAIL_ADDRESS", Field.EMAIL),
        ("E-mailadres", Field.EMAIL),
        ("Email 3", Field.EMAIL),
        ("Customer Email", Field.EMAIL),
        ("Person - Email", Field.EMAIL),
        ("First Name*", Field.FIRST_NAME),
        ("Voornaam", Field.FIRST_NAME),
        ("Tussenvoegsel", Field.INFIX),
        ("Telefoonnr.", Field.PHONE),
        ("Phone #", Field.PHONE),
        ("Cell", Field.MOBILE),
        ("Mobiel nummer", Field.MOBILE),
        ("Straat + huisnummer", Field.STREET),
        ("ZIP", Field.POSTCODE),
        ("Zip/Postal Code", Field.POSTCODE),
        ("Woonplaats", Field.CITY),
        ("Lead Source", Field.SOURCE),
        ("Herkomst", Field.SOURCE),
        ("Value (USD)", Field.VALUE),
        ("Offertebedrag €", Field.VALUE),
        ("Deal - Value", Field.VALUE),
        ("Created At", Field.CREATED),
        ("Datum binnengekomen op", None),
        ("Aanmaakdatum", Field.CREATED),
        ("Assigned To", Field.REP),
        ("Verkoper", Field.REP),
        ("Volgende stap", Field.NEXT_STEP),
        ("Schadenummer", Field.CLAIM_NUMBER),
        ("Opmerkingen", Field.NOTE),
        ("Shoe size", None),
        ("", None),
    ],
)
def test_a_heading_names_a_field(heading: str, field: Field | None) -> None:
    assert field_of(heading) == field


def test_no_name_stands_for_two_fields() -> None:
    names = [name.strip() for names in NAMES.values() for name in names.split(",")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert all(field_of(name.strip()) == field for field, named in NAMES.items() for name in named.split(","))


def test_order_does_not_matter_and_nothing_is_lost() -> None:
    columns = columns_of("Shoe size,Phone,Bedrag (EUR),Name,Telefoon 2,Stage,Fase")
    assert columns.fields == {Field.PHONE: (1, 4), Field.VALUE: (2,), Field.NAME: (3,), Field.STAGE: (5,)}
    assert columns.others == {0: "Shoe size", 6: "Fase"}
    assert columns.currency == "EUR"
    assert columns.first(Field.NAME, ["42", "", "", " Jan "]) == "Jan"
    assert columns.each(Field.PHONE, ["42", "", "", "Jan", " 06 "]) == ["06"]


def test_titles_above_the_header_are_skipped() -> None:
    assert columns_of("Leads export", "Printed on 2026-03-04", "Naam,Telefoon,Plaats", "Jan,06,Epe").header_row == 3


@pytest.mark.parametrize("rows", [("Jan,jan@example.nl", "Piet,piet@example.nl"), ("Value,Stage", "1,2")])
def test_a_file_without_names_of_columns_is_refused(rows: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable, match="column names"):
        columns_of(*rows)
