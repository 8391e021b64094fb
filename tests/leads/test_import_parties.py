"""Whose a number is where several parties have columns, which of several addresses a part is of, and who to talk to."""

from typing import Any

import pytest

from crm.jobs.models import Job, Note
from crm.people.models import ContactPoint
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.columns import KEEP, LEAVE, Columns, find_columns
from leads.importing.mapping.words.several_addresses import address_of
from libs.tabular import Record
from tests.cast import Cast

PEOPLE = ("Ann Lee", "Bob Fox", "Cy Ray")
PHONES = ("813-555-0101", "813-555-0102", "813-555-0103")
OTHERS = ("813-555-0111", "813-555-0112", "813-555-0113")


def understood(header: str, *rows: str) -> Columns:
    return find_columns(Record(at, cells.split("|")) for at, cells in enumerate([header, *rows], 1))


def codes(columns: Columns) -> list[str]:
    found = [columns.code(at) for at in range(columns.width)]
    return ["" if code in (KEEP, LEAVE) else code for code in found]


def table(*columns: tuple[str, ...]) -> list[str]:
    return ["|".join(cells) for cells in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("header", "columns", "meant"),
    [
        # Another party has a column of their own, or a word for them alone.
        ("Kunde|Handy|Hausmeister|Tel. HM", (PEOPLE, PHONES, ("Herr Krug", "Fr. Alt", "Herr Krug"), OTHERS),
         ["name", "mobile", "", ""]),
        ("Client|Natel|Locataire|Natel loc.", (PEOPLE, PHONES, ("Eva Moe", "Jo Sy", "Di Fay"), OTHERS),
         ["name", "mobile", "", ""]),
        ("Customer|Cell|Energy advisor|Advisor tel", (PEOPLE, PHONES, ("Eco Ltd", "Eco Ltd", "Sun"), OTHERS),
         ["name", "mobile", "", ""]),
        ("Contractant|Tel.|Bewoner|Tel bewoner", (PEOPLE, PHONES, ("Eva Moe", "", "Di Fay"), OTHERS),
         ["name", "phone", "", ""]),
        ("Referrer|Referrer's phone|Friend's Name|Friend's Phone", (("Eva Moe", "Jo Sy", "Di Fay"), OTHERS, PEOPLE,
         PHONES), ["source", "", "name", "phone"]),
        # The owner of the house is the customer, reached by the number beside; the tenant is not.
        ("Owner|Owner Ph|Tenant|Tenant Ph", (PEOPLE, PHONES, ("Eva Moe", "Jo Sy", "Di Fay"), OTHERS),
         ["name", "phone", "", ""]),
        # Whoever owns several places is reached at one number; of one colleague's leads each has its own.
        ("Owner|Phone|Property Address|Project|Price", (("Lee LLC", "Ann Fox", "Lee LLC", "Ann Fox", "Cy Ray"),
         (PHONES[0], PHONES[1], "(813) 555-0101", PHONES[1], PHONES[2]), ("5 Reef Way", "12 Oak Ave", "80 Pine Rd",
         "9 Elm St", "7 Bay Dr"), ("Roof", "Deck", "Roof", "Roof", "Deck"), ("100", "200", "300", "400", "500")),
         ["name", "phone", "street", "title", "value"]),
        ("Owner|Phone|Property Address", (("Ann Fox", "Cy Ray", "Ann Fox", "Cy Ray"), (*PHONES, OTHERS[0]),
         ("5 Reef Way", "12 Oak Ave", "80 Pine Rd", "9 Elm St")), ["rep", "phone", "street"]),
        ("Eigenaar|Tel. eig.|Bewoner|Tel bewoner", (("Lee BV", *PEOPLE[1:]), PHONES, ("Eva Moe", "Jo Sy", "Di Fay"),
         OTHERS), ["name", "phone", "", ""]),
        ("Landlord|Landlord Phone|Tenant|Tenant Phone|Property", (("Ann Lee", "Ann Lee", "Bob Fox", "Bob Fox"),
         (PHONES[0], PHONES[0], PHONES[1], PHONES[1]), ("Eva Moe", "Jo Sy", "Di Fay", "Ed Orr"), (*OTHERS, PHONES[2]),
         ("1 Elm St", "2 Elm St", "3 Elm St", "4 Elm St")), ["name", "phone", "", "", "street"]),
        ("Owner|Owner Email|Address|Unit", (("Ann Lee", "Ann Lee", "Ann Lee", "Bob Fox", "Bob Fox"), ("a@x.example",
         "a@x.example", "a@x.example", "b@x.example", "b@x.example"), ("1 Elm St",) * 3 + ("2 Elm St",) * 2, ("1", "2",
         "3", "1", "2")), ["name", "email", "street", "street_2"]),
        # A customer with several jobs is no colleague; what each of them is called is the job's title.
        ("Name|Primary Contact|Primary Contact Email|Company|Value", (("Roof I", "Roof II", "Roof III", "Deck"),
         ("Ann Lee", "Ann Lee", "Ann Lee", "Bob Fox"), ("a@x.example", "a@x.example", "a@x.example", "b@x.example"),
         ("Lee Ltd", "Lee Ltd", "Lee Ltd", "Fox Ltd"), ("1", "2", "3", "4")),
         ["title", "name", "email", "company", "value"]),
        ("Customer ID|Customer|Job #|Work", (("C1", "C1", "C2"), ("Ann Lee", "Ann Lee", "Bob Fox"), ("81", "82", "83"),
         ("Roof", "Gutters", "Roof")), ["", "name", "external_id", "title"]),
        ("Case Ref|Applicant|Email|Service", (("GW-1", "GW-2", "GW-3"), PEOPLE, ("a@x.example", "b@x.example",
         "c@x.example"), ("Solar", "Battery", "Solar")), ["external_id", "name", "email", "title"]),
        ("WO|Bill To Name|Bill To Email|Location ID|Honoraires", (("88101", "88102", "88103"), PEOPLE, ("a@x.example",
         "b@x.example", "c@x.example"), ("L-1", "L-1", "L-2"), ("1800", "2600", "900")),
         ["external_id", "name", "email", "", "value"]),
        ("Bestellnummer|Kunde|E-Mail", (("7701", "7702", "7703"), PEOPLE, ("a@x.example", "b@x.example",
         "c@x.example")), ["external_id", "name", "email"]),
        ("PO Number|Receipt Number|Customer|Email", (("PO-1", "PO-2", "PO-3"), ("", "", ""), PEOPLE, ("a@x.example",
         "b@x.example", "c@x.example")), ["external_id", "", "name", "email"]),
        # Typed in a hurry.
        ("Custmer nmae|Busness name|Moblie|Adress|Subrub|Stae", (PEOPLE, ("Lee Ltd", "", "Ray Ltd"), PHONES,
         ("5 Reef Way",
         "12 Oak Ave", "80 Pine Rd"), ("Penrith", "Norwood", "Toowong"), ("FL", "GA", "FL")),
         ["name", "company", "mobile", "street", "city", "state"]),
        ("Nachnahme|Vorname|E-Mail", (("Krug", "Alt", "Ost"), ("Ann", "Bob", "Cy"), ("a@x.example", "b@x.example",
         "c@x.example")), ["last_name", "first_name", "email"]),
        # In two languages.
        ("Nom de famille / Family name|Prénom / Given name|E-mail", (("Lee", "Fox", "Ray"), ("Ann", "Bob", "Cy"),
         ("a@x.example", "b@x.example", "c@x.example")), ["last_name", "first_name", "email"]),
        # "Name" is the last one beside "Vorname", whoever owns the house: yes or no.
        ("Kunde Vorname|Kunde Name|Eigentümer|Kunde Telefon", (("Ann", "Bob", "Cy", "Di", "Ed", "Flo"), ("Krug",
         "Krug", "Alt", "Alt", "Ost", "Ost"), ("ja", "nein", "ja", "ja", "nein", "ja"), PHONES + OTHERS),
         ["first_name", "last_name", "", "phone"]),
        # Those of the firm itself, and of whom the customer works for.
        ("Our phone|Customer|Cust. phone", (("0113 496 0100",) * 3, PEOPLE, PHONES), ["", "name", "phone"]),
        ("Family name|Given name|Mob.|Employer contact|Employer phone", (("Lee", "Fox", "Ray"), ("Ann", "Bob", "Cy"),
         PHONES, ("Sam Hill", "Eva Moe", ""), OTHERS), ["last_name", "first_name", "mobile", "", ""]),
        # What a product numbers its records by.
        ("(Do Not Modify) Contact|Full Name|Address 1: Street 1|Address 1: Street 2|Address 1: City", (
         ("4aa1eec536e6283533d9a7c003d7cdbc", "66540263b092edb70f7c4ae370ed66a4", "8e96d4871cc916906085e2772fbbc3bf"),
         PEOPLE, ("5 Reef Way", "12 Oak Ave", "80 Pine Rd"), ("", "Flat 2", ""), ("Bath", "Hull", "York")),
         ["external_id", "name", "street", "street_2", "city"]),
        # Ledgers have lines for addresses: the third is the town.
        ("Name|Address 1|Address 2|Address 3|Address 5", (PEOPLE, ("5 Reef Way", "12 Oak Ave", "80 Pine Rd"), ("",
         "Flat 2", ""), ("Bath", "Hull", "York"), ("BA1 1AA", "HU1 2BB", "YO1 3CC")),
         ["name", "street", "street_2", "city", "postcode"]),
        ("Customer|Location|tel", (PEOPLE * 2, ("Plano", "Tulsa", "Plano", "Plano", "Tulsa", "Plano"),
         PHONES + OTHERS), ["name", "city", "phone"]),
        ("Naam|Roepnaam|Voorvoegsel|Achternaam|Mail", (("Ann de Groot", "Bob Fox", "Cy van Ray"), ("Ann", "Bob", "Cy"),
         ("de", "", "van"), ("Groot", "Fox", "Ray"), ("a@x.example", "b@x.example", "c@x.example")),
         ["name", "first_name", "infix", "last_name", "email"]),
        ("WO #|Contact|Email|Trade", (("WO-1", "WO-2", "WO-3"), PEOPLE, ("a@x.example", "b@x.example", "c@x.example"),
         ("Doors", "HVAC", "Doors")), ["external_id", "name", "email", "pipeline"]),
        # The record's name says more than whose it is.
        ("Display Name|First Name|Last Name|Email", (("Ann Lee - Roof", "Bob Fox", "Cy Ray - Deck"), ("Ann", "Bob",
         "Cy"), ("Lee", "Fox", "Ray"), ("a@x.example", "b@x.example", "c@x.example")),
         ["title", "first_name", "last_name", "email"]),
        # Who does it, and whose it is.
        ("wie|naam kl.|tel", (("Rob", "Rob", "Bo", "Rob", "Bo", "Rob"), (*PEOPLE, "Di Fay", "Ed Orr", "Flo Day"),
         PHONES + OTHERS), ["", "name", "phone"]),
        # The card says more than the customer's name.
        ("Card name|Customer name|tel", (("Ann Lee - Bath", "Bob Fox - Hull", "Cy Ray - York"), PEOPLE, PHONES),
         ["title", "name", "phone"]),
        # Drivers, whom nobody knows the word for; their last names come again and again.
        ("Werkgever|Rijdster achternaam|voorv.|Rijdster voornaam|mail", (("Bakkerij Smit", "Hotel Roos", "Smit BV",
         "Roos BV"), ("Dijk", "Berg", "Dijk", "Berg"), ("van", "", "van", ""), ("Ann", "Bob", "Cy", "Di"),
         ("a@x.example", "b@x.example", "c@x.example", "d@x.example")),
         ["company", "last_name", "infix", "first_name", "email"]),
        # Of a ledger: the firm, or the person whose names follow.
        ("*ContactName|EmailAddress|FirstName|LastName", (("Ann Lee", "Fox Roofing Ltd", "Ray & Sons Pty Ltd"),
         ("a@x.example", "b@x.example", "c@x.example"), ("Ann", "Bob", "Cy"), ("Lee", "Fox", "Ray")),
         ["company", "email", "first_name", "last_name"]),
        # "Name" is the last name beside "Vorname", though somebody to talk to has a column too.
        ("Vorname|Name|Ort|Ansprechpartner", (("Ann", "Bob", "Cy", "Di", "Ed", "Flo"), ("Lee", "Lee", "Fox", "Fox",
         "Ray", "Ray"), ("Ulm", "Köln", "Bonn", "Ulm", "Kiel", "Trier"), ("", "Eva Moe", "", "", "", "")),
         ["first_name", "last_name", "city", "contact_person"]),
        ("Firma/Name|Firmenzusatz/Vorname|E-Mail", (("Lee", "Fox GmbH", "Ray"), ("Ann", "", "Cy"), ("a@x.example",
         "b@x.example", "c@x.example")), ["last_name", "first_name", "email"]),
        # Where one meets is no address of the customer's.
        ("Name|Location|tel", (PEOPLE * 2, ("Office, Level 3", "Phone call", "Office, Level 3", "Phone call",
         "Office, Level 3", "Phone call"), PHONES + OTHERS), ["name", "", "phone"]),
        ("Name|House|Road|Town|Stat", (PEOPLE, ("63", "101", "22a"), ("Mill Lane", "High Road", "The Row"), ("Bath",
         "Hull", "York"), ("FL", "IA", "NE")), ["name", "house_number", "street", "city", "state"]),
        ("Name|Add 1|Add 2|City/St/Zip|Country of Citizenship", (PEOPLE, ("5 Reef Way", "12 Oak Ave", "80 Pine Rd"),
         ("", "Flat 2", ""), ("Denver, CO 80273", "Omaha, NE 68189", "Ames, IA 50010"), ("India", "Nepal", "Peru")),
         ["name", "street", "street_2", "city", ""]),
        ("Landlord|L/L Mob|Tenant(s)|T. Mob", (PEOPLE, PHONES, ("Eva Moe", "Jo Sy", "Di Fay"), OTHERS),
         ["name", "phone", "", ""]),
        # Nobody else's is there: somebody has to be called.
        ("Name|Hausmeister|Tel. HM", (PEOPLE, ("Herr Krug", "Fr. Alt", "Herr Krug"), OTHERS), ["name", "", "phone"]),
        # "Nom" is the last name though families come twice.
        ("Nom|Prénom|Tél", (("Lee", "Lee", "Lee", "Fox", "Fox", "Fox"), ("Ann", "Bob", "Cy", "Di", "Ed", "Flo"),
         PHONES + OTHERS), ["last_name", "first_name", "phone"]),
        # A part of a house, and no machine; a house's number, and no other.
        ("Name|Cell|Unit|Filter", (PEOPLE, PHONES, ("Trane XR14 3T", "Carrier 24ACC6", "Trane XR14 3T"), "abc"),
         ["name", "mobile", "", ""]),
        ("Name|Rue|N°|N° contrat", (PEOPLE, ("rue du 8 Mai 1945", "rue Haute", "rue Basse"), ("5", "7b", "12"), "123"),
         ["name", "street", "house_number", ""]),
        ("Name|Location|Numbers", (PEOPLE, ("5 Reef Way", "12 Oak Ave", "80 Pine Rd"), ("10750", "5015", "895")),
         ["name", "street", ""]),
        ("Proprio|Tel proprio|Locataire|Tel loc", (PEOPLE, PHONES, ("Eva Moe", "Jo Sy", "Di Fay"), OTHERS),
         ["name", "phone", "", ""]),
        # A fax of the firm is not how it is called, and one more number is.
        ("Name|Firma|Telefon|Telefax (Firma)|Alt #", (PEOPLE, ("Lee KG", "Fox OHG", "Ray AG"), PHONES, OTHERS,
         ("(wife) 813-555-0121", "8135550122", "")), ["name", "company", "phone", "", "phone"]),
        # The building site, where it is elsewhere.
        ("Name|Adresse|Baustelle (falls anders)", (PEOPLE, ("Am Markt 3", "Lindenweg 4", "Ring 5"), ("Mozartgasse 147",
         "", "Wiener Straße 19")), ["name", "street", "street"]),
        # A deal, and the family it is for.
        ("Prospect|Prénom|Nom", (("Lee - pergola", "Fox - abri", "Ray - pergola"), ("Ann", "Bob", "Cy"), ("Lee", "Fox",
         "Ray")), ["title", "first_name", "last_name"]),
        # A form's questions.
        ("Ref|¿Cómo te llamas?|¿A qué correo te enviamos el presupuesto de la obra?", (("x1", "x2", "x3"), PEOPLE,
         ("a@a.example", "b@b.example", "c@c.example")), ["external_id", "name", "email"]),
        # A mail or a number, as each customer prefers.
        ("Nom|Comment le joindre ?", (PEOPLE, ("06 12 34 56 78", "bob@b.example", "06 12 34 56 79")),
         ["name", "phone"]),
    ],
)  # fmt: skip
def test_a_column_is_of_the_party_it_names(header: str, columns: tuple[tuple[str, ...], ...], meant: list[str]) -> None:
    assert codes(understood(header, *table(*columns))) == meant


@pytest.mark.parametrize(
    ("header", "rows", "meant"),
    [
        (
            "Naam|Laadadres|Laadplaats|Losadres|Losplaats",
            ["Ann|Dam 1|Edam|Gracht 2|Tiel", "Bob|Dam 3|Ede|Weg 4|Epe"],
            ["name", "street", "city", "street", "city"],
        ),
        (
            "Naam|Adres|Postcode|Plaats|Adres2|Postcode2|Plaats2",
            ["Ann|Dam 1|1017 GC|Edam|Weg 4|1018 AB|Epe"],
            ["name", "street", "postcode", "city", "street", "postcode", "city"],
        ),
        (
            "Name|Billing Address 1|Billing City|Shipping Address 1|Shipping City",
            ["Ann|5 Reef Way|Tampa|1 Oak Ave|Ocala"],
            ["name", "street", "city", "street", "city"],
        ),
        (
            "Nom|Rue (domicile)|Code postal (domicile)|Ville (domicile)|Rue (bureau)|Code postal (bureau)",
            ["Ann|rue Haute 1|44000|Nantes|rue Basse 2|33000"],
            ["name", "street", "postcode", "city", "street", "postcode"],
        ),
        ("Klant|Adres|Adres (regel 2)|Plaats", ["Ann|Dam 1|Postbus 2|Edam"], ["name", "street", "street_2", "city"]),
        ("Name|Address 1&2 (Shipping)|P/C", ["Ann|5 Reef Way, Flat 2|CF14 7FA"], ["name", "street", "postcode"]),
    ],
)
def test_each_of_several_addresses_has_its_parts(header: str, rows: list[str], meant: list[str]) -> None:
    assert codes(understood(header, *rows)) == meant


def test_a_row_of_names_is_found_though_its_cells_alone_tell_who() -> None:
    """Below a title, where every column of a point is called by whom it is of."""
    columns = find_columns(
        Record(at, cells.split("|"))
        for at, cells in enumerate(
            [
                "VvE De Dreef te Ede - overzicht",
                "App.|Eigenaar|Tel eigenaar|Adres|Plaats|Huurder|Tel. huurder",
                "A1|Ann Lee|06-41413004|Dam 1|Edam|Eva Moe|06-11457319",
                "A2|Bob Fox|06-41413005|Dam 3|Edam||",
                "A3|Cy Ray|06-41413006|Weg 4|Edam|Jo Sy|06-21463811",
            ],
            1,
        )
    )
    assert columns.header_row == 2
    assert codes(columns)[1:] == ["name", "phone", "street", "city", "", ""]


def test_where_the_goods_go_is_before_where_the_bill_goes() -> None:
    """And a postal code is no way to send mail, in no language and in no order."""
    assert address_of("Shipping City") < address_of("Billing City") < address_of("Alternate City")
    assert address_of("Code postal (domicile)") == address_of("Rue (domicile)")
    assert address_of("Código postal de residencia") == address_of("Calle de residencia")
    columns = understood(
        "Name|Billing Street|Billing City|Shipping Street|Shipping City", "Ann|1 A St|Tampa|2 B St|Ocala"
    )
    cells = ["Ann", "1 A St", "Tampa", "2 B St", "Ocala"]
    street = next(field for field in columns.fields if field == "street")
    assert columns.first(street, cells) == "2 B St"
    assert dict(columns.rest(cells)) == {"Billing Street": "1 A St", "Billing City": "Tampa"}


def test_who_to_talk_to_is_the_customer_and_the_other_name_is_their_firm(cast: Cast, bring: Any) -> None:
    """Ledgers have firms and people in one column, and a contact person for the firms."""
    lines, _summary = bring(
        "Naam,Contactpersoon,E-mail\nBakkerij Smet,Koen Dek,koen@x.example\nGriet Wals,,griet@x.example\n"
        "Fam. Moens,Eva Moens,eva@x.example\n"
    )
    with use_tenant(cast.house.tenant):
        jobs = [Job.objects.get(number=line["job"]) for line in lines]
        assert [job.person.name for job in jobs] == ["Koen Dek", "Griet Wals", "Eva Moens"]
        assert [job.person.company.name if job.person.company else "" for job in jobs] == ["Bakkerij Smet", "", ""]
        assert "Fam. Moens" in Note.objects.get(job=jobs[2]).body


def test_a_mail_under_phone_and_a_number_under_mail_are_kept_as_what_they_are(cast: Cast, bring: Any) -> None:
    lines, _summary = bring(
        "Name,Phone,Email\nAnn Lee,ann@x.example,813-555-0101\nBob Fox,813-555-0102 bob@x.example,none\n"
    )
    with use_tenant(cast.house.tenant):
        found = [
            set(ContactPoint.objects.filter(person__jobs__number=line["job"]).values_list("value", flat=True))
            for line in lines
        ]
    assert found == [{"ann@x.example", "+18135550101"}, {"bob@x.example", "+18135550102"}]
