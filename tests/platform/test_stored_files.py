"""Files kept for a while: their bytes, who gets them, and that they go."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.models import Event, StoredFile
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


def on_disk(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def kept(cast: Cast, content: bytes = b"name\nJan\n") -> StoredFile:
    with use_tenant(cast.house.tenant):
        return stored_files.store_file(io.BytesIO(content), "../leads.csv", purpose="test", by=cast.house.mona)


def test_a_file_is_kept_under_a_path_nobody_can_guess(cast: Cast, files: Path) -> None:
    row = kept(cast)
    assert (row.name, row.content_type, row.size, row.is_kept) == ("leads.csv", "text/csv", 9, True)
    (path,) = on_disk(files)
    folder = f"{cast.house.tenant.pk}/test"
    assert str(path.relative_to(files)) == row.path
    assert row.path.startswith(folder)
    assert len(path.stem) == 32
    with use_tenant(cast.house.tenant), stored_files.open_file(row) as file:
        assert file.read() == b"name\nJan\n"


def test_it_is_handed_out_as_a_download_the_browser_does_not_show(cast: Cast) -> None:
    row = kept(cast)
    response = stored_files.file_response(row)
    assert b"".join(response.streaming_content) == b"name\nJan\n"  # type: ignore[arg-type]
    assert response["Content-Disposition"] == 'attachment; filename="leads.csv"'
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_a_file_in_the_making_leaves_nothing_behind_when_it_fails(cast: Cast, files: Path) -> None:
    with use_tenant(cast.house.tenant):
        with stored_files.write_stored_file("list.csv", purpose="test", by=None) as making:
            making.write(b"a,b\n")
        assert making.stored
        assert making.stored.size == 4
        with (
            pytest.raises(ZeroDivisionError),
            stored_files.write_stored_file("list.csv", purpose="test", by=None) as making,
        ):
            making.write(bytes(1 // 0))
        assert StoredFile.objects.count() == len(on_disk(files)) == 1


def test_after_thirty_days_the_bytes_go_and_an_event_says_so(cast: Cast, files: Path) -> None:
    row = kept(cast)
    for days, there in ((29, 1), (31, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            while due.run_due_work():
                pass
        assert len(on_disk(files)) == there
    with use_tenant(cast.house.tenant):
        row.refresh_from_db()
        assert (row.path, row.is_kept) == ("", False)
        event = Event.objects.get(kind="file.deleted")
        assert (event.data["cause"], event.data["purpose"], event.actor) == ("retention", "test", None)
        assert "leads" not in str(event.data)
        with pytest.raises(stored_files.FileGone), stored_files.open_file(row):
            pass
    with pytest.raises(Http404):
        stored_files.file_response(row)


def test_an_expired_file_is_not_handed_out_even_before_it_is_deleted(cast: Cast) -> None:
    row = kept(cast)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(Http404):
        stored_files.file_response(row)


def test_deleting_twice_records_once(cast: Cast, files: Path) -> None:
    row = kept(cast)
    with use_tenant(cast.house.tenant):
        for _again in range(2):
            stored_files.delete_file(row, by=cast.house.mona)
        assert Event.objects.filter(kind="file.deleted").count() == 1
    assert on_disk(files) == []


def test_bytes_that_a_rollback_left_without_a_row_go_too(cast: Cast, files: Path) -> None:
    with use_tenant(cast.house.tenant):
        lost = stored_files.store_file(io.BytesIO(b"lost"), "lost.csv", purpose="test", by=None)
        # What a rollback takes of it; the bytes stay.
        StoredFile.objects.filter(pk=lost.pk).delete()
    row = kept(cast)
    assert len(on_disk(files)) == 2
    with use_tenant(cast.house.tenant):
        assert stored_files.delete_orphans() == 0
        with clock.at(clock.now() + timedelta(days=2)):
            assert stored_files.delete_orphans() == 1
    assert [str(path.relative_to(files)) for path in on_disk(files)] == [row.path]
