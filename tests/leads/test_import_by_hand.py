"""Lists made by hand, and what people write into them: sums, headers twice, numbers a spreadsheet shortened."""

import re
from dataclasses import astuple
from typing import Any

import pytest
from django.urls import reverse

from crm.jobs.models import Job, StageVisit
from crm.kernel.addresses import parse_address
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from leads.export import headings
from leads.importing.values.names import first_name_first
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def test_sums_and_headers_among_the_rows_are_no_leads(cast: Cast, bring: Any) -> None:
    """Lists made by hand end in a sum, and lists glued together hold their header twice."""
    header = "Naam,E-mail,Bedrag\n"
    lines, _ = bring(f"{header}Jan,jan@example.nl,5\n{header}Totaal,,5\nTotal Roofing,,5\nGrand total:,,10\n")
    assert [line["verdict"] for line in lines] == ["new", "refused", "refused", "new", "refused"]
    assert "repeats the column names" in lines[1]["reason"]
    assert "looks like a total" in lines[2]["reason"]


def test_a_heading_of_the_rows_below_it_is_no_lead_and_can_be_made_one(cast: Cast, bring: Any) -> None:
    """A list by town: its towns stand in rows of their own, and in the addresses below. A name alone is somebody."""
    rows = (
        'Customer,Address,Phone\nTampa,,\nAnn Lee,"1 Elm St, Tampa, FL",813-555-0101\nMaria Lopez,,\n'
        'Bob Fox,"2 Oak St, Tampa",\nBrandon,,\nCy Ray,"3 Ash St, BRANDON, FL 33511",\nBrandon,,\nLone,,\n'
    )
    lines, _ = bring(rows, "--dry-run")
    assert [line["verdict"] for line in lines] == ["refused", "new", "new", "new", "refused", "new", "new", "new"]
    assert "heading of the rows below it, which are in Tampa" in lines[0]["reason"]
    by_city = "Name,City,Phone\nTampa,,\nAnn,Tampa,813-555-0101\nSam,,\nTampa,Tampa,\n"
    assert [line["verdict"] for line in bring(by_city, "--dry-run")[0]] == ["refused", "new", "new", "new"]
    nested = (
        'Customer,Address,Phone\nFlorida,,\nTampa,,\nNo Address,,813-555-0107\nAnn Ray,"1 Elm St, Tampa, FL 33602",\n'
        'Virginia,,\nTampa,,\nAnn Bee,"2 Elm St, Tampa, VA",\n' + "A. Lone,,\n" * 9
    )
    verdicts = [line["verdict"] for line in bring(nested, "--dry-run")[0]]
    assert verdicts[:7] == ["refused", "refused", "new", "new", "new", "refused", "new"]
    assert (len(verdicts), set(verdicts[7:]) & {"refused"}) == (16, set())
    mona = signed_in(cast.house.mona)
    page = flat(mona.get(upload(mona, cast, rows).url).content.decode())
    made = reverse("leads:open", args=[cast.house.tenant.slug])
    assert [name for name in ("Tampa", "Brandon", "Maria Lopez") if f'"{made}?name={name}"' in page] == [
        "Tampa",
        "Brandon",
    ]


def test_a_list_that_begins_with_its_first_lead_loses_none(cast: Cast, bring: Any) -> None:
    rows = "Maria Vega;(813) 555-0101;9 Oak Ave;gutter\nRob Fields;813-555-0102;12 Elm St;\n"
    lines, summary = bring(rows, "--dry-run")
    assert [(line["row"], line["verdict"], line["phone"]) for line in lines] == [
        (1, "new", "+18135550101"),
        (2, "new", "+18135550102"),
    ]
    assert summary["header_row"] == 0
    assert summary["columns"] == {"Column A": "Name", "Column B": "Phone", "Column C": "Street"}
    assert summary["kept_as_notes"] == ["Column D"]
    told, _ = bring("Jan;Epe\nPiet;Lutz\n", "--no-header", "--column", "Column A=name")
    assert [line["person"] for line in told] == ["Jan", "Piet"]
    mona = signed_in(cast.house.mona)
    page = mona.get(upload(mona, cast, rows).url).content.decode()
    assert "The first row is a lead" in page
    assert '<option value="0" selected>' in page
    asked = reverse("leads:import_choose", args=[cast.house.tenant.slug, the_run(cast).uid])
    mona.post(asked, {"header_row": "1"})
    assert the_run(cast).rows == 1
    mona.post(asked, {"header_row": "0"})
    assert (the_run(cast).rows, the_run(cast).status) == (2, "checked")


def test_a_number_shortened_with_a_decimal_comma_is_one(cast: Cast, bring: Any) -> None:
    lines, _ = bring("Naam;Telefoon\nJan;6,12E+08\nPiet;8,135550177E+09\n")
    assert lines[0]["reason"].count("Phone") == 1
    assert "last digits are lost" in lines[0]["reason"]
    assert lines[1]["phone"] == "+18135550177"


def test_earlier_steps_in_one_cell_become_visits(cast: Cast, bring: Any) -> None:
    header = "name,email,stage,stage since,earlier steps,status,created,reached on\n"
    lines, _ = bring(
        f"{header}A,a@example.com,Quote sent,2026-03-09 12:00,2026-03-04 09:14 New; 2026-03-05 10:00 Reached,,,\n"
        "B,b@example.com,,,2026-03-04 09:14 Nowhere,,,\n"
        "C,c@example.com,,,some time ago,,,\n"
        # It ended nobody knows when, after it had been reached.
        "D,d@example.com,,,,Lost,2026-03-01,2026-03-05\n"
    )
    assert [line["verdict"] for line in lines] == ["new"] * 4
    assert "There is no step with this name" in lines[1]["reason"]
    assert "Write it as" in lines[2]["reason"]
    with use_tenant(cast.house.tenant):
        first, second, third = StageVisit.objects.filter(job__number=lines[0]["job"])
        assert [each.stage.name for each in (first, second, third)] == ["New", "Reached", "Quote sent"]
        assert (first.left_at, second.left_at, third.left_at) == (second.entered_at, third.entered_at, None)
        assert len(Job.objects.get(number=lines[0]["job"]).past.split()) == 2
        reached, lost = StageVisit.objects.filter(job__number=lines[3]["job"])
        assert reached.entered_at <= reached.left_at <= lost.left_at


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jansen, P. van der", "P. van der Jansen"),
        ("Vries-Bakker, mevr. A. de", "mevr. A. de Vries-Bakker"),
        ("'t Hart,Zoë", "Zoë 't Hart"),
        ("Lee, Ann & Bob", "Ann & Bob Lee"),
        ("Smith, Jr.", ""),
        ("King, M.D.", ""),
        ("Acme Roofing, Inc.", ""),
        ("Smith, Jones & Co", ""),
        ("Roof at 12 Palm, Tampa", ""),
        ("Ann Lee", ""),
        ("a," * 9000, ""),
    ],
)
def test_a_name_with_its_last_name_first_is_turned(written: str, name: str) -> None:
    assert first_name_first(written) == name


def test_names_are_turned_where_most_of_them_stand_so(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    rows = 'Naam,E-mail\n"Jansen, P. van der",p@example.nl\n"Müller, Zoë",z@example.nl\nCo Stompé,co@example.nl\n'
    url = upload(client, cast, rows).url
    page = client.get(url).content.decode()
    assert all(name in page for name in ("P. van der Jansen", "Zoë Müller", "Co Stompé"))
    place = reverse("leads:import_choose", args=[cast.house.tenant.slug, the_run(cast).uid])
    client.post(place, {"column-0": "name", "column-1": "email", "names": "stand"})
    page = client.get(url).content.decode()
    assert "Zoë Müller" not in page
    assert '<option value="stand" selected>' in page
    client.post(place, {"column-0": "name", "column-1": "email", "names": ""})
    client.post(url)
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="P. van der Jansen").exists()


def test_a_comma_in_few_names_turns_none(cast: Cast, bring: Any) -> None:
    lines, _ = bring('name\nAnn Lee\nBob Roe\nCy Poe\nDi Doe\n"Jansen, Piet"\n')
    assert [line["person"] for line in lines][-1] == "Jansen, Piet"


def test_our_own_export_has_names_as_they_stand(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    with use_tenant(cast.house.tenant):
        header = headings()
    row = ["Jansen, Piet" if each == "Name" else "" for each in header]
    page = client.get(upload(client, cast, ",".join(header) + "\n" + ",".join(f'"{cell}"' for cell in row)).url)
    assert re.search(r"<td>Jansen, Piet</td>", page.content.decode())


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("5 Reef Way, Tampa, FL 33605", ("5 Reef Way", "33605", "Tampa", "FL", "")),
        (
            "5 Reef Way, Unit 7, St. Petersburg, FL 33605-1234, USA",
            ("5 Reef Way, Unit 7", "33605-1234", "St. Petersburg", "FL", "US"),
        ),
        ("5 Reef Way\nTampa, FL 33605", ("5 Reef Way", "33605", "Tampa", "FL", "")),
        ("Dorpsstraat 12, 1234 AB Haarlem", ("Dorpsstraat 12", "1234 AB", "Haarlem", "", "")),
        ("Laan 4a 2011xx 's-Gravenhage, Nederland", ("Laan 4a", "2011xx", "'s-Gravenhage", "", "NL")),
        ("Hauptstraße 5, 10115 Berlin, Germany", ("Hauptstraße 5", "10115", "Berlin", "", "DE")),
        ("Dorpsstraat 12", None),
        ("12 Palm Ave, Unit 4", None),
        ("Tampa, FL 33605", None),  # no street: crm.kernel.addresses.parse_locality reads it
        ("the old barn, behind the church", None),
        ("1," * 9000, None),
        ("1" * 40_000, None),
    ],
)
def test_a_whole_address_is_parted_where_it_is_beyond_doubt(written: str, parts: tuple[str, ...] | None) -> None:
    found = parse_address(written)
    assert (astuple(found) if found else None) == parts


def test_a_whole_address_in_one_cell_is_the_place_of_the_lead(cast: Cast, bring: Any) -> None:
    lines, _ = bring(
        'name,address\nJan,"12 Palm Ave, Tampa, FL 33611"\nPiet,"Dorpsstraat 12, 1234 AB Haarlem, Nederland"\n'
    )
    with use_tenant(cast.house.tenant):
        jan, piet = (Job.objects.get(number=line["job"]) for line in lines)
        assert (jan.place, jan.site.street, jan.site.region) == ("Tampa", "12 Palm Ave", "FL")
        assert (piet.place, piet.site.postcode, piet.site.country) == ("Haarlem", "1234 AB", "NL")
    again, _ = bring("name,street,zip,city,state\nJan,12 Palm Ave,33611,Tampa,FL\n")
    assert again[0]["verdict"] == "duplicate", "however it is written, it is one place"


def test_the_letters_before_a_postcode_say_its_country_in_any_column(cast: Cast, bring: Any) -> None:
    whole, _ = bring('name,address\nJan,"De Savornin Lohmanstraat 3, NL-2566 AB Den Haag"\n')
    parts, _ = bring("name,street,postcode,city\nPiet,Meir 24,B-2000,Antwerpen\nBob,Main 1,1,Tampa\n")
    town, _ = bring("name,street,city\nAnn,Hauptstr. 5,D-10115 Berlin\n")
    told, _ = bring("name,street,postcode,city,country\nCy,Meir 25,D-10115,Antwerpen,Belgium\n")
    with use_tenant(cast.house.tenant):
        sites = [Job.objects.get(number=lines[0]["job"]).site for lines in (whole, parts, town, told)]
        assert [(site.postcode, site.city, site.country) for site in sites] == [
            ("2566 AB", "Den Haag", "NL"),
            ("2000", "Antwerpen", "BE"),
            ("10115", "Berlin", "DE"),
            ("D-10115", "Antwerpen", "BE"),
        ]


def test_of_a_lead_without_a_street_nothing_is_lost(cast: Cast, bring: Any) -> None:
    """Nothing is at a place without a street; ads often ask for the postcode alone."""
    lines, _ = bring("name,zip,city,state,follow up\nJan,02134,Tampa,FL,12/01/2126\nPiet,,Tampa,,call\n")
    with use_tenant(cast.house.tenant):
        jan, piet = (Job.objects.get(number=line["job"]) for line in lines)
        assert (jan.place, jan.site) == ("Tampa", None)
        assert jan.notes.get().body == "Postcode: 02134\nState or province: FL"
        assert (jan.next_step_label, jan.next_step_at.year) == ("", 2126), "a next step that is a day is its day"
        assert (piet.next_step_label, piet.next_step_at, piet.notes.count()) == ("call", None, 0)


def test_city_state_and_zip_in_one_column_are_parted(cast: Cast, bring: Any) -> None:
    lines, _ = bring('name,street,City/State/Zip\nJan,12 Palm Ave,"Tampa, FL 33611"\nPiet,1 Elm St,St. Louis\n')
    with use_tenant(cast.house.tenant):
        jan, piet = (Job.objects.get(number=line["job"]).site for line in lines)
        assert (jan.street, jan.city, jan.region, jan.postcode) == ("12 Palm Ave", "Tampa", "FL", "33611")
        assert (piet.city, piet.region, piet.postcode) == ("St. Louis", "", "")


def test_a_close_date_is_when_it_was_won(cast: Cast, bring: Any) -> None:
    lines, _ = bring(
        "name,email,deal stage,close date\nWon,w@example.com,Closed won,2026-02-03\n"
        "Lost,l@example.com,Closed lost,2026-02-04\nHoped,h@example.com,Closed won,2126-02-05\n"
    )
    with use_tenant(cast.house.tenant):
        won, lost, hoped = (Job.objects.get(number=line["job"]) for line in lines)
        assert f"{won.lead.won_at:%Y-%m-%d}" == "2026-02-03"
        assert f"{lost.ended_at:%Y-%m-%d}" == "2026-02-04"
        assert hoped.lead.won_at.year < 2126


def test_a_whole_address_beside_its_own_parts_is_not_said_twice(cast: Cast, bring: Any) -> None:
    """Other products write the whole address into the street's column; what was written is kept and shown."""
    whole = '"214 Larkspur Drive, Kokomo, IN 46901 US"'
    lines, _ = bring(f"name,address,city,zip\nJan,{whole},Kokomo,46901\nPiet,{whole},Tampa,33611\n")
    with use_tenant(cast.house.tenant):
        jan, piet = (Job.objects.get(number=line["job"]) for line in lines)
        assert (jan.site.street, jan.site.region, jan.site.country) == ("214 Larkspur Drive", "IN", "US")
        assert jan.site.written == "214 Larkspur Drive, Kokomo, IN 46901 US"
        assert (piet.site.street, piet.site.city, piet.site.written) == (whole.strip('"'), "Tampa", "")
    page = signed_in(cast.house.ada).get(f"/{cast.house.tenant.slug}/leads/{jan.number}/")
    assert "written as 214 Larkspur Drive, Kokomo, IN 46901 US" in page.content.decode()


def test_a_second_line_of_an_address_stays_behind_a_whole_one(cast: Cast, bring: Any) -> None:
    lines, _ = bring('name,address,address line 2\nJan,"214 Larkspur Drive, Kokomo, IN 46901",Apt 4\n')
    with use_tenant(cast.house.tenant):
        site = Job.objects.get(number=lines[0]["job"]).site
        assert (site.street, site.city) == ("214 Larkspur Drive, Apt 4", "Kokomo")
