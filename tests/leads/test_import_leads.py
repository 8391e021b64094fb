"""The command: a spreadsheet goes in, every row gets a verdict, and a second time changes nothing."""

import io
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.jobs.models import Job, Level, Note, StageVisit
from crm.people.models import Claim, Company, ContactPoint, Person, Property
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from leads.models import ImportRun, Lead
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


FULL = (
    "Name,Company,E-mail,Phone,Mobile,Street,Zip,City,State,Lead Source,Campaign,Stage,Assigned To,Priority,Amount,"
    "Created,Notes,Next step,Next step date,ID,Claim number,Insurer,Shoe size\n"
    'Maria Lopez,Lopez BV,Maria@Example.com,(813) 555-0100,813-555-0101,"12 Palm Ave",33611,Tampa,FL,Google Ads,Spring,'
    'Quote sent,Rita Rep,high,"$18,400",3/4/2026,Wants it soon,Call about quote,12/1/2027,A-7,CL-99,Acme,42\n'
)


def test_a_lead_comes_in_whole(cast: Cast, bring: Any) -> None:
    lines, summary = bring(FULL)
    house = cast.house
    with use_tenant(house.tenant):
        job = Job.objects.exclude(pk=house.job.pk).get()
        assert lines == [
            {
                "row": 2,
                "verdict": "new",
                "job": job.number,
                "person": "Maria Lopez",
                "email": "maria@example.com",
                "phone": "+18135550100",
                "reason": "",
            }
        ]
        assert (job.title, job.value, job.currency, job.place) == ("Maria Lopez", 1_840_000, "USD", "Tampa")
        assert (job.stage.name, job.priority, job.member, job.source.name) == (
            "Quote sent",
            2,
            house.rita,
            "Google Ads",
        )
        assert job.came_in_at == job.clock_started_at == datetime(2026, 3, 4, 5, tzinfo=UTC)
        assert (job.next_step_kind, job.next_step_label) == ("call", "Call about quote")
        assert job.level == job.level_at(datetime.now(UTC)) == Level.CRIT
        assert job.site.one_line == "12 Palm Ave, Tampa, FL 33611"
        assert job.company.name == job.person.company.name == "Lopez BV"
        assert job.company.name_key == "lopez bv"
        points = ContactPoint.objects.filter(person=job.person).order_by("pk")
        assert [point.value for point in points] == ["maria@example.com", "+18135550100", "+18135550101"]
        assert (job.lead.external_id, job.lead.campaign.name, job.lead.rep) == ("A-7", "Spring", house.rita)
        assert job.visits.get().stage == job.stage
        assert job.parties.get().person == job.person
        assert Note.objects.get(job=job).body == "Wants it soon\nShoe size: 42"
        claim = Claim.objects.get()
        assert (claim.number, claim.insurer, claim.site) == ("CL-99", "Acme", job.site)
        assert Event.objects.get(kind="job.opened", job_id=job.pk).data["cause"] == "import"
    assert (summary["rows"], summary["new"], summary["kept_as_notes"]) == (1, 1, ["Shoe size"])


def test_the_clock_runs_on_by_its_due(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        before = Due.objects.filter(kind="job.clock").count()
    bring("name,phone\nJan,813-555-0177\n")
    with use_tenant(cast.house.tenant):
        assert Due.objects.filter(kind="job.clock").count() == before + 1


def everything() -> dict[str, int]:
    models = (Job, Lead, Person, ContactPoint, Company, Property, Claim, Note, StageVisit)
    return {model.__name__: model.objects.count() for model in models}


MIXED = FULL + (
    "Only Name,,,,,,,,,,,,,,,,,,,,,,\n"
    ",Just A Firm,,,,,,,,,,,,,,,,,,,,,\n"
    ",,only@mail.example,,,,,,,,,,,,,,,,,,,,\n"
    "Old Job,,old@mail.example,,,1 Elm St,33611,Tampa,FL,,,Lost,,,,,,,,,,,\n"
    "At Home,,,,,9 Oak St,33611,Tampa,FL,,,,,,,,,,,,,,\n"
    "Ended Too,,ended@mail.example,,,,,,,,,Lost,,,,,,Call again,12/1/2027,,,,\n"
    "Odd,***,odd@mail.example,,,,,,,???,,,,,,,,,,,CL-5,Acme,\n"
    "***,***,***@mail.example,,,,,,,,,,,,,,,,,,,,\n"
    ",,,,,5 Pine St,33611,Tampa,FL,,,,,,,,,,,,,,\n"
    "***,,,,,,,,,,,,,,,,,,,,,,\n"
)


def test_the_same_file_again_changes_nothing(cast: Cast, bring: Any) -> None:
    first, summary = bring(MIXED)
    assert [line["verdict"] for line in first] == ["new"] * 9 + ["refused"] * 2
    with use_tenant(cast.house.tenant):
        before, events = everything(), Event.objects.filter(job_id__isnull=False).count()
    again, summary = bring(MIXED)
    assert [line["verdict"] for line in again] == ["duplicate"] * 9 + ["refused"] * 2
    assert [line["job"] for line in again] == [line["job"] for line in first]
    with use_tenant(cast.house.tenant):
        assert everything() == before
        assert Event.objects.filter(job_id__isnull=False).count() == events
    assert (summary["new"], summary["duplicate"], summary["refused"]) == (0, 9, 2)


def test_a_dry_run_says_the_same_and_writes_nothing(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        before = everything()
        events, runs = Event.objects.count(), ImportRun.objects.count()
    dry, summary = bring(MIXED + MIXED.split("\n", 1)[1], "--dry-run")
    assert [line["verdict"] for line in dry] == (["new"] * 9 + ["refused"] * 2) + (["duplicate"] * 9 + ["refused"] * 2)
    assert dry[0]["job"] is None
    assert dry[11]["reason"] == "Same external ID as row 2."
    assert summary["dry_run"] is True
    with use_tenant(cast.house.tenant):
        assert everything() == before
        assert (Event.objects.count(), ImportRun.objects.count()) == (events, runs)
    wet, _ = bring(MIXED + MIXED.split("\n", 1)[1])
    assert [line["verdict"] for line in wet] == [line["verdict"] for line in dry]


@pytest.mark.parametrize("batch", [1, 1000])
def test_one_customer_many_spellings(cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    rows = (
        "Jan de Vries,JAN@example.nl ,+31 6 12345670\n"
        "Jan de Vries,mailto:jan@example.nl,\n"
        "J. de Vries,,0031612345670\n"
        "Jan de Vries,,06-12345670\n"
        "Marie de Vries,marie@example.nl,06 1234 5670\n"
    )
    for option in ("--dry-run", ""):
        lines, _ = bring("naam;e-mail;telefoon\n" + rows.replace(",", ";"), *filter(None, [option]), slug="otherside")
        assert [line["verdict"] for line in lines] == ["new"] + ["duplicate"] * 3 + ["new"]
        assert "email address" in lines[1]["reason"]
        assert "phone number" in lines[2]["reason"]
        assert "but another name" in lines[4]["reason"]
        assert len({line["person"] for line in lines}) == 2
    with use_tenant(cast.other.tenant):
        assert Person.objects.filter(name__contains="Vries").count() == 2


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_match_gains_what_it_did_not_have(
    cast: Cast, bring: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", batch)
    header = "name,email,phone,value,source,company,street,city,rep,stage,next step,campaign,id,note\n"
    thin = "Jan,jan@example.com,,,,,,,,,,,,\n"
    rich = "Jan,jan@example.com,813-555-0111,500,Fair,Jan Inc,1 Elm St,Tampa,Rita,New,Call him,Spring,X1,Hello\n"
    other = "Jan,jan@example.com,813-555-0111,900,Web,Piet Inc,1 Elm St,Tampa,Mona,Quote sent,Mail,Fall,X1,Bye\n"
    lines, _ = bring(header + thin + rich)
    assert [line["verdict"] for line in lines + bring(header + other)[0]] == ["new", "update", "duplicate"]
    gained = "phone, value, source, address, company, rep, step, next step, external ID, campaign, note"
    assert f"Adds: {gained}." in lines[1]["reason"]
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(number=lines[0]["job"])
        assert (job.value, job.source.name, job.company.name, job.place) == (50_000, "Fair", "Jan Inc", "Tampa")
        assert (job.member, job.lead.rep, job.stage.name) == (cast.house.rita, cast.house.rita, "New")
        assert (job.next_step_label, job.lead.campaign.name, job.lead.external_id) == ("Call him", "Spring", "X1")
        assert Note.objects.get(job=job).body == "Hello"
        assert job.person.contact_points.filter(kind="phone").get().value == "+18135550111"
        assert job.person.company.name == "Jan Inc"
        assert job.visits.filter(left_at=None).get().stage == job.stage
    assert [line["verdict"] for line in bring(header + thin + rich)[0]] == ["duplicate"] * 2


def test_a_known_customer_is_not_made_twice(cast: Cast, bring: Any) -> None:
    house = cast.house
    lines, _ = bring("name,email,value\nCora,CORA@suncoast-test-mail.example,1200\n")
    assert lines[0]["verdict"] == "update"
    assert lines[0]["job"] == house.job.number
    assert lines[0]["person"] == "Cora Customer"
    with use_tenant(house.tenant):
        house.job.refresh_from_db()
        assert house.job.value == 120_000
        loner = Person.objects.create(name="No Job Yet")
        ContactPoint.objects.create(person=loner, kind="email", value="loner@mail.example")
    lines, _ = bring("name,email\nNo Job Yet,loner@mail.example\n")
    assert (lines[0]["verdict"], lines[0]["reason"]) == ("new", "New job of an existing customer.")
    with use_tenant(house.tenant):
        assert Job.objects.get(person=loner).number == lines[0]["job"]
        assert Person.objects.filter(name="No Job Yet").count() == 1


def test_long_and_contradicting_cells_are_kept(cast: Cast, bring: Any) -> None:
    address = "x" * 60 + "@" + "y." * 90 + "nl"
    lines, _ = bring(
        "name,first name,last name,email,lead cost,id\n"
        f",,,{address},,\nRoof at 12 Palm,Jan,Jansen,jan@example.com,€ 20,\nJan Jansen,Jan,Jansen,j@example.com,20,\n"
    )
    assert [line["verdict"] for line in lines] == ["new"] * 3
    with use_tenant(cast.house.tenant):
        assert Person.objects.get(contact_points__value=address).name == address[:200]
        assert "name: Roof at 12 Palm" in Note.objects.get(job__number=lines[1]["job"]).body
        assert "Lead cost: € 20" in Note.objects.get(job__number=lines[1]["job"]).body
        assert Lead.objects.get(job__number=lines[2]["job"]).cost == 2000
        assert Note.objects.get(job__number=lines[2]["job"]).body == "name: Jan Jansen"


def test_a_job_without_sales_facts_gains_them(cast: Cast, bring: Any) -> None:
    with use_tenant(cast.house.tenant):
        Lead.objects.all().delete()
    content = "name,email,campaign\nCora,cora@suncoast-test-mail.example,Spring\n"
    assert [bring(content)[0][0]["verdict"] for _run in range(2)] == ["update", "duplicate"]


def test_a_number_two_give_is_both_of_theirs(cast: Cast, bring: Any) -> None:
    lines, _ = bring("name,email,phone\nJan,jan@example.com,\nPiet,,813-555-0122\nJan,jan@example.com,8135550122\n")
    assert [line["verdict"] for line in lines] == ["new", "new", "update"]
    with use_tenant(cast.house.tenant):
        reached = ContactPoint.objects.filter(value="+18135550122")
        assert {point.person.name for point in reached} == {"Piet", "Jan"}


def test_other_tenants_customers_are_not_seen(cast: Cast, bring: Any) -> None:
    assert bring("name,email\nCora,cora@suncoast-test-mail.example\n", slug="otherside")[0][0]["verdict"] == "new"


def test_dutch_headers_semicolons_and_windows_letters(cast: Cast, bring: Any) -> None:
    text = (
        "Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Mobiel;Straat;Huisnummer;Postcode;Woonplaats;Bedrag;Datum;"
        "Status;Opmerkingen\r\n"
        "Zoë;van der;Müller;zoë@example.nl;06-12345670;Kerkstraat;12 a;1234 ab;Den Haag;€ 18.400,50;4-3-2026;"
        "Gewonnen;Belt 's avonds\r\n"
    )
    lines, summary = bring(text.encode("cp1252"), slug="otherside")
    assert (lines[0]["person"], lines[0]["email"], lines[0]["phone"]) == (
        "Zoë van der Müller",
        "zoë@example.nl",
        "+31612345670",
    )
    assert (summary["encoding"], summary["delimiter"]) == ("cp1252", ";")
    with use_tenant(cast.other.tenant):
        job = Job.objects.get(number=lines[0]["job"])
        assert (job.value, job.currency) == (1_840_050, "EUR")
        assert job.came_in_at == datetime(2026, 3, 3, 23, tzinfo=UTC)
        assert job.site.one_line == "Kerkstraat 12 a, 1234 AB Den Haag"
        assert job.lead.won_at is not None
        assert job.is_open
        assert job.level == Level.NONE


def test_an_ended_lead_stands_where_it_ended(cast: Cast, bring: Any) -> None:
    lines, _ = bring(
        "name,phone,stage,status,created,stage since,lost reason\n"
        "Gone,813-555-0133,Quote sent,Lost,1/2/2026,3/4/2026,Too dear\n"
    )
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(number=lines[0]["job"])
        assert (job.state, job.ended_reason, job.level) == ("lost", "Too dear", Level.ENDED)
        assert (job.came_in_at.month, job.ended_at.month) == (1, 3)
        assert job.past == f"{job.stage_id}:crit"
        assert job.visits.get().left_at == job.ended_at
        assert not Due.objects.filter(kind="job.clock", subject_id=job.pk).exists()


def test_what_a_cell_can_not_be_is_said_and_kept(cast: Cast, bring: Any) -> None:
    lines, _ = bring(
        "name,email,phone,value,created,stage,rep,pipeline,brand,priority\n"
        "Jan,jan@home,3.36E+10,lots,31/31/2026,Nirvana,Nobody,Nope,Nix,whenever\n"
    )
    assert lines[0]["verdict"] == "new"
    reason = lines[0]["reason"]
    for cell in ("jan@home", "3.36E+10", "lots", "31/31/2026", "Nirvana", "Nobody", "Nope", "Nix", "whenever"):
        assert f"“{cell}”" in reason
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(number=lines[0]["job"])
        body = Note.objects.get(job=job).body
        assert "Phone: 3.36E+10" in body
        assert "Status" not in body
        assert job.stage is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,", "no name, email address or phone number"),
        (",jan@home,12", "“jan@home”"),
        (f"{'x' * 201},,", "longer than 200"),
        ("Jan,a@b.nl,1,surplus", "more cells"),
    ],
)
def test_a_row_about_nobody_is_refused(cast: Cast, bring: Any, row: str, said: str) -> None:
    lines, summary = bring(f"name,email,phone,x\n{row},1\nPiet,piet@example.com,,\n".replace(",1\n", ",1\n"))
    assert lines[0]["verdict"] == "refused"
    assert said in lines[0]["reason"]
    assert lines[0]["job"] is None
    assert lines[1]["verdict"] == "new"
    assert (summary["new"], summary["refused"]) == (1, 1)


def test_formulas_stay_text_and_guards_come_off(cast: Cast, bring: Any) -> None:
    lines, _ = bring(
        "name,phone,city,note\n"
        '"=HYPERLINK(""http://x"")",\'+31612345670,"=""0612""",\'=cmd|calc\n@SUM(1),+31612345679,-5,\'tis\n'
    )
    assert [line["person"] for line in lines] == ['=HYPERLINK("http://x")', "@SUM(1)"]
    assert [line["phone"] for line in lines] == ["+31612345670", "+31612345679"]
    with use_tenant(cast.house.tenant):
        assert [job.place for job in Job.objects.filter(number__in=[line["job"] for line in lines]).order_by("pk")] == [
            "0612",
            "-5",
        ]
        assert [note.body for note in Note.objects.order_by("pk")] == ["=cmd|calc", "'tis"]


def test_the_bytes_are_kept_as_they_came(cast: Cast, bring: Any, tmp_path: Path) -> None:
    bring(FULL)
    with use_tenant(cast.house.tenant):
        run = ImportRun.objects.get()
        assert (run.status, run.new_count, run.rows, run.done) == ("done", 1, 1, 1)
        assert (tmp_path / run.file.path).read_bytes() == FULL.encode()
        assert run.file.path.startswith(f"{cast.house.tenant.pk}/import/")


@pytest.mark.django_db(transaction=True)  # what is left behind is what was committed
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04xl/workbook.xml", "workbook is damaged"),
        (b"name,email\nJan,a\0b\n", "NUL"),
        (b"name,email\n" + b"x" * 5_000_000, "longer than"),
        (",".join(map(str, range(10_000))).encode(), "10,000 columns"),
        (b'name,email\nJan,"jan@', "incomplete"),
        (b"Quarterly overview\n", "column names"),
    ],
)
def test_an_unreadable_file_leaves_nothing_behind(cast: Cast, bring: Any, content: bytes, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        bring(content)
    with use_tenant(cast.house.tenant):
        assert not ImportRun.objects.exists()
        assert Job.objects.count() == 1


def test_an_unknown_tenant_or_file_is_said(cast: Cast, bring: Any) -> None:
    with pytest.raises(CommandError, match="no organization"):
        bring("name\nJan\n", slug="nowhere")
    with pytest.raises(CommandError, match=r"No such file"):
        call_command("import_leads", "--tenant", cast.house.tenant.slug, "/nowhere/leads.csv")


@pytest.mark.django_db(transaction=True)  # what is left behind is what was committed
def test_a_crash_half_way_is_mended_by_running_it_again(
    cast: Cast, bring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", 10)
    content = "name,email\n" + "".join(f"Lead {n},lead{n}@example.com\n" for n in range(35))
    from leads.importing.writing.writer import BatchWriter

    write, calls = BatchWriter.write, []

    def crash(self: BatchWriter, touched: Any) -> None:
        write(self, touched)
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionError

    monkeypatch.setattr(BatchWriter, "write", crash)
    with pytest.raises(ConnectionError):
        bring(content)
    with use_tenant(cast.house.tenant):
        assert Lead.objects.count() == 21
    lines, _ = bring(content)
    assert [line["verdict"] for line in lines] == ["duplicate"] * 20 + ["new"] * 15
    with use_tenant(cast.house.tenant):
        assert Lead.objects.count() == 36


def test_a_pipe_is_read_like_a_file(cast: Cast, tmp_path: Path) -> None:
    fifo, out = tmp_path / "pipe", io.StringIO()
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=("Name,Email\nZoë,zoe@example.com\n".encode("cp1252"),))
    writer.start()
    call_command("import_leads", "--tenant", cast.house.tenant.slug, str(fifo), stdout=out)
    writer.join()
    assert json.loads(out.getvalue().splitlines()[0])["person"] == "Zoë"


def test_the_command_is_told_what_a_column_holds(cast: Cast, bring: Any) -> None:
    content = "Wie,Waarheen,Zoiets\nJan,31612345670,a\nPiet,31612345679,b\n"
    lines, summary = bring(content, "--column", "Wie=name", "--column", "Waarheen=phone", "--column", "Zoiets=leave")
    assert [(line["person"], line["phone"]) for line in lines] == [("Jan", "+31612345670"), ("Piet", "+31612345679")]
    assert summary["kept_as_notes"] == []
    for wrong, said in (("Who=name", "There is no column"), ("Wie=nome", "not a field of a lead")):
        with pytest.raises(CommandError, match=said):
            bring(content, "--column", wrong)
