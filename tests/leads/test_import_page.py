"""The upload page: choose a file, see what would happen, let it run; a worker goes through a large one in slices."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.jobs.models import Job
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.runs import schedule
from leads.importing.writing.writer import BatchWriter
from leads.models import ImportRun, Lead
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, totals, upload
from tests.leads.test_import_choices import act
from tests.markup import flat

CSV = "Name,Email,Amount\n" + "".join(f"Lead {n},lead{n}@example.com,$1{n}\n" for n in range(30)) + ",,\n,nobody,5\n"


pytestmark = pytest.mark.usefixtures("files")


def leads(cast: Cast) -> int:
    with use_tenant(cast.house.tenant):
        return int(Lead.objects.count())


def test_only_who_may_import_finds_the_page(cast: Cast) -> None:
    url = reverse("leads:import", args=[cast.house.tenant.slug])
    assert signed_in(cast.house.mona).get(url).status_code == 200
    assert signed_in(cast.house.rita).get(url).status_code == 404
    assert upload(signed_in(cast.house.rita), cast, CSV).status_code == 404


def test_a_file_is_shown_before_it_is_imported(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    answer = upload(client, cast, CSV)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert totals(page) == {"new": 30, "update": 0, "duplicate": 0, "refused": 1}
    assert "lead0@example.com" in page
    assert "This row has no name, email address or phone number." in page
    assert leads(cast) == 1
    assert the_run(cast).status == "checked"


def test_a_small_file_is_imported_at_once_and_once(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    for _click in range(2):
        assert client.post(url).status_code == 302
    assert leads(cast) == 31
    page = client.get(url).content.decode()
    assert totals(page)["new"] == 30
    assert "“nobody”" in page
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(title="Lead 7")
        assert job.value == 1700
        assert Event.objects.get(kind="job.opened", job_id=job.pk).actor == cast.house.mona
    lead = client.get(reverse("leads:lead", args=[cast.house.tenant.slug, job.number])).content.decode()
    assert "imported it" in lead
    with use_tenant(cast.house.tenant):
        assert Event.objects.filter(kind__startswith="import.").count() == 2
    page = client.get(upload(client, cast, CSV).url).content.decode()
    assert totals(page) == {"new": 0, "update": 0, "duplicate": 30, "refused": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04xl/workbook.xml", "workbook is damaged"),
        (b"name,email\nJan,\0\n", "NUL"),
        (b"Quarterly overview\n", "column names"),
        (b"Name,Email\n\n", "below the column names in row 1"),
        (b"name,note\nJan,<b>\nPiet," + b"x" * 200_000, "longer|more than"),
    ],
)
def test_an_unreadable_file_gets_a_sentence(cast: Cast, files: Path, content: bytes, said: str) -> None:
    answer = upload(signed_in(cast.house.mona), cast, content)
    assert answer.status_code == 422
    assert re.search(said, answer.content.decode())
    assert not [path for path in files.rglob("*") if path.is_file()]
    with use_tenant(cast.house.tenant):
        assert not ImportRun.objects.exists()


def test_no_file_and_too_large_a_file_get_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.house.mona)
    answer = client.post(reverse("leads:import", args=[cast.house.tenant.slug]))
    assert (answer.status_code, b"Choose a file first." in answer.content) == (422, True)
    monkeypatch.setattr("leads.importing.views.imports.MAX_UPLOAD", 10)
    answer = upload(client, cast, CSV)
    assert (answer.status_code, b"larger than" in answer.content) == (422, True)


def test_a_file_from_the_disk_is_read_like_one_from_memory(cast: Cast, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    client = signed_in(cast.house.mona)
    client.post(upload(client, cast, CSV).url)
    assert leads(cast) == 31


@pytest.fixture
def slices(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows at a time; the cast's own clocks, one of which may come due meanwhile, are none of it."""
    Due.objects.all().delete()
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", 4)
    monkeypatch.setattr("leads.importing.runs.ImportKind.size", 8)
    monkeypatch.setattr("leads.importing.runs.ImportKind.small", 5)


def test_a_worker_goes_through_a_large_file_in_slices(cast: Cast, slices: None) -> None:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    assert the_run(cast).status == "checking"
    assert 'hx-trigger="every 5s"' in client.get(url).content.decode()
    due.run_due_work()
    assert (the_run(cast).status, the_run(cast).done) == ("checking", 8)
    while due.run_due_work():
        pass
    assert the_run(cast).status == "checked"
    assert totals(client.get(url).content.decode()) == {"new": 30, "update": 0, "duplicate": 0, "refused": 1}
    client.post(url)
    assert (leads(cast), the_run(cast).status) == (1, "running")
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every 5s"' in fragment
    due.run_due_work()
    assert (leads(cast), the_run(cast).done) == (9, 8)
    while due.run_due_work():
        pass
    run = the_run(cast)
    assert (leads(cast), run.status, run.done, run.refused_count) == (31, "done", 31, 1)
    assert 'hx-trigger="every' not in client.get(url).content.decode()


def test_the_page_hears_of_each_slice(
    cast: Cast, slices: None, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    settings.LIVE_URL = "/account/live/"
    told: list[set[str]] = []
    monkeypatch.setattr("crm.platform.events.hints.publish_hint", lambda tenant_id, topics: told.append(topics))
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    page = client.get(url).content.decode()
    assert 'data-topics="imports" data-watched hx-trigger="hint"' in flat(page)
    assert 'hx-trigger="every' not in page
    with django_capture_on_commit_callbacks(execute=True):
        due.run_due_work()
    assert the_run(cast).status == "checking"
    assert told == [{"imports"}]


def test_a_large_file_is_read_by_a_worker_and_leaves_nothing_when_it_cannot_be(
    cast: Cast, files: Path, slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.importing.runs.READ_AT_ONCE", 10)
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    assert (the_run(cast).status, "Reading the file" in client.get(url).content.decode()) == ("reading", True)
    while due.run_due_work():
        pass
    assert totals(client.get(url).content.decode())["new"] == 30
    kept = {path for path in files.rglob("*") if path.is_file()}
    url = upload(client, cast, "name,email\nJan,\0\n").url
    while due.run_due_work():
        pass
    page = client.get(url).content.decode()
    assert the_run(cast).status == "failed"
    assert "contains a NUL" in page
    assert "Choose another file" in page
    assert {path for path in files.rglob("*") if path.is_file()} == kept
    listed = flat(client.get(reverse("leads:import", args=[cast.house.tenant.slug])).content.decode())
    assert ("Refused: it can’t be read" in listed, "<td>Stopped</td>" in listed) == (True, False)


def test_the_page_costs_as_much_for_many_doubles_as_for_few(cast: Cast) -> None:
    client, costs = signed_in(cast.house.mona), []
    email = "cora@suncoast-test-mail.example"
    for count in (2, 9):
        url = upload(client, cast, "Name,Email\n" + f"Cora,{email}\n" * count).url
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        costs.append(sum(query["sql"].startswith("SELECT") for query in captured))
    assert costs[0] == costs[1] <= 32


def test_a_slice_that_dies_is_done_again(cast: Cast, slices: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    while due.run_due_work():
        pass
    client.post(url)
    write, dying = BatchWriter.write, [True]

    def die_once(self: BatchWriter, touched: Any) -> None:
        write(self, touched)
        if dying:
            dying.pop()
            raise ConnectionError

    monkeypatch.setattr(BatchWriter, "write", die_once)
    due.run_due_work()
    assert (leads(cast), the_run(cast).done) == (1, 0)
    with use_tenant(cast.house.tenant):
        schedule(ImportRun.objects.get())
    while due.run_due_work():
        pass
    assert (leads(cast), the_run(cast).status) == (31, "done")


def test_a_file_that_is_gone_ends_with_a_sentence(cast: Cast, files: Path, slices: None) -> None:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    while due.run_due_work():
        pass
    client.post(url)
    for path in files.rglob("*.jsonl"):
        path.unlink()
    due.run_due_work()
    assert the_run(cast).status == "failed"
    assert "was deleted" in client.get(url).content.decode()


def test_each_row_shows_what_it_was_understood_as(cast: Cast) -> None:
    """An amount or a day that was taken amiss is seen before it is written; afterwards each row is its customer's."""
    client = signed_in(cast.house.mona)
    rows = "Name,Title,Email,Amount,Created,Status\n"
    rows += 'Ann,Roof,ann@example.com,"1,250.50",2026-03-04 22:00,sold\n,,nobody,7,,\n'
    url = upload(client, cast, rows).url
    page = flat(client.get(url).content.decode())
    assert '<th scope="col">Read as</th>' in page
    assert re.search(r"Status:</span> won<.*Value:</span> \$1,250.50<.*Came in:</span> 2026-03-04<", page), (
        "as the day is called there"
    )
    assert "<td>nobody · 7</td>" in page, "which row was refused"
    client.post(url)
    page = client.get(url).content.decode()
    assert "Read as" not in page
    assert re.search(r"<a [^>]*>Ann</a>", page)


def test_the_earlier_imports_are_a_page_after_the_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who tried ten files still finds the one to take back."""
    monkeypatch.setattr("leads.importing.views.imports.EARLIER", 2)
    client = signed_in(cast.house.mona)
    for number in range(3):
        upload(client, cast, CSV, f"list-{number}.csv")
    place = reverse("leads:import", args=[cast.house.tenant.slug])
    page = client.get(place).content.decode()
    assert [name in page for name in ("list-2.csv", "list-1.csv", "list-0.csv")] == [True, True, False]
    link = re.search(r'href="(\?before=[^"#]+)', page)
    assert link is not None
    older = client.get(place + link[1]).content.decode()
    assert "list-0.csv" in older
    assert 'href="?before=' not in older
    assert "list-2.csv" in client.get(f"{place}?before=nonsense").content.decode()


UNSURE = "Name,Bauleitung Tel\nAnn,030 123456\nBob,030 234567\n"


def test_a_column_that_is_not_certain_is_asked_first_and_once(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    page = client.get(upload(client, cast, UNSURE).url).content.decode()
    asked, others = page.partition('id="columns"')[::2]
    assert "Are these columns correct?" in asked
    assert 'name="column-1"' in asked
    assert 'name="column-0"' in others
    act(client, cast, "choose", **{"column-0": "name", "column-1": "keep"})
    page = client.get(upload(client, cast, UNSURE).url).content.decode()
    assert "Are these columns correct?" not in page, "what was chosen is remembered"


def test_the_command_names_the_columns_that_are_not_certain(bring: Any) -> None:
    assert bring(UNSURE, "--dry-run")[1]["columns_to_check"] == ["Bauleitung Tel"]
