"""Dry runs, and the form of the reference that tries a call."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from api.models import ApiToken, StoredAnswer
from api.routes import router
from crm.documents.models import Document
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.models import Event
from crm.platform.organization.tenant_removal import tables_in_key_order
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.api.records import body_of, create_records
from tests.cast import Cast, House
from tests.documents.conftest import PDF

LUZ = {"name": "Luz Okafor"}


def count_luz(cast: Cast) -> int:
    with use_tenant(cast.house.tenant):
        return int(Person.objects.filter(name="Luz Okafor").count())


def test_a_dry_run_says_what_would_be_and_stores_nothing(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        events = Event.objects.count()

    answer = ada.send("post", "people/", LUZ, Dry_Run="true", Idempotency_Key="k1")

    assert (answer.status_code, answer["Dry-Run"], answer.json()["name"]) == (201, "true", "Luz Okafor")
    with use_tenant(cast.house.tenant):
        assert (Event.objects.count(), StoredAnswer.objects.count()) == (events, 0)
    assert ada.get(f"people/{answer.json()['id']}/").status_code == 404
    assert ada.send("post", "people/", {"name": "Lou"}, Idempotency_Key="k1").status_code == 201


def test_a_dry_run_is_refused_as_the_write_would_be(ada: ApiClient) -> None:
    assert ada.send("post", "people/", {"nme": "Luz"}, Dry_Run="true").status_code == 422


def test_an_unclear_header_writes_nothing(ada: ApiClient, cast: Cast) -> None:
    assert ada.send("post", "people/", LUZ, Dry_Run="yes").status_code == 400
    assert count_luz(cast) == 0


# Files and rows


@pytest.fixture
def folder(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    """The folder of the storage, empty."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def rows_of(house: House) -> dict[str, Any]:
    """A hash of the rows of each table, but for the last use of tokens."""
    tables = [name for name in tables_in_key_order() if name != ApiToken._meta.db_table]
    with use_tenant(house.tenant), connection.cursor() as cursor:
        cursor.execute(
            " union all ".join(f"select '{name}', sum(hashtextextended(t::text, 0)) from {name} t" for name in tables)
        )
        return dict(cursor.fetchall())


def test_a_dry_run_leaves_no_file(ada: ApiClient, cast: Cast, folder: Path) -> None:
    with use_tenant(cast.house.tenant):
        document = create_records(cast.house)["documents"]
    before = files_in(folder)

    for path in ("documents/", f"documents/{document}/replace/"):
        values = {"file": SimpleUploadedFile("Permit.pdf", PDF)}
        if path == "documents/":
            values["job"] = cast.house.job.number
        answer = ada.post(path, values, headers={"Dry-Run": "true"})
        assert (answer.status_code < 300, answer["Dry-Run"]) == (True, "true")

    assert files_in(folder) == before != set()


def test_a_dry_run_deletes_no_file(ada: ApiClient, cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with use_tenant(cast.house.tenant):
        create_records(cast.house)
        file = Document.objects.get().versions.get().file
    before = files_in(folder)

    def delete_at_once(person: Person, *, by: Any) -> None:
        stored_files.delete_file(file, by=by)

    monkeypatch.setattr("api.resources.customers.people.erase", delete_at_once)
    for is_dry, files in (("true", before), ("false", before - {folder / file.path})):
        ada.send("post", f"people/{cast.house.cora.uid}/erase/", {"name": "Cora Customer"}, Dry_Run=is_dry)
        assert files_in(folder) == files


def test_no_dry_run_leaves_anything(ada: ApiClient, cast: Cast, folder: Path) -> None:
    with use_tenant(cast.house.tenant):
        ids = create_records(cast.house)
    rows = rows_of(cast.house)
    files = files_in(folder)

    done = 0
    for pattern in router.urls:
        route = str(pattern.pattern)
        own = str(ids.get(route.partition("/")[0], ""))
        path = route.replace("<int:id>", own).replace("<uuid:id>", own)
        for way in {*pattern.callback.actions} - {"get", "head"}:
            done += ada.send(way, path, body_of(route), Dry_Run="true").status_code < 300

    assert [name for name, digest in rows_of(cast.house).items() if digest != rows[name]] == []
    assert files_in(folder) == files
    assert done >= 30


# The form


@pytest.fixture
def browser(cast: Cast) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.house.ada.user)
    return client


def try_call(browser: Client, cast: Cast, call: str, **values: str) -> Any:
    """Send the form of a call, as its page has it."""
    path = f"/{cast.house.tenant.slug}/settings/api/reference/?call={call}"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode())
    assert token
    return browser.post(path, {"csrfmiddlewaretoken": token[1]} | values)


def test_a_call_is_tried_and_really_done(browser: Client, cast: Cast) -> None:
    tried = try_call(browser, cast, "people_create", run="dry", body='{"name": "Luz Okafor"}').content.decode()
    assert "dry run: nothing was changed" in tried
    assert count_luz(cast) == 0

    done = try_call(browser, cast, "people_create", run="real", body='{"name": "Luz Okafor"}').content.decode()
    assert ("201" in done, count_luz(cast)) == (True, 1)


@pytest.mark.parametrize(
    ("call", "values", "words"),
    [
        ("people_list", {"run": "real", "query": "?limit=1"}, "Cora Customer"),
        ("people_create", {"run": "dry", "body": "{"}, "400"),
        ("people_retrieve", {"run": "real", "record_id": "../nonesuch"}, "404"),
        ("jobs_move", {"run": "dry", "record_id": "1001", "body": '{"stage": "Nowhere"}'}, "There is no"),
    ],
)
def test_the_answer_is_shown(call: str, values: dict[str, str], words: str, browser: Client, cast: Cast) -> None:
    page = try_call(browser, cast, call, **values)

    assert page.status_code == 200
    assert words in page.content.decode().partition('id="answer"')[2]


def test_a_call_needs_the_token_of_the_form(browser: Client, cast: Cast) -> None:
    path = f"/{cast.house.tenant.slug}/settings/api/reference/?call=people_create"

    assert browser.post(path, {"run": "real", "body": '{"name": "Luz Okafor"}'}).status_code == 403
    assert count_luz(cast) == 0


def test_erasing_is_confirmed_first(browser: Client, cast: Cast) -> None:
    values = {"run": "real", "record_id": str(cast.house.cora.uid), "body": '{"name": "Cora Customer"}'}

    assert try_call(browser, cast, "people_erase", **values)["Location"].startswith("/account/confirm/")


def test_calls_are_found_by_words(browser: Client, cast: Cast) -> None:
    page = browser.get(f"/{cast.house.tenant.slug}/settings/api/reference/?q=post merge").content.decode()

    assert "people/{id}/merge/" in page
    assert "call=jobs_move" not in page.partition("phone-only")[0]
