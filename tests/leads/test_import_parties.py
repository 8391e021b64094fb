"""Whose a number is where several parties have columns, which of several addresses a part is of, and who to talk to."""

from typing import Any

import pytest

from crm.jobs.models import Job, Note
from crm.people.models import ContactPoint
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.columns import KEEP, LEAVE, FileColumns, find_columns
from leads.importing.mapping.synonyms import address_of
from libs.tabular import TableRecord
from tests.cast import Cast

PEOPLE = ("Ann Lee", "Bob Fox", "Cy Ray")
PHONES = ("813-555-0101", "813-555-0102", "813-555-0103")
OTHERS = ("813-555-0111", "813-555-0112", "813-555-0113")


def understood(header: str, *rows: str) -> FileColumns:
    return find_columns(TableRecord(at, cells.split("|")) for at, cells in enumerate([header, *rows], 1))


def codes(columns: FileColumns) -> list[str]:
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
        # The owner of the house is the customer, reached by the number beside; the tenant is not.
        ("Owner|Owner Ph|Tenant|Tenant Ph", (PEOPLE, PHONES, ("Eva Moe", "Jo Sy", "Di Fay"), OTHERS),
         ["name", "phone", "", ""]),
        # Whoever owns several places is reached at one number; of one colleague's leads each has its own.
        ("Owner|Phone|Property Address", (("Ann Fox", "Cy Ray", "Ann Fox", "Cy Ray"), (*PHONES, OTHERS[0]),
         ("5 Reef Way", "12 Oak Ave", "80 Pine Rd", "9 Elm St")), ["rep", "phone", "street"]),
        # A customer with several jobs is no colleague; what each of them is called is the job's title.
        # Typed in a hurry.
        # In two languages.
        # "Name" is the last one beside "Vorname", whoever owns the house: yes or no.
        ("Kunde Vorname|Kunde Name|Eigentümer|Kunde Telefon", (("Ann", "Bob", "Cy", "Di", "Ed", "Flo"), ("Krug",
         "Krug", "Alt", "Alt", "Ost", "Ost"), ("ja", "nein", "ja", "ja", "nein", "ja"), PHONES + OTHERS),
         ["first_name", "last_name", "", "phone"]),
        # Those of the firm itself, and of whom the customer works for.
        ("Our phone|Customer|Cust. phone", (("0113 496 0100",) * 3, PEOPLE, PHONES), ["", "name", "phone"]),
        ("Family name|Given name|Mob.|Employer contact|Employer phone", (("Lee", "Fox", "Ray"), ("Ann", "Bob", "Cy"),
         PHONES, ("Sam Hill", "Eva Moe", ""), OTHERS), ["last_name", "first_name", "mobile", "", ""]),
        # What a product numbers its records by.
        # Ledgers have lines for addresses: the third is the town.
        ("Naam|Roepnaam|Voorvoegsel|Achternaam|Mail", (("Ann de Groot", "Bob Fox", "Cy van Ray"), ("Ann", "Bob", "Cy"),
         ("de", "", "van"), ("Groot", "Fox", "Ray"), ("a@x.example", "b@x.example", "c@x.example")),
         ["name", "first_name", "infix", "last_name", "email"]),
        # The record's name says more than whose it is.
        # Who does it, and whose it is.
        ("wie|naam kl.|tel", (("Rob", "Rob", "Bo", "Rob", "Bo", "Rob"), (*PEOPLE, "Di Fay", "Ed Orr", "Flo Day"),
         PHONES + OTHERS), ["", "name", "phone"]),
        # The card says more than the customer's name.
        # Drivers, whom nobody knows the word for; their last names come again and again.
        # Of a ledger: the firm, or the person whose names follow.
        # "Name" is the last name beside "Vorname", though somebody to talk to has a column too.
        ("Vorname|Name|Ort|Ansprechpartner", (("Ann", "Bob", "Cy", "Di", "Ed", "Flo"), ("Lee", "Lee", "Fox", "Fox",
         "Ray", "Ray"), ("Ulm", "Köln", "Bonn", "Ulm", "Kiel", "Trier"), ("", "Eva Moe", "", "", "", "")),
         ["first_name", "last_name", "city", "contact_person"]),
        ("Firma/Name|Firmenzusatz/Vorname|E-Mail", (("Lee", "Fox GmbH", "Ray"), ("Ann", "", "Cy"), ("a@x.example",
         "b@x.example", "c@x.example")), ["last_name", "first_name", "email"]),
        # Where one meets is no address of the customer's.
        ("Name|Location|tel", (PEOPLE * 2, ("Office, Level 3", "Phone call", "Office, Level 3", "Phone call",
         "Office, Level 3", "Phone call"), PHONES + OTHERS), ["name", "", "phone"]),
        # Nobody else's is there: somebody has to be called.
        ("Name|Hausmeister|Tel. HM", (PEOPLE, ("Herr Krug", "Fr. Alt", "Herr Krug"), OTHERS), ["name", "", "phone"]),
        # "Nom" is the last name though families come twice.
        ("Nom|Prénom|Tél", (("Lee", "Lee", "Lee", "Fox", "Fox", "Fox"), ("Ann", "Bob", "Cy", "Di", "Ed", "Flo"),
         PHONES + OTHERS), ["last_name", "first_name", "phone"]),
        # A part of a house, and no machine; a house's number, and no other.
        # A fax of the firm is not how it is called, and one more number is.
        # The building site, where it is elsewhere.
        # A deal, and the family it is for.
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
        TableRecord(at, cells.split("|"))
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
