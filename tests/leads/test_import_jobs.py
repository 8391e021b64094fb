"""Which job a row is: no job of a file is lost, and what it says of one is kept (docs/rules.md#k18)."""

from typing import Any

import pytest

from crm.jobs.models import Note
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead
from tests.cast import Cast
from tests.leads.importing import everything, jobs_of, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

DEALS = (
    "Record ID,Deal Name,Associated Contact,Amount,Street,Deal Stage\n"
    "W-1,Roof,Rob Fields (rob@mail.example),18000,12 Oak Ave,New\n"
    "W-2,Gutters,Rob Fields (rob@mail.example),9500,80 Pine Rd,Quote sent\n"
    "W-3,Siding,R. Fields (rob@mail.example),700,,Reached\n"
    "W-4,Porch,Ann Lee (ann@mail.example),50,9 Elm St,New\n"
    "W-5,Porch,Ann Lee (ann@mail.example),50,9 Elm St,New\n"
)


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
    assert "Another job of the same customer as" in lines[1]["reason"]
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
        (("Roof", "100", ""), ("Gutters", "100", ""), "new", "different title"),
        (("Roof", "100", ""), ("Roof", "200", ""), "new", "different value"),
        (("", "", "Roof"), ("", "", "Gutters"), "new", "different type"),
        (("Roof", "100", ""), ("Roof", "", ""), "duplicate", "Same email address"),
        (("Roof", "", ""), ("Roof", "100", ""), "update", "Adds: value"),
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
    assert "It is already the external ID of Rob Fields" in lines[3]["reason"]
    assert verdicts(bring(content)[0]) == ["duplicate"] * 4


def test_a_new_inquiry_after_the_old_one_ended_is_a_job(cast: Cast, bring: Any) -> None:
    header = "name,email,status,created,ended\n"
    bring(header + "Maria,maria@mail.example,Lost,1/2/2026,2/3/2026\n")
    lines, _summary = bring(header + "Maria,maria@mail.example,,6/1/2026,\nMaria,maria@mail.example,,1/15/2026,\n")
    assert verdicts(lines) == ["new", "duplicate"]
    assert "day it came in" in lines[0]["reason"]
    assert len(jobs_of(cast, "Maria")) == 2


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
    assert "different detail" in lines[2]["reason"]
    assert len(jobs_of(cast, "Al Hay")) == 3
    assert verdicts(bring(file)[0]) == ["duplicate"] * 6
    by_amount = "name,email,NTE\nBo Ray,bo@mail.example,1200\nBo Ray,bo@mail.example,900\n"
    assert verdicts(bring(by_amount)[0]) == ["new", "new"]
    spelled = 'name,email,NTE\nCy Fox,cy@mail.example,1200\nCy Fox,cy@mail.example,"1,200.00"\n'
    assert verdicts(bring(spelled)[0]) == ["new", "update"]


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


@pytest.mark.usefixtures("files")
def test_what_a_status_says_besides_that_it_is_open_is_kept(cast: Cast, bring: Any) -> None:
    bring("Name,Phone,Status\nAnn Lee,813-555-0147,In Progress\nBob Ray,813-555-0148,Open\n")
    with use_tenant(cast.house.tenant):
        notes = dict(Note.objects.values_list("job__title", "body"))
    assert notes == {"Ann Lee": "Status: In Progress"}
