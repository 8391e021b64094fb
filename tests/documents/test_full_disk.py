"""A full disk under the files: worded refusals, nothing half-written, and what arrives waits until there is room."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comms.composer.files import store_uploads
from crm.documents.models import Document
from crm.platform.files import stored_files
from crm.platform.health import full_disk
from crm.platform.models import StoredFile
from crm.platform.tenancy.context import use_tenant
from crm.web.health.platform_checks import check_files
from crm.web.health.snapshot import HealthSnapshot
from tests.cast import Cast
from tests.documents.conftest import PDF, kind
from tests.documents.test_pages import PIECE, at
from tests.small_disk import SIZE, disk, files_in, room

__all__ = ["disk", "room"]

LARGE = PDF + b"\n%" + b"x" * (2 * SIZE) + b"\n%%EOF\n"


@pytest.fixture
def rita(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.rita.user)
    client.raise_request_exception = False
    return client


def test_a_document_is_refused_in_words_and_nothing_stays(house: Any, rita: Client, disk: Path) -> None:
    url = at(house, "add_to_job", house.job.number)
    page = rita.post(url, {"file": SimpleUploadedFile("plan.pdf", LARGE)}, headers={"accept": "text/html"})
    assert (page.status_code, "no room for files" in page.content.decode()) == (507, True)
    assert files_in(disk) == []
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()


def test_an_upload_in_pieces_goes_on_once_there_is_room(house: Any, rita: Client, disk: Path, room: Any) -> None:
    fields = {"lead": house.job.number, "name": "plan.pdf", "size": len(LARGE), "kind": kind("Permit").pk}
    url = rita.post(at(house, "begin_upload"), fields)["Location"]
    answer = rita.patch(url, LARGE, content_type=PIECE, headers={"Upload-Offset": "0"})
    assert (answer.status_code, answer["Content-Type"]) == (507, "text/plain; charset=utf-8")
    assert files_in(disk) == []
    room()
    assert rita.patch(url, LARGE, content_type=PIECE, headers={"Upload-Offset": "0"}).status_code == 204


def test_of_several_files_none_stays_where_one_has_no_room(cast: Cast, disk: Path) -> None:
    files = [SimpleUploadedFile("a.txt", b"a" * 1000), SimpleUploadedFile("b.pdf", LARGE)]
    with use_tenant(cast.house.tenant), pytest.raises(OSError) as raised:
        store_uploads(files, "email", by=cast.house.rita)
    assert full_disk.is_full_disk(raised.value)
    assert files_in(disk) == []


def test_health_tells_of_the_last_file_that_had_no_room(valkey_url: str, cast: Cast, disk: Path, settings: Any) -> None:
    settings.FILES_LEAST_FREE = 1
    (fine,) = check_files(HealthSnapshot())
    with use_tenant(cast.house.tenant), pytest.raises(OSError):
        stored_files.store_file(io.BytesIO(LARGE), "a.pdf", purpose="test", by=None)
    (found,) = check_files(HealthSnapshot())
    assert (fine.state, found.state) == ("ok", "crit")


def test_health_tells_of_little_room(disk: Path, settings: Any) -> None:
    settings.FILES_LEAST_FREE = 10 * SIZE
    (found,) = check_files(HealthSnapshot())
    assert found.state == "crit"
