"""Whom a row is about, and which job: no job of a file is lost (K18), and no stranger is taken for another (K19)."""

from typing import Any

import pytest

from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import forget_all
from crm.platform.tenancy.context import use_tenant
from leads.importing.matching import matches
from leads.models import Lead
from tests.cast import Cast
from tests.leads.importing import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

DEALS = (
    "Record ID,Deal Name,Associated Contact,Amount,Street,Deal Stage\n"
    "W-1,Roof,Rob Fields (rob@mail.example),18000,12 Oak Ave,New\n"
    "W-2,Gutters,Rob Fields (rob@mail.example),9500,80 Pine Rd,Quote sent\n"
    "W-3,Siding,R. Fields (rob@mail.example),700,,Reached\n"
    "W-4,Porch,Ann Lee (ann@mail.example),50,9 Elm St,New\n"
    "W-5,Porch,Ann Lee (ann@mail.example),50,9 Elm St,New\n"
)


def jobs_of(cast: Cast, name: str) -> list[Job]:
    with use_tenant(cast.house.tenant):
        return list(Job.objects.filter(person__name=name).select_related("site", "stage", "lead").order_by("pk"))


def points_of(cast: Cast) -> dict[str, list[str]]:
    """Who is reached at what, of those the file brought."""
    with use_tenant(cast.house.tenant):
        found: dict[str, list[str]] = {}
        for point in ContactPoint.objects.exclude(person=cast.house.cora).select_related("person").order_by("pk"):
            found.setdefault(point.person.name, []).append(point.value)
        return found


def verdicts(lines: list[Any]) -> list[str]:
    return [line["verdict"] for line in lines]


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_every_deal_of_one_person_is_a_job(cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    dry, _summary = bring(DEALS, "--dry-run")
    lines, _summary = bring(DEALS)
    assert verdicts(dry) == verdicts(lines) == ["new"] * 5
    rob = jobs_of(cast, "Rob Fields")
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name__contains="Fields").count() == 1
        assert [job.title for job in rob] == ["Roof", "Gutters", "Siding"]
        assert [job.lead.external_id for job in rob] == ["W-1", "W-2", "W-3"]
        assert [job.value for job in rob] == [1_800_000, 950_000, 70_000]
        assert [job.site.street if job.site else "" for job in rob] == ["12 Oak Ave", "80 Pine Rd", ""]
        assert [job.stage.name for job in rob] == ["New", "Quote sent", "Reached"]
    assert "Another job of the customer of" in lines[1]["reason"]
    assert "external ID, address" in lines[1]["reason"]
    assert len(jobs_of(cast, "Ann Lee")) == 2
    before = everything(cast)
    assert verdicts(bring(DEALS)[0]) == ["duplicate"] * 5
    # The same deals in another file: it is not the bytes they are known by.
    assert verdicts(bring(DEALS + "W-6,Deck,Ann Lee (ann@mail.example),50,9 Elm St,New\n")[0]) == ["duplicate"] * 5 + [
        "new"
    ]
    assert everything(cast)["Job"] == before["Job"] + 1


SAME_PLACE = "name,email,title,value,job type,street,note\nRob,rob@mail.example,{},{},{},12 Oak Ave,first\n"


@pytest.mark.parametrize(
    ("first", "second", "verdict", "why"),
    [
        (("Roof", "100", ""), ("Gutters", "100", ""), "new", "another title"),
        (("Roof", "100", ""), ("Roof", "200", ""), "new", "another value"),
        (("", "", "Roof"), ("", "", "Gutters"), "new", "another type"),
        (("Roof", "100", ""), ("Roof", "", ""), "duplicate", "Same e-mail address"),
        (("Roof", "", ""), ("Roof", "100", ""), "update", "It gains: value"),
    ],
)
@pytest.mark.parametrize("batch", [1, 1000])
def test_without_an_id_at_the_same_address_what_differs_makes_it_new(
    cast: Cast,
    bring: Any,
    first: tuple[str, ...],
    second: tuple[str, ...],
    verdict: str,
    why: str,
    batch: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    content = SAME_PLACE.format(*first) + SAME_PLACE.format(*second).split("\n", 1)[1]
    dry, _summary = bring(content, "--dry-run")
    lines, _summary = bring(content)
    assert verdicts(dry) == verdicts(lines) == ["new", verdict]
    assert why in lines[1]["reason"]
    assert len(jobs_of(cast, "Rob")) == (2 if verdict == "new" else 1)
    assert verdicts(bring(content)[0]) == ["duplicate"] * 2
    assert verdicts(bring(content + "\n")[0]) == ["duplicate"] * 2, "in other bytes"


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_lead_that_had_no_title_gains_it(cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    rows = "name,email,title\nRob,rob@mail.example,\nRob,rob@mail.example,Roof\nRob,rob@mail.example,Gutters\n"
    for expected in (["new", "update", "new"], ["duplicate"] * 3):
        assert verdicts(bring(rows, "--dry-run")[0]) == expected
        assert verdicts(bring(rows)[0]) == expected
    assert {job.title for job in jobs_of(cast, "Rob")} == {"Roof", "Gutters"}


def test_a_number_of_the_customer_is_no_jobs_id(cast: Cast, bring: Any) -> None:
    content = (
        "customer id,name,email,title,street\n"
        "C1,Rob Fields,rob@mail.example,Roof,12 Oak Ave\n"
        "C1,Rob Fields,rob@mail.example,Gutters,12 Oak Ave\n"
        "C1,Rob Fields,rob@mail.example,Roof,80 Pine Rd\n"
        "C1,Piet Smit,piet@mail.example,Shed,1 Elm St\n"
    )
    lines, _summary = bring(content)
    assert verdicts(lines) == ["new"] * 4
    with use_tenant(cast.house.tenant):
        assert list(Lead.objects.exclude(external_id="").values_list("external_id", flat=True)) == ["C1"]
        assert Note.objects.filter(body="External ID: C1").count() == 3
        assert Person.objects.filter(name="Piet Smit").count() == 1
    assert "It is the external ID of Rob Fields" in lines[3]["reason"]
    assert verdicts(bring(content)[0]) == ["duplicate"] * 4


def test_a_new_inquiry_after_the_old_one_ended_is_a_job(cast: Cast, bring: Any) -> None:
    header = "name,email,status,created,ended\n"
    bring(header + "Maria,maria@mail.example,Lost,1/2/2026,2/3/2026\n")
    lines, _summary = bring(header + "Maria,maria@mail.example,,6/1/2026,\nMaria,maria@mail.example,,1/15/2026,\n")
    assert verdicts(lines) == ["new", "duplicate"]
    assert "day it came in" in lines[0]["reason"]
    assert len(jobs_of(cast, "Maria")) == 2


HOUSEHOLD = (
    "name,email,phone\nJan Jansen,jan@mail.example,813-555-0122\nMarie Jansen,marie@mail.example,(813) 555-0122\n"
    "Jan Jansen,,813 555 0122\n"
)


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_household_shares_a_number_and_stays_two(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    for expected in (["new", "new", "duplicate"], ["duplicate"] * 3):
        assert verdicts(bring(HOUSEHOLD, "--dry-run")[0]) == expected
        lines, _summary = bring(HOUSEHOLD)
        assert verdicts(lines) == expected
    assert lines[2]["person"] == "Jan Jansen"
    assert points_of(cast) == {
        "Jan Jansen": ["jan@mail.example", "+18135550122"],
        "Marie Jansen": ["marie@mail.example", "+18135550122"],
    }


NOBODY = (
    "name,email,phone,street\n"
    "Ann Lee,noemail@noemail.com,813-555-0101,1 Elm St\n"
    "Bob Ray,NoEmail@NoEmail.com,813-555-0102,2 Elm St\n"
    "Cid Fox,noemail@noemail.com,,3 Elm St\n"
    "Dot Orr,noemail@noemail.com,,\n"
    ",noemail@noemail.com,,\n"
)


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_placeholder_is_nobodys_and_kept_as_text(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    for expected in (["new"] * 4 + ["refused"], ["duplicate"] * 4 + ["refused"]):
        lines, _summary = bring(NOBODY)
        assert verdicts(lines) == expected
        assert all("It is a placeholder" in line["reason"] for line in lines)
    assert points_of(cast) == {"Ann Lee": ["+18135550101"], "Bob Ray": ["+18135550102"]}
    with use_tenant(cast.house.tenant):
        assert Note.objects.filter(body="Email: noemail@noemail.com").count() == 4


def test_the_organizations_own_are_nobodys(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        Brand.objects.update(email="hello@suncoast.example", phone="(813) 555-0100")
        forget_all()
        rita = cast.house.rita.user.email
    lines, _summary = bring(
        f"name,email,phone\nAnn Lee,hello@suncoast.example,8135550100\nBob Ray,{rita},813-555-0177\n"
        "Ann Lee,ann@mail.example,+1 813 555 0100\n"
    )
    assert verdicts(lines) == ["new"] * 3
    assert all("your own organization" in line["reason"] for line in lines)
    assert points_of(cast) == {"Bob Ray": ["+18135550177"], "Ann Lee": ["ann@mail.example"]}


def test_an_offices_address_is_kept_and_known_by_the_same_name_alone(cast: Cast, bring: Any) -> None:
    content = (
        "name,company,email,title\nAnn Lee,Acme,info@acme.example,Roof\nBob Ray,Acme,info@acme.example,Roof\n"
        ",Bolt BV,office@bolt.example,Shed\n,Bolt BV,office@bolt.example,Deck\n,,mail@third.example,\n"
    )
    lines, _summary = bring(content)
    assert verdicts(lines) == ["new"] * 5
    assert "It is an office’s" in lines[0]["reason"]
    assert points_of(cast) == {
        "Ann Lee": ["info@acme.example"],
        "Bob Ray": ["info@acme.example"],
        "Bolt BV": ["office@bolt.example"],
        "mail@third.example": ["mail@third.example"],
    }
    assert [job.title for job in jobs_of(cast, "Bolt BV")] == ["Shed", "Deck"]
    assert verdicts(bring(content + "\n")[0]) == ["duplicate"] * 5


CROWD = "name,email,phone\n" + "".join(
    f"{name},{name.split()[0].lower()}@mail.example,813-555-0133\n" for name in ("Ann Lee", "Bob Ray", "Cid Fox")
)


@pytest.mark.parametrize("batch", [1, 1000])
def test_what_three_names_share_is_nobodys_from_the_first_row_on(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    lines, _summary = bring(CROWD + "Ann Lee,,813-555-0133\n")
    assert verdicts(lines) == ["new"] * 3 + ["duplicate"]
    assert all("three or more different names" in line["reason"] for line in lines)
    with use_tenant(cast.house.tenant):
        assert not ContactPoint.objects.filter(value="+18135550133").exists()
        assert Note.objects.filter(body="Phone: +18135550133").count() == 3


def test_a_third_name_in_a_later_file_gets_it_as_text(cast: Cast, bring: Any) -> None:
    rows = CROWD.splitlines(keepends=True)
    bring("".join(rows[:3]))
    later = rows[0] + "Cid Fox,,813-555-0133\n"
    lines, _summary = bring(later)
    assert verdicts(lines) == ["new"]
    assert points_of(cast) == {
        "Ann Lee": ["ann@mail.example", "+18135550133"],
        "Bob Ray": ["bob@mail.example", "+18135550133"],
    }
    assert verdicts(bring(later + "\n")[0]) == ["duplicate"]


@pytest.mark.parametrize("batch", [1, 1000])
def test_one_name_in_two_towns_is_two_people(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but a name and a town: another town is somebody else, no town may be any of them."""
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    rows = "Mike Jones,,Sarasota\nMike Jones,,Orlando\nMike Jones,,sarasota\nMike Jones,,\nMike Jones,,orlando\n"
    dry, _summary = bring(f"name,phone,city\n{rows}", "--dry-run")
    lines, _summary = bring(f"name,phone,city\n{rows}")
    assert verdicts(dry) == verdicts(lines) == ["new", "new", "duplicate", "duplicate", "duplicate"]
    assert [line["job"] for line in lines][2:] == [lines[at]["job"] for at in (0, 0, 1)]
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="Mike Jones").count() == 2
    again, _summary = bring(f"name,phone,city\n{rows}Mike Jones,,Ocala\n")
    assert verdicts(again) == ["duplicate"] * 5 + ["new"]


def test_a_name_and_a_street_spelled_in_two_ways_are_one(cast: Cast, bring: Any) -> None:
    """Without a number or address; the same name at another street, or none, is somebody else."""
    rows = "Al Hay,12 Oak Avenue,Tampa\nAl Hay,12 oak ave.,TAMPA\nAl Hay,12 Oak Ave,Ocala\nAl Hay,3 Bay Dr,Tampa\n"
    assert verdicts(bring(f"name,street,city\n{rows}")[0]) == ["new", "duplicate", "new", "new"]
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="Al Hay").count() == 3


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_what_a_column_without_a_field_says_tells_jobs_of_one_file_apart(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command they are new, as the page asks; a salutation, a colleague or a number tells nothing."""
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    file = "name,email,Trámite,Type de borne,Salutation,Crew,#,Besichtigt,NTE\n" + "".join(
        f"Al Hay,al@mail.example,{said}\n"
        for said in ("Arraigo,,Mr,Tom,101,12 Mar 2026,", "arraigo,,Mr.,Rhys,102,14 Mar 2026,",
                     "Nacionalidad,,Mr,Tom,103,,", "Nacionalidad,Borne,,,104,,1200", "Nacionalidad,Prise,,,105,,",
                     "Nacionalidad,Prise,,,106,,$900")
    )  # fmt: skip
    dry, _summary = bring(file, "--dry-run")
    lines, _summary = bring(file)
    assert verdicts(dry) == verdicts(lines) == ["new", "update", "new", "update", "new", "update"]
    assert "another detail" in lines[2]["reason"]
    assert len(jobs_of(cast, "Al Hay")) == 3
    assert verdicts(bring(file)[0]) == ["duplicate"] * 6
    by_amount = "name,email,NTE\nBo Ray,bo@mail.example,1200\nBo Ray,bo@mail.example,900\n"
    assert verdicts(bring(by_amount)[0]) == ["new", "new"]


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_what_another_row_of_the_same_job_says_is_kept(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same file: what stands in columns without a field is the lead's note, whatever row it is in."""
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    rows = ("call tue", "Call tue", "left a message", "call tue", "wants gutters, too")
    file = "name,email,note,colour\n" + "".join(f'Al Hay,al@mail.example,"{text}",red\n' for text in rows)
    told = ["new", "update", "update", "duplicate", "update"]
    assert verdicts(bring(file, "--dry-run")[0]) == verdicts(bring(file)[0]) == told
    (job,) = jobs_of(cast, "Al Hay")
    with use_tenant(cast.house.tenant):
        lines = "\n".join(Note.objects.filter(job=job).order_by("pk").values_list("body", flat=True)).splitlines()
    assert lines == ["call tue", "colour: red", "Call tue", "left a message", "wants gutters, too"]
    before = everything(cast)
    assert verdicts(bring(file)[0]) == ["duplicate"] * 5
    # In another file the lead has a note, and the same text is not added anew with every export.
    assert verdicts(bring(file + "\n")[0]) == ["duplicate"] * 5
    assert everything(cast) == before


def test_a_name_that_many_have_is_told_by_its_place_alone(
    cast: Cast, bring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of "Homeowner" at a thousand streets is not held against itself, row by row."""
    looked = []
    held = matches._may_live_at
    monkeypatch.setattr(matches, "_may_live_at", lambda *given: looked.append(given) or held(*given))
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", 100)
    file = "name,street\n" + "".join(f"Homeowner,{number} Oak Ave\n" for number in range(1, 301))
    assert verdicts(bring(file, "--dry-run")[0]) == verdicts(bring(file)[0]) == ["new"] * 300
    assert len(looked) < 20_000, "of 90,000 pairs"
    # At the very same place it is the very same.
    assert verdicts(bring(file + "\n")[0]) == ["duplicate"] * 300


UNITS = (
    "77 Elm Ave",
    "77 Elm Ave Unit B",
    "77 N Elm Ave",
    "77 S Elm Ave",
    "Kade 1",
    "Kade 1 A",
    "Kade 1 bis",
    "Rue Haute 1 bte 1",
    "Rue Haute 1 bte 2",
)


@pytest.mark.parametrize("batch", [1, 1000])
def test_each_unit_of_a_house_is_a_job(cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    file = "name,email,address,city\n" + "".join(f"Rob Fields,rob@mail.example,{unit},Tampa\n" for unit in UNITS)
    assert verdicts(bring(file, "--dry-run")[0]) == verdicts(bring(file)[0]) == ["new"] * len(UNITS)
    with use_tenant(cast.house.tenant):
        assert [job.site.street for job in jobs_of(cast, "Rob Fields") if job.site] == list(UNITS)
    # Spelled another way they are those again.
    again = file.replace(" Ave", " Avenue").replace("Unit B", "#B").replace("Tampa", "TAMPA")
    assert verdicts(bring(again)[0]) == ["duplicate"] * len(UNITS)


def test_a_confirmed_address_is_known_by_the_name_too(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        ContactPoint.objects.filter(person=cast.house.cora).update(verified_at=clock.now())
        mine = ContactPoint.objects.get(person=cast.house.cora, kind="email").value
    lines, _summary = bring(f"name,email,value\nPiet Smit,{mine},10\nC. Customer,{mine},20\n")
    assert verdicts(lines) == ["new", "update"]
    assert "It is confirmed as Cora Customer’s" in lines[0]["reason"]
    assert points_of(cast) == {}


def test_two_systems_may_number_alike(cast: Cast, bring: Any) -> None:
    bring("id,name,email\n1042,Ann Lee,ann@mail.example\n")
    lines, _summary = bring("id,name,email\n1042,Bob Ray,bob@mail.example\n")
    assert verdicts(lines) == ["new"]
    assert "It is the external ID of Ann Lee" in lines[0]["reason"]


def test_another_contact_of_a_deal_is_not_mixed_with_the_first(cast: Cast, bring: Any) -> None:
    lines, _summary = bring(
        "deal id,deal name,name,email\n7,Harbour roof,Ann Lee,ann@mail.example\n"
        "7,Harbour roof,Bob Ray,bob@mail.example\n"
    )
    assert verdicts(lines) == ["new", "duplicate"]
    assert "names differ" in lines[1]["reason"]
    assert points_of(cast) == {"Ann Lee": ["ann@mail.example"]}


def test_a_row_of_the_same_bytes_is_what_it_was_whatever_became_of_the_lead(cast: Cast, bring: Any) -> None:
    content = "name,email,value\nRob,rob@mail.example,\nRob,rob@mail.example,100\n"
    assert verdicts(bring(content)[0]) == ["new", "update"]
    with use_tenant(cast.house.tenant):
        Job.objects.filter(person__name="Rob").update(value=55_500, title="Roof")
    assert verdicts(bring(content)[0]) == ["duplicate"] * 2


def test_a_lead_without_a_title_is_called_like_its_customer(cast: Cast, bring: Any) -> None:
    bring("id,name,email\n1,Jan Jansen,jan@mail.example\n2,J. Jansen,jan@mail.example\n")
    assert [job.title for job in jobs_of(cast, "Jan Jansen")] == ["Jan Jansen"] * 2
