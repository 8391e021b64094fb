"""A list as a file: what the list shows, to who may take it out, on record, resumed after a crash, deleted in time."""

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.bulk.runs import prepare
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Note, StageVisit
from crm.kernel import clock
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.runs import work
from crm.web.lists import exports
from crm.web.lists.exports import ExportKind
from crm.web.models import ExportRun
from leads import export as exported
from leads.importing import runs
from leads.models import ImportRun, Lead
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, totals, upload
from tests.web.confirm import confirm


@pytest.fixture
def export(client: Client, cast: Cast) -> Callable[..., str]:
    """Export a list as somebody; the page it leads to."""

    def ask(kind: str = "leads", query: str = "", who: str = "mona", format: str = "csv") -> str:
        client.force_login(getattr(cast.house, who).user)
        confirm(client)
        answer = client.post(f"/{cast.house.tenant.slug}/exports/of/{kind}/", {"query": query, "format": format})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    return ask


def fetched(client: Client, page: str) -> list[dict[str, str]]:
    answer = client.get(f"{page}file/")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith("sandbox")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_what_the_list_shows(client: Client, cast: Cast, export: Any) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        Note.objects.create(job=house.job, body="=HYPERLINK(evil)", author=house.rita)
        open_job(title="Mine", by=house.mona, member=house.mona, stage=house.stage("New"))
        gone = open_job(title="Lost one", by=house.mona, member=house.rita, stage=house.stage("New"))
        gone.lose("Price", by=house.mona)
    rows = fetched(client, export(query=f"rep={house.rita.uid}"))
    assert [row["Title"] for row in rows] == [house.job.title, "Lost one"], "filtered, in the order of the list"
    first, lost = rows
    assert first["Lead number"] == str(house.job.number)
    assert "cora@" in first["Email"]
    assert first["Note"] == "'=HYPERLINK(evil)"
    assert (lost["Status"], lost["Why lost"], lost["Rep"]) == ("Lost", "Price", house.rita.name)
    with use_tenant(house.tenant):
        kinds = list(Event.objects.filter(kind__startswith="export.").order_by("pk").values_list("kind", "actor"))
    assert kinds == [(f"export.{what}", house.mona.pk) for what in ("started", "finished", "fetched")]


def test_chosen_leads_alone(client: Client, cast: Cast, export: Any) -> None:
    with use_tenant(cast.house.tenant):
        other = open_job(title="Other", by=None)
        open_job(title="Not chosen", by=None)
        chosen = [other.pk, cast.house.job.pk, 10**9]
        picked = prepare("export", chosen, by=cast.house.mona)
        hers = prepare("export", chosen, by=cast.house.ada)
    rows = fetched(client, export(query=f"picked={picked.uid}"))
    assert {row["Lead number"] for row in rows} == {str(other.number), str(cast.house.job.number)}
    for nothing in (hers.uid, "nonsense"):
        assert fetched(client, export(query=f"picked={nothing}")) == []


HEADER = (
    "Title,Name,Company,Email,Phone,Street,Postcode,City,State or province,Country,Language,Step,In this step since,"
    "Status,Why lost,Ended,Rep,Priority,Source,Campaign,Value,Currency,Lead cost,Came in,Last contact,Next step,"
    "Next step on,Note,External ID,Earlier steps,Won on\n"
)
EVERYTHING = HEADER + (
    '"=cmd|\'x\'!A0",Zoë Müller,Öz BV,"zoe@example.com, z@example.org",+33 6 12 34 56 78,1 Rue A,75001,Paris,IDF,FR,fr,'
    'Quote sent,2026-03-06 10:00,Open,,,Rita Rep,Urgent,Fair,spring,"18,400.50",EUR,12,2026-03-04 09:14,'
    '2026-03-05 16:20,Call her,2027-01-02 15:00,"-5\nand, more",X-1,'
    "2026-03-04 09:14 New; 2026-03-05 10:00 Reached; 2026-03-05 10:00 –; 2026-03-05 11:30 New,\n"
    "Lost one,Jan,,jan@example.com,,,,Tampa,,,,New,2026-02-02 10:00,Lost,Price,2026-02-09 11:30,,Low,,,,,,"
    "2026-02-01 08:00,,,,@SUM(1),,2026-02-01 08:00 Reached,2026-02-02 09:30\n"
    "Sold one,Piet,,,813-555-0177,,,,,,,Quote sent,2026-02-02 10:00,won,,,,,,,500,,,2026-02-01 08:00,,,,,,,"
    "2026-02-02 17:45\n"
)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_exported_comes_in_again_as_it_was(client: Client, cast: Cast, export: Any, language: str) -> None:
    """Out, taken back, in, and out again: nothing is lost, nothing guarded stays guarded, nothing gains a note."""
    house = cast.house
    mona = signed_in(house.mona)
    lately = (clock.now() - timedelta(days=2)).strftime("%Y-%m-%d 11:30")
    mona.post(upload(mona, cast, EVERYTHING.replace("2026-02-09 11:30", lately)).url)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    first = fetched(client, export())
    with use_tenant(house.tenant):
        stays, won = StageVisit.objects.count(), Lead.objects.exclude(won_at=None).count()
    assert (stays, won) == (1 + 5 + 2 + 1, 2), "each stay and each sale came in"
    assert ("Waarde" in first[0]) == (language == "nl")
    page = mona.get(upload(mona, cast, as_csv(first)).url).content.decode()
    assert totals(page) == {"new": 0, "update": 0, "duplicate": 4, "refused": 0}, "it is all there"
    with use_tenant(house.tenant):
        run = ImportRun.objects.get(started_at__isnull=False)
    mona.post(f"/{house.tenant.slug}/leads/import/{run.uid}/undo/")
    mona.post(upload(mona, cast, as_csv(first)).url)
    with use_tenant(house.tenant):
        assert runs.plan_for(the_run(cast)).columns.recognised == "Throughline"
    again = fetched(client, export())
    number, *_rest, due_on = first[0]
    told = [
        sorted(str({key: cell for key, cell in row.items() if key not in (number, due_on)}) for row in rows)
        for rows in (first, again)
    ]
    assert told[0] == told[1]
    with use_tenant(house.tenant):
        assert (StageVisit.objects.count(), Lead.objects.exclude(won_at=None).count()) == (stays, won)
    assert any("'=cmd" in cell for row in first for cell in row.values()), "no spreadsheet takes it for a formula"


def as_csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_a_workbook_and_the_follow_ups(client: Client, cast: Cast, export: Any) -> None:
    from openpyxl import load_workbook

    page = export(format="xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(client.get(f"{page}file/").streaming_content))).active
    assert sheet["B2"].value == cast.house.job.title
    assert fetched(client, export("followups")) == []


def test_who_may_not_gets_nothing(client: Client, cast: Cast, export: Any) -> None:
    page = export()
    place = f"/{cast.house.tenant.slug}/exports/"
    for who in (cast.house.rita, cast.house.sam, cast.otto):
        client.force_login(who.user)
        for url in (place, f"{place}of/leads/", page, f"{page}file/"):
            assert client.get(url).status_code == 404
        assert client.post(f"{place}of/leads/", {"format": "csv"}).status_code == 404
    client.force_login(cast.house.ada.user)
    confirm(client)
    assert client.get(f"{page}file/").status_code == 200, "an admin sees what was taken out"
    with use_tenant(cast.house.tenant):
        assert ExportRun.objects.count() == 1


def test_it_is_confirmed_first(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.mona.user)
    place = f"/{cast.house.tenant.slug}/exports/of/leads/"
    for answer in (client.get(f"{place}?level=over"), client.post(f"{place}?level=over", {"format": "csv"})):
        assert "/account/confirm/" in answer["Location"]
        assert answer["Location"].endswith("leads%2F%3Flevel%3Dover"), "and back to the very list"
    assert client.get(f"/{cast.house.tenant.slug}/exports/of/secrets/").status_code == 404


def test_a_long_one_is_written_in_slices_and_goes_on_after_a_crash(
    client: Client,
    cast: Cast,
    export: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(ExportKind, "small", 2)
    monkeypatch.setattr(ExportKind, "size", 2)
    with use_tenant(cast.house.tenant):
        for number in range(6):
            open_job(title=f"Lead {number}", by=None, stage=cast.house.stage("New"))
    Due.objects.all().delete()  # the leads' own clocks, and who is asked to answer them
    page = export()
    shown = client.get(page).content.decode()
    assert "7 rows" in shown
    assert 'data-topics="exports" data-watched hx-trigger="every 5s"' in shown, "told, or asking where nothing is heard"
    assert f'href="/{cast.house.tenant.slug}/exports/" aria-current="page"' in shown
    assert due.run_due_work() == 1
    with use_tenant(cast.house.tenant):
        run = ExportRun.objects.get()
        assert (run.status, run.done) == ("running", 2)
        # As if it had died after writing the piece and before its commit.
        ExportRun.objects.update(done=0)
        Job.objects.filter(title="Lead 3").delete()
    for _ in range(4):
        due.run_due_work()
    with suppress(MemoryError), use_tenant(cast.house.tenant):
        work(ExportKind(), [run.pk])
        assert ExportRun.objects.get().status == "done"
        # It dies with the file made, before that is committed.
        raise MemoryError
    with django_capture_on_commit_callbacks(execute=True):
        while due.run_due_work():
            pass
    titles = [row["Title"] for row in fetched(client, page)]
    assert len(titles) == len(set(titles)) == 6, "none twice; the one that is gone is left out"
    with use_tenant(cast.house.tenant):
        folder = f"{cast.house.tenant.pk}/export"
        assert not [name for name in default_storage.listdir(folder)[1] if name.startswith(f"{run.uid.hex}-")]


def test_it_can_be_cancelled(client: Client, cast: Cast, export: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportKind, "small", 0)
    page = export()
    client.post(f"{page}cancel/")
    with clock.at(clock.now() + timedelta(seconds=1)):
        due.run_due_work()
    assert "Cancelled" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404


def test_it_stops_when_who_asked_may_no_longer(
    client: Client, cast: Cast, export: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExportKind, "small", 0)
    export()
    with use_tenant(cast.house.tenant):
        cast.house.mona.role = "rep"
        cast.house.mona.save()
    with clock.at(clock.now() + timedelta(seconds=1)):
        due.run_due_work()
    with use_tenant(cast.house.tenant):
        run = ExportRun.objects.get()
        assert (run.status, run.file) == ("failed", None)
        assert "no longer has permission" in run.problem


def test_a_list_too_long_for_a_workbook_is_refused_with_words(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exports.MOST, ExportRun.Format.XLSX, 0)
    client.force_login(cast.house.mona.user)
    confirm(client)
    answer = client.post(f"/{cast.house.tenant.slug}/exports/of/leads/", {"format": "xlsx"})
    assert answer.status_code == 422
    assert "choose CSV" in answer.content.decode()


def test_the_file_goes_after_its_days(client: Client, cast: Cast, export: Any) -> None:
    page = export()
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        while due.run_due_work():
            pass
    assert "The file was deleted" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404


def test_rows_cost_as_many_queries_for_many_leads_as_for_one(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        ids = [cast.house.job.pk]
        for number in range(5):
            job = open_job(title=f"Lead {number}", by=None, stage=cast.house.stage("New"))
            job.move_to(cast.house.stage("Reached"), by=None)
            ids.append(job.pk)
        counts = []
        list(exported.rows(ids, cast.house.mona))
        for part in (ids[:1], ids):
            with CaptureQueriesContext(connection) as asked:
                assert len(list(exported.rows(part, cast.house.mona))) == len(part)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_the_insurer_of_a_claim_is_no_news(client: Client, cast: Cast, export: Any) -> None:
    """Its number never leaves, so what comes in again says nothing the lead does not have."""
    mona = signed_in(cast.house.mona)
    claim = "Name,Email,Street,City,Claim number,Insurer\nAnn,ann@example.com,1 Elm St,Tampa,CL-7,Acme\n"
    mona.post(upload(mona, cast, claim).url)
    rows = fetched(client, export())
    assert [row["Insurer"] for row in rows if row["Name"] == "Ann"] == ["Acme"]
    assert not any("CL-7" in cell for row in rows for cell in row.values())
    assert totals(mona.get(upload(mona, cast, as_csv(rows)).url).content.decode())["update"] == 0
