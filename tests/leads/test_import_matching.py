"""Whom a row is about: no stranger is taken for another, and who is known is found (docs/rules.md#k19)."""

from typing import Any

import pytest

from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from leads.importing.matching import matches
from tests.cast import Cast
from tests.leads.importing import jobs_of, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def points_of(cast: Cast) -> dict[str, list[str]]:
    """Who is reached at what, of those the file brought."""
    with use_tenant(cast.house.tenant):
        found: dict[str, list[str]] = {}
        for point in ContactPoint.objects.exclude(person=cast.house.cora).select_related("person").order_by("pk"):
            found.setdefault(point.person.name, []).append(point.value)
        return found


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
        clear_configuration_caches()
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


def test_a_confirmed_address_is_known_by_the_name_too(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        ContactPoint.objects.filter(person=cast.house.cora).update(verified_at=clock.now())
        mine = ContactPoint.objects.get(person=cast.house.cora, kind="email").value
    lines, _summary = bring(f"name,email,value\nPiet Smit,{mine},10\nC. Customer,{mine},20\n")
    assert verdicts(lines) == ["new", "update"]
    assert "It was confirmed as belonging to Cora Customer" in lines[0]["reason"]
    assert points_of(cast) == {}


def test_two_systems_may_number_alike(cast: Cast, bring: Any) -> None:
    bring("id,name,email\n1042,Ann Lee,ann@mail.example\n")
    lines, _summary = bring("id,name,email\n1042,Bob Ray,bob@mail.example\n")
    assert verdicts(lines) == ["new"]
    assert "It is already the external ID of Ann Lee" in lines[0]["reason"]


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
