"""Documents in the API: uploaded with the product's checks, downloaded by its rules."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.documents.files import limits
from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.platform.models import AccessLog
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast
from tests.documents.conftest import PDF, photo


@pytest.fixture(autouse=True)
def _storage(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    with use_tenant(cast.house.tenant):
        begin()


def upload(client: ApiClient, cast: Cast, content: bytes = PDF, name: str = "Permit.pdf", **fields: Any) -> Any:
    headers = {"Idempotency-Key": fields.pop("key")} if "key" in fields else {}
    values = {"file": SimpleUploadedFile(name, content), "job": cast.house.job.number} | fields
    return client.post("documents/", values, headers=headers)


def test_a_file_is_uploaded_and_downloaded(rita: ApiClient, cast: Cast) -> None:
    answer = upload(rita, cast, kind="permit", title="Permit of Bayshore Ct", expires_on="2027-05-01")

    assert answer.status_code == 201
    row = answer.json()
    assert (row["kind"], row["media_type"], row["size"]) == ("Permit", "application/pdf", len(PDF))
    assert (row["visibility"], row["job"], row["expires_on"]) == ("internal", cast.house.job.number, "2027-05-01")
    file = rita.get(row["file"].partition("/api/v1/")[2], headers={"Accept": "application/pdf"})
    assert b"".join(file.streaming_content) == PDF
    assert "Permit of Bayshore Ct.pdf" in file["Content-Disposition"]
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(Document.objects.get()).exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "Permit.html", "web page"),
        (PDF, "Permit.jpg", "wrong extension"),
        (b"", "Permit.pdf", "is empty"),
    ],
)
def test_a_file_is_checked_as_on_the_page(content: bytes, name: str, words: str, rita: ApiClient, cast: Cast) -> None:
    answer = upload(rita, cast, content, name)

    assert (answer.status_code, words in answer.json()["detail"]) == (409, True)
    with use_tenant(cast.house.tenant):
        assert not Document.objects.exists()


def test_a_body_beyond_any_file_is_not_read(rita: ApiClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.requests.file_body.MOST", 10)
    monkeypatch.setattr("api.requests.file_body.BESIDES", 10)

    assert upload(rita, cast).status_code == 413
    assert limits.MOST > 10_000_000


def test_a_photo_above_the_size_of_a_json_body_is_taken(rita: ApiClient, cast: Cast) -> None:
    content = PDF + b"%" * 3_000_000

    assert upload(rita, cast, content).json()["size"] == len(content)


def test_an_upload_sent_again_is_one_document(rita: ApiClient, cast: Cast) -> None:
    first, again = (upload(rita, cast, key="scan-1") for _ in range(2))

    assert (first.status_code, again.json()["id"], again["Idempotent-Replay"]) == (201, first.json()["id"], "true")
    assert upload(rita, cast, photo(), "Roof.jpg", key="scan-1").status_code == 422


@pytest.mark.parametrize(("fields", "status"), [({"job": 999}, 404), ({"job": "x"}, 422), ({"kind": "Poem"}, 409)])
def test_an_upload_names_what_it_is_of(fields: Any, status: int, rita: ApiClient, cast: Cast) -> None:
    assert upload(rita, cast, **fields).status_code == status


def test_a_file_is_shown_replaced_and_archived(ada: ApiClient, rita: ApiClient, cast: Cast) -> None:
    path = f"documents/{upload(rita, cast).json()['id']}/"

    assert rita.send("post", f"{path}show/", {}).json()["visibility"] == "customer"
    newer = rita.post(f"{path}replace/", {"file": SimpleUploadedFile("Roof.jpg", photo())})
    assert (newer.json()["version"], newer.json()["media_type"]) == (2, "image/jpeg")
    assert rita.send("patch", path, {"title": "The roof", "kind": "Photo"}).json()["kind"] == "Photo"
    assert rita.send("post", f"{path}archive/", {}).status_code == 403
    assert ada.send("post", f"{path}archive/", {}).json()["archived_at"]
    assert ada.get("documents/").json()["results"] == []
    assert len(ada.get("documents/?archived=1").json()["results"]) == 1


def test_a_file_of_a_colleagues_customer_is_not_there(rita: ApiClient, ada: ApiClient, cast: Cast) -> None:
    path = f"documents/{upload(ada, cast).json()['id']}/"
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.mona)

    assert rita.get(f"{path}file/").status_code == 404
    assert ada.get(f"{path}file/?version=2").status_code == 404
    assert ada.get(f"{path}file/?version=x").status_code == 400


def test_a_file_host_gets_its_address(ada: ApiClient, cast: Cast, settings: Any) -> None:
    row = upload(ada, cast).json()
    settings.ATTACHMENT_HOST = "files.example"

    answer = ada.get(f"documents/{row['id']}/file/")
    assert (answer.status_code, "files.example" in answer["Location"]) == (302, True)
