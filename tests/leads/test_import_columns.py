"""Columns are told by their names, in English and Dutch, in any order."""

import tomllib
from pathlib import Path

import pytest

from crm.jobs.importing.headings import key_of
from crm.jobs.importing.unreadable import UnreadableFile
from leads.importing.mapping import synonyms
from leads.importing.mapping.columns import find_columns
from leads.importing.mapping.headings import Field
from leads.importing.mapping.synonyms import field_of
from leads.importing.mapping.without_headings import NO_HEADER, letters
from libs.tabular import TableRecord

TABLES = Path(synonyms.__file__).parent / "synonyms"


def columns_of(*rows: str):  # type: ignore[no-untyped-def]
    return find_columns(TableRecord(number, row.split(",")) for number, row in enumerate(rows, 1))


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
        ("Straat en huisnr.", Field.STREET),
        ("ZIP", Field.POSTCODE),
        ("Zip/Postal Code", Field.POSTCODE),
        ("Woonplaats", Field.CITY),
        ("Lead Source", Field.SOURCE),
        ("Herkomst", Field.SOURCE),
        ("Value (USD)", Field.VALUE),
        ("Offertebedrag €", Field.VALUE),
        ("Deal - Value", Field.VALUE),
        ("Created At", Field.CREATED),
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


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.toml")), ids=lambda path: path.stem)
def test_no_heading_of_a_language_stands_for_two_fields(path: Path) -> None:
    table = tomllib.loads(path.read_text())["headings"]
    keys = [key for text in table.values() for key in {key_of(heading) for heading in text.split(",")}]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    assert set(table) <= set(Field)


def test_order_does_not_matter_and_nothing_is_lost() -> None:
    columns = columns_of("Shoe size,Phone,Bedrag (EUR),Name,Telefoon 2,Stage,Fase")
    assert columns.fields == {Field.PHONE: (1, 4), Field.VALUE: (2,), Field.NAME: (3,), Field.STAGE: (5,)}
    assert columns.others == {0: "Shoe size", 6: "Fase"}
    assert columns.currency == "EUR"
    assert columns.first(Field.NAME, ["42", "", "", " Jan "]) == "Jan"
    assert columns.each(Field.PHONE, ["42", "", "", "Jan", " 06 "]) == ["06"]


def test_titles_above_the_header_are_skipped() -> None:
    assert columns_of("Leads export", "Printed on 2026-03-04", "Naam,Telefoon,Plaats", "Jan,06,Epe").header_row == 3


@pytest.mark.parametrize("rows", [("12345,06123", "1,2"), ("A long title that nobody meant as a column’s name", "x")])
def test_a_file_in_which_nothing_tells_what_columns_hold_is_refused(rows: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableFile, match="column names"):
        columns_of(*rows)


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (("Jan,jan@example.nl", "Piet,piet@example.nl"), "name email"),
        (("Maria,Vega,(813) 555-0101,9 Oak Ave,Tampa,FL,33601", "Rob,Fields,813-555-0102,12 Elm St,Lutz,FL,33548"),
         "first_name last_name phone street city state postcode"),
        (("813-555-0101,Maria Vega,2026-03-04,$12000,ok", "813-555-0102,Rob Fields,2026-03-05,$900,ok"),
         "phone name created value -"),
        (("Piet Jansen,Kerkstraat 12,1017 GC,Amsterdam,06-12345678,06-87654321",),
         "name street postcode city phone phone"),
        (("8135550201", "8135550202"), "phone"),
        (("Dhr.,Jan,de Boer,030-1234567", "Mevr.,Els,Smit,030-7654321"), "- first_name last_name phone"),
        (("a@x.example,b@x.example,Rob Fields", "c@x.example,d@x.example,Ann Baker"), "email email name"),
    ],
)  # fmt: skip
def test_a_sheet_that_begins_with_leads_is_read_by_what_its_columns_hold(rows: tuple[str, ...], fields: str) -> None:
    columns = columns_of(*rows)
    assert columns.header_row == NO_HEADER
    codes = [columns.code(at) for at in range(columns.width)]
    assert " ".join("-" if code == "keep" else code for code in codes) == fields
    assert [columns.names[0], letters(25), letters(26)] == ["Column A", "Z", "AA"]


@pytest.mark.parametrize(
    "heading", ["Montant HT", "Bedrag excl. btw", "Importe sin IVA", "Betrag netto", "Total incl. VAT"]
)
def test_an_amount_is_one_with_tax_or_without(heading: str) -> None:
    assert columns_of(f"Name,{heading}").code(1) == "value"
    assert columns_of("Name,VAT number,BTW-nummer").code(1) == columns_of("Name,BTW-nummer").code(1) == "keep"


def test_a_known_product_in_another_language_loses_no_address() -> None:
    headings = "Person - Name;Person - E-Mail - Arbeit;Deal - Titel;Deal - Wert;Deal - Besitzer E-Mail".split(";")
    rows = [
        headings,
        ["Jan", "jan@x.example", "Dach", "5", "me@us.example"],
        ["Eva", "eva@x.example", "Rinne", "7", ""],
    ]
    columns = find_columns([TableRecord(number, row) for number, row in enumerate(rows, 1)])
    assert (columns.recognised, columns.fields[Field.EMAIL]) == ("Pipedrive", (1,))


def test_names_of_columns_are_no_lead_though_no_one_knows_them_and_one_may_say_so() -> None:
    assert columns_of("Wie,Adres 1", "Jan,Kerkstraat 12").header_row == 1
    said = find_columns([TableRecord(1, ["Jan", "Epe"]), TableRecord(2, ["Piet", "Lutz"])], row=NO_HEADER)
    assert (said.header_row, said.names) == (NO_HEADER, ["Column A", "Column B"])


def test_words_nobody_knows_are_names_to_choose_for() -> None:
    columns = columns_of("Snor,Waar,Value", "Jan,Epe,12")
    assert (columns.header_row, columns.says_who, columns.others) == (1, False, {0: "Snor", 1: "Waar"})
    chosen = find_columns([TableRecord(1, ["Snor", "Waar", "Value"])], chosen={"0": "name", "1": "leave", "2": "keep"})
    assert (chosen.says_who, chosen.others) == (True, {2: "Value"})
    assert [chosen.code(at) for at in range(3)] == ["name", "leave", "keep"]


def test_a_field_chosen_for_two_columns_loses_neither() -> None:
    header = TableRecord(1, ["Name", "Address", "Address 2"])
    columns = find_columns([header], chosen={"1": "street", "2": "street"})
    assert columns.first(Field.STREET, ["Jan", "1 Palm Rd", "Unit B"]) == "1 Palm Rd"
    assert columns.first(Field.STREET, ["Jan", " ", "PO Box 7"]) == "PO Box 7"
    assert list(columns.rest(["Jan", "1 Palm Rd", "Unit B"])) == [("Address 2", "Unit B")]
    assert list(columns.rest(["Jan", " ", "PO Box 7"])) == []
    assert [columns.code(at) for at in range(3)] == ["name", "street", "street"]


def test_a_column_of_days_in_a_step_is_seen_by_the_steps_name() -> None:
    columns = find_columns([TableRecord(1, ["Name", "Quote sent on", "Date inspected"])], steps={"quote sent": 7})
    assert (columns.steps, columns.others) == ({1: 7}, {2: "Date inspected"})


@pytest.mark.parametrize(
    ("header", "name", "meant"),
    [
        ("Record ID,First Name,Last Name,Email,Lead Status,Contact owner,Create Date,Job Title", "HubSpot", "email"),
        ("Record ID,Deal Name,Deal Stage,Pipeline,Amount,Deal owner,Associated Contact", "HubSpot", "title"),
        ("Deal - ID,Deal - Title,Deal - Value,Person - Name,Person - Phone - Work", "Pipedrive", "phone"),
        (
            "Id,LastName,FirstName,Title,Company,LeadSource,Status,MobilePhone,CreatedDate,OwnerId",
            "Salesforce",
            "mobile",
        ),
        (
            "Display Name,Sales Rep,Date Status Change,Record Type,Status,Address Line 1,Date Created",
            "JobNimbus",
            "rep",
        ),
        (
            "Job Number,Primary Contact,Current Milestone,Milestone Date,Company Representative,Trade Types",
            "AccuLynx",
            "stage",
        ),
    ],
)
def test_exports_of_other_products_are_recognised(header: str, name: str, meant: str) -> None:
    columns = columns_of(header, ",".join("1" for _ in header.split(",")))
    assert columns.recognised == name
    assert columns.says_who
    assert Field(meant) in columns.fields
    if "Title" in header.split(","):
        assert Field.TITLE not in columns.fields  # somebody's profession, not the job's name
