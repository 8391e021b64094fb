"""A list as a file: what the list shows, to who may take it out, on record, resumed after a crash, deleted in time."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from crm.jobs.models import Job, Note
from crm.jobs.opening import open_job
from crm.platform import clock, due, exporting
from crm.platform.models import Event, ExportRun
from crm.platform.tenancy import use_tenant
from leads.intake import runs
from leads.intake.planning import Choices, plan_of
from leads.models import BulkRun
from tests.cast import Cast
from tests.platform.confirm import confirm


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
    assert kinds == [(f"export.{what}", house.mona.pk) for what in ("started", "done", "fetched")]


def test_chosen_leads_alone(client: Client, cast: Cast, export: Any) -> None:
    with use_tenant(cast.house.tenant):
        other = open_job(title="Other", by=None)
        open_job(title="Not chosen", by=None)
        chosen = [other.pk, cast.house.job.pk, 10**9]
        picked = BulkRun.objects.create(act="export", job_ids=chosen, pipelines=[], by=cast.house.mona)
        hers = BulkRun.objects.create(act="export", job_ids=chosen, pipelines=[], by=cast.house.ada)
    rows = fetched(client, export(query=f"picked={picked.uid}"))
    assert {row["Lead number"] for row in rows} == {str(other.number), str(cast.house.job.number)}
    for nothing in (hers.uid, "nonsense"):
        assert fetched(client, export(query=f"picked={nothing}")) == []


def test_the_import_understands_every_column_it_has_a_field_for(client: Client, cast: Cast, export: Any) -> None:
    page = export()
    with use_tenant(cast.house.tenant):
        run = ExportRun.objects.get()
        with default_storage.open(run.file.path) as file:
            understood = plan_of(*runs.understood(file, io.BytesIO(), Choices())).as_summary()["columns"]
    assert page
    assert {"Title", "Name", "Email", "Phone", "Step", "Status", "Why lost", "Rep", "Value", "Came in"} <= set(
        understood
    )


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
    assert client.get(place).status_code == 200
    assert "/account/confirm/" in client.post(place, {"format": "csv"})["Location"]
    assert client.get(f"/{cast.house.tenant.slug}/exports/of/secrets/").status_code == 404


def test_a_long_one_is_written_in_slices_and_goes_on_after_a_crash(
    client: Client, cast: Cast, export: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SMALL", 2)
    monkeypatch.setattr(exporting, "SLICE", 2)
    with use_tenant(cast.house.tenant):
        for number in range(6):
            open_job(title=f"Lead {number}", by=None, stage=cast.house.stage("New"))
    page = export()
    assert "7 rows" in client.get(page).content.decode()
    assert due.tick() == 1
    with use_tenant(cast.house.tenant):
        run = ExportRun.objects.get()
        assert (run.status, run.rows_done) == ("running", 2)
        # As if it had died after writing the piece and before its commit.
        ExportRun.objects.update(rows_done=0)
        Job.objects.filter(title="Lead 3").delete()
    while due.tick():
        pass
    titles = [row["Title"] for row in fetched(client, page)]
    assert len(titles) == len(set(titles)) == 6, "none twice; the one that is gone is left out"
    with use_tenant(cast.house.tenant):
        folder = f"{cast.house.tenant.pk}/export"
        assert not [name for name in default_storage.listdir(folder)[1] if name.endswith(".part")]


def test_it_can_be_cancelled(client: Client, cast: Cast, export: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "SMALL", 0)
    page = export()
    client.post(f"{page}cancel/")
    with clock.at(clock.now() + timedelta(seconds=1)):
        due.tick()
    assert "Cancelled" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404


def test_it_stops_when_who_asked_may_no_longer(
    client: Client, cast: Cast, export: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SMALL", 0)
    export()
    with use_tenant(cast.house.tenant):
        cast.house.mona.role = "rep"
        cast.house.mona.save()
    with clock.at(clock.now() + timedelta(seconds=1)):
        due.tick()
    with use_tenant(cast.house.tenant):
        run = ExportRun.objects.get()
        assert (run.status, run.file) == ("failed", None)
        assert "may no longer" in run.problem


def test_a_list_too_long_for_a_workbook_is_refused_with_words(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exporting.MOST, ExportRun.Format.XLSX, 0)
    client.force_login(cast.house.mona.user)
    confirm(client)
    answer = client.post(f"/{cast.house.tenant.slug}/exports/of/leads/", {"format": "xlsx"})
    assert answer.status_code == 422
    assert "choose CSV" in answer.content.decode()


def test_the_file_goes_after_its_days(client: Client, cast: Cast, export: Any) -> None:
    page = export()
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        while due.tick():
            pass
    assert "The file is deleted" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404
