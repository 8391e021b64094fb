"""Whose a column is: the customer's parts and firm, and not what is a second party's, the tax office's or a call's."""

import pytest

from leads.importing.mapping.columns import KEEP, LEAVE, find_columns
from leads.importing.mapping.synonyms import meaning_of
from libs.tabular import TableRecord


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Person - Straße/Straßenname von Postanschrift", "street"),
        ("Person - Stadt/Ort/Dorf/Gemeinde von Postanschrift", "city"),
        ("Person - Bundesland/Landkreis von Postanschrift", "state"),
        ("Person - Postleitzahl von Postanschrift", "postcode"),
        ("Persona - País de Dirección postal", "country"),
        ("1st line of address", "street"),
        ("Default Address Phone", "phone"),
        ("Nom du compte", "company"),
        ("1er apell.", "last_name"),
        ("tussenv", "infix"),
        ("TELF 2", "phone"),
        ("Kd.", "name"),
        ("State/Territory", "state"),
        ("Trading name", "company"),
        ("Best contact number", "phone"),
        ("Correspondentieadres", "street"),
        ("Ländercode", "country"),
        ("Móvil/WhatsApp", "mobile"),
        ("Code Postal / Ville", "city"),
        ("Surname, First name", "name"),
        ("Estado/Provincia de dirección principal:", "state"),
        ("Pob. obra", "city"),
        ("No. ext.", "house_number"),
        ("Núm. int.", "street_2"),
        ("Boîte", "street_2"),
        ("Unit/Lot", "street_2"),
        ("Street name", "street"),
        ("Vn.", "first_name"),
        ("Nn.", "last_name"),
        ("Fa.", "company"),
        ("Nom de naissance", "last_name"),
        ("Achternaam of bedrijfsnaam", "last_name"),
        ("Nombre jurídico", "company"),
        ("Hausverwaltung", "company"),
        ("Syndic", "company"),
        ("Syndic de copropriété", "company"),
        ("Naam functionaris", "name"),
        ("Nacion.", None),
        ("faxnumber", None),
        ("Next follow-up date", "next_step_at"),
        ("Shoe size", None),
        ("Department", None),
    ],
)
def test_a_name_is_understood_cut_short_and_of_an_address(heading: str, meant: str | None) -> None:
    assert meaning_of(heading).field == meant


@pytest.mark.parametrize(
    ("header", "rows", "meant"),
    [
        ("Naam|Tel|lease mij|tel lease", ["Ann Lee|040-2015139|Athlon|0318-350831", "Bob Fox|071-6257490||",
         "Cy Ray|071-6257491|Athlon|040-2015130"], ["name", "phone", "", ""]),
        ("Name|Telefon|Tel HV", ["Ann Lee|089/4011317|0351 - 661436", "Bob Fox|0221/4118429|089/4011318",
         "Cy Ray|0221/4118420|089/4011310"], ["name", "phone", ""]),
        ("Invitee Email|Guest Email(s)", ["a@a.example|g@g.example", "b@b.example|h@h.example"], ["email", ""]),
        ("Name|Phone|TaxNumber|CONFIRM_IP", ["Ann Lee|0412 742 186|66 405 980 577|86.249.228.39",
         "Bob Fox|0412 742 187|34 478 630 167|86.174.59.160"], ["name", "phone", "", ""]),
        ("Name|Email|Location", ["Ann Lee|a@a.example|Zoom", "Bob Fox|b@b.example|Outbound call",
         "Cy Ray|c@c.example|Zoom"], ["name", "email", ""]),
        ("Name|Ort|auto", ["Ann Lee|Bonn|Tesla M3", "Bob Fox|Köln|Kona", "Cy Ray|Ulm|nog geen"], ["name", "city", ""]),
        ("Name|Suburb|St|P/code", ["Ann Lee|Victoria Park|WA|6100", "Bob Fox|Brunswick|VIC|3056",
         "Cy Ray|Adelaide|SA|5000"], ["name", "city", "state", "postcode"]),
        ("Nombre fiscal|Nombre comercial|Domicilio", ["Ana Ruiz|Bar Sol|Calle Mayor 5", "Luis Gil|Taller Gil|C/ Sol 8",
         "Eva Sanz|Hotel Mar|Avda. Prado 1"], ["name", "company", "street"]),
        ("Name|Phone|Manager|Manager phone", ["Ann Lee|813-555-0100|Al Day|813-555-0900",
         "Bob Fox|813-555-0101|Di Fay|813-555-0901", "Cy Ray|813-555-0102|Ed Gil|813-555-0902"],
         ["name", "phone", "", ""]),
        ("Name|Where is the job?", ["Ann Lee|12 Oak Ave, Tampa", "Bob Fox|5 Reef Way", "Cy Ray|3 Ash St"],
         ["name", "street"]),
        ("Nombre|Ciudad|Estado", ["Ann Lee|Mérida|Nuevo", "Bob Fox|León|Ganado", "Cy Ray|Lugo|Nuevo"],
         ["name", "city", "status"]),
        ("Nom affiché|Nom|Société liée|Société", ["Garage Lee, Ann Lee|Ann Lee|Garage Lee|Nous SAS",
         "Bob Fox|Bob Fox||Nous SAS", "Fox SARL, Cy Ray|Cy Ray|Fox SARL|Nous SAS"], ["", "name", "company", ""]),
        ("NOMBRE|1er apell.", ["Ana|Soto", "Inés|Soto", "Luis|Vila", "Paula|Vila", "Eva|Soto"],
         ["first_name", "last_name"]),
        ("Syndic|Nom|Tél", ["Foncia Lyon|Ann Lee|04 72 10 30 31", "Citya|Bob Fox|04 72 10 30 32",
         "Nexity Est|Cy Ray|04 72 10 30 33"], ["company", "name", "phone"]),
        ("Naam|Telefoon|Beheerder", ["Ann Lee|040-2015139|Al Day", "Bob Fox|071-6257490|Di Fay",
         "Cy Ray|071-6257491|Ed Gil"], ["name", "phone", ""]),
        ("Kd.|Kontaktperson|Str. / Nr", ["Hausverw. Pohlmann|Fr. Drees|Hauptstraße 1", "Krüger||Lindenweg 7",
         "Pfarrei St. Agatha|Hr. Wessels|Kirchplatz 1", "Hüls||Im Winkel 3"], ["name", "contact_person", "street"]),
        ("naam|wpl|postcode", ["Ann Lee|Twello|7391 AA", "Bob Fox|Epe|8161 BB", "Cy Ray|Vaassen|8171 CC"],
         ["name", "city", "postcode"]),
    ],
)  # fmt: skip
def test_cells_and_columns_beside_tell_whose_it_is(header: str, rows: list[str], meant: list[str]) -> None:
    headings = header.split("|")
    columns = find_columns(TableRecord(at, cells.split("|")) for at, cells in enumerate([header, *rows], 1))
    codes = [columns.code(at) for at in range(len(headings))]
    assert ["" if code in (KEEP, LEAVE) else code for code in codes] == meant
