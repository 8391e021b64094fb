"""Files in a bucket: stored, streamed, listed and deleted as in a folder, encrypted, and moved with their hashes."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.core.management import CommandError, call_command
from django.http import Http404
from moto.server import ThreadedMotoServer

from crm.config.file_storage import bucket_storage, file_storage, folder_storage
from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.health import full_disk
from crm.platform.models import StoredFile
from crm.platform.storage import file_trees
from crm.platform.storage.file_trees import copy_tree, delete_tree, move_files, walk_files
from crm.platform.tenancy.context import use_tenant
from runtime.servers.ports import free_port
from tests.cast import Cast

BUCKET = "throughline-files"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    moto.start()
    yield f"http://127.0.0.1:{port}"
    moto.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of the server with an empty bucket, which the environment names."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "FILES_BUCKET": BUCKET,
        "FILES_ENDPOINT_URL": server,
        "FILES_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=server, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def bucket(s3: Any, settings: Any, tmp_path: Path) -> Storage:
    """The bucket as the product's storage."""
    import environ

    settings.STORAGES = settings.STORAGES | {"default": file_storage(environ.Env(), tmp_path)}
    return default_storage


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Storage:
    settings.VAR_DIR = tmp_path
    return storages.create_storage(folder_storage(tmp_path / "files"))


def store(cast: Cast, content: bytes = b"the plan of a roof") -> StoredFile:
    with use_tenant(cast.house.tenant):
        return stored_files.store_file(io.BytesIO(content), "plan.pdf", purpose="tests", by=None)


def test_without_a_bucket_files_are_in_the_folder(tmp_path: Path) -> None:
    import environ

    assert file_storage(environ.Env(), tmp_path) == folder_storage(tmp_path)


def test_a_file_is_stored_and_streamed_from_the_bucket(cast: Cast, bucket: Storage) -> None:
    row = store(cast, b"x" * 3_000_000)
    with use_tenant(cast.house.tenant):
        response = stored_files.file_response(row)
    assert response.streaming
    assert sum(map(len, response)) == 3_000_000
    assert response["Content-Length"] == "3000000"


def test_the_server_encrypts_and_nobody_else_may_read(cast: Cast, bucket: Storage, s3: Any) -> None:
    row = store(cast)
    assert s3.head_object(Bucket=BUCKET, Key=row.path)["ServerSideEncryption"] == "AES256"
    grants = s3.get_object_acl(Bucket=BUCKET, Key=row.path)["Grants"]
    assert not [grant for grant in grants if grant["Grantee"]["Type"] == "Group"]


def test_no_link_leads_to_the_bucket(cast: Cast, bucket: Storage) -> None:
    with pytest.raises(NotImplementedError):
        bucket.url(store(cast).path)


def test_an_expired_and_a_deleted_file_are_gone(cast: Cast, bucket: Storage) -> None:
    row = store(cast)
    with use_tenant(cast.house.tenant):
        with clock.at(clock.now() + timedelta(days=31)), pytest.raises(Http404):
            stored_files.file_response(row)
        stored_files.delete_file(row, by=None)
    assert list(walk_files(bucket)) == []


def test_bytes_that_are_missing_are_a_file_that_is_gone(cast: Cast, bucket: Storage) -> None:
    row = store(cast)
    bucket.delete(row.path)
    with use_tenant(cast.house.tenant), pytest.raises(stored_files.FileGone), stored_files.open_file(row):
        pass


def test_orphans_are_deleted_and_files_stay(cast: Cast, bucket: Storage) -> None:
    row = store(cast)
    bucket.save(f"{cast.house.tenant.pk}/tests/orphan.pdf", ContentFile(b"left"))
    with use_tenant(cast.house.tenant), clock.at(clock.now() + timedelta(days=2)):
        assert stored_files.delete_orphans() == 1
    assert list(walk_files(bucket)) == [row.path]


def test_a_tenants_tree_is_copied_out_and_deleted(cast: Cast, bucket: Storage, tmp_path: Path) -> None:
    row = store(cast)
    bucket.save("7000/tests/of-another.pdf", ContentFile(b"theirs"))
    home = str(cast.house.tenant.pk)
    copy_tree(home, tmp_path / "export")
    assert (tmp_path / "export" / row.path.removeprefix(f"{home}/")).read_bytes() == b"the plan of a roof"
    delete_tree(home)
    assert list(walk_files(bucket)) == ["7000/tests/of-another.pdf"]


def test_the_room_of_a_bucket_is_unknown(bucket: Storage) -> None:
    assert (full_disk.is_in_bucket(), full_disk.free_bytes()) == (True, None)


def test_files_are_moved_to_the_bucket_and_back(s3: Any, folder: Storage, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["1/tests/a.pdf", "1/other/b.pdf"]
    for name in names:
        folder.save(name, ContentFile(name.encode()))
    call_command("move_files", "bucket", "--dry-run")
    assert "To copy: 2 files, 26 bytes" in capsys.readouterr().out
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    call_command("move_files", "bucket", "--delete")
    assert list(walk_files(folder)) == []
    call_command("move_files", "folder")
    assert "Copied: 2 files" in capsys.readouterr().out
    assert [folder.open(name).read() for name in names] == [name.encode() for name in names]


def test_a_move_goes_on_where_it_was_broken_off(s3: Any, folder: Storage) -> None:
    import environ

    target = storages.create_storage(bucket_storage(environ.Env()))
    for name, content in {"1/tests/whole": b"whole", "1/tests/broken": b"broken off"}.items():
        folder.save(name, ContentFile(content))
    target.save("1/tests/whole", ContentFile(b"whole"))
    target.save("1/tests/broken", ContentFile(b"brok"))
    move = move_files(folder, target, dry_run=False, delete=False)
    assert (move.copied, move.present) == (1, 1)
    assert target.open("1/tests/broken").read() == b"broken off"


def test_a_copy_that_differs_is_refused_and_its_source_kept(
    s3: Any, folder: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.save("1/tests/a", ContentFile(b"right"))
    monkeypatch.setattr(file_trees, "_copy", lambda source, target, path: target.save(path, ContentFile(b"wrong")))
    with pytest.raises(CommandError, match="differs"):
        call_command("move_files", "bucket", "--delete")
    assert folder.exists("1/tests/a")


def test_a_move_without_a_bucket_is_refused() -> None:
    with pytest.raises(CommandError, match="FILES_BUCKET"):
        call_command("move_files", "bucket")
