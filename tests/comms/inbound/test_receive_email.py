"""`receive_email`: one JSON line a mail, whatever the bytes."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comms.inbound import files as files_module
from comms.models import Inbound, Message
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import AUTO_REPLY, BOUNCE, SUPPORT, raw_mail, with_file

FIELDS = {
    *("file", "outcome", "ticket", "message_id", "from", "to", "cc", "subject", "text", "reply_text", "html"),
    *("attachments", "matched_by", "bounce", "reason"),
}


@pytest.fixture(autouse=True)
def mailbox(opened: Opened) -> None:
    opened(SUPPORT)


def receive(cast: Cast, *files: Any, **options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("receive_email", *map(str, files), tenant=cast.house.tenant.slug, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def written(folder: Path, **mails: bytes) -> list[Path]:
    for name, raw in mails.items():
        (folder / name).write_bytes(raw)
    return [folder / name for name in mails]


def test_each_file_is_one_line_with_all_fields(cast: Cast, tmp_path: Path) -> None:
    files = written(tmp_path, person=with_file(b"hi"), again=with_file(b"hi"), ooo=AUTO_REPLY, bounce=BOUNCE % b"<x@y>")
    lines = receive(cast, *files)
    assert [line["outcome"] for line in lines] == ["ticket", "duplicate", "auto_reply", "bounce"]
    assert all(set(line) >= FIELDS for line in lines)
    person, _again, _ooo, bounce = lines
    assert person["from"] == "cora@suncoast-test-mail.example"
    assert (person["to"], person["message_id"]) == ([SUPPORT], "f1@home.example")
    assert isinstance(person["ticket"], int)
    assert person["attachments"] == [{"name": "roof.txt", "type": "text/plain", "size": 2, "inline": False}]
    assert person["reply_text"].strip() == "See the file"
    assert bounce["bounce"] == {
        "recipients": ["cora@suncoast-test-mail.example"],
        "permanent": True,
        "status": "5.1.1",
    }


def test_whatever_the_bytes_it_says_what_became_of_them(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody ever writes to the pipe: however long one waits.
    monkeypatch.setattr(files_module, "PATIENCE", 0.01)
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    files = written(tmp_path, empty=b"", noise=os.urandom(3000), zeros=b"\0" * 1000, deep=_deep(), half=raw_mail()[:40])
    lines = receive(cast, *files, tmp_path / "fifo", tmp_path / "folder", tmp_path / "missing", "/dev/null")
    assert len(lines) == 9
    assert all((line["outcome"] and line["outcome"] != "parked") or line["reason"] for line in lines)


def _deep() -> bytes:
    head = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(500))
    return b"From: a@b.example\r\n" + head


def test_an_mbox_and_a_maildir_hold_several(cast: Cast, tmp_path: Path) -> None:
    one, two = raw_mail(), raw_mail("Second\n\nFrom here on", Message_ID="<a2@home.example>")
    mbox = b"From a@b Mon Nov  2 10:00:00 2026\n" + one + b"\nFrom a@b Mon Nov  2 10:00:00 2026\n" + two
    (tmp_path / "new").mkdir()
    written(tmp_path / "new", three=raw_mail(Message_ID="<a3@home.example>"))
    (tmp_path / "all.mbox").write_bytes(mbox)
    lines = receive(cast, tmp_path / "all.mbox", tmp_path)
    assert [line["message_id"] for line in lines] == [f"a{number}@home.example" for number in (1, 2, 3)]


@pytest.mark.parametrize("name", ["one.eml", "one.mbox"])
def test_of_a_mail_that_is_too_large_it_is_kept_that_only_its_beginning_was_taken(
    cast: Cast, tmp_path: Path, settings: Any, name: str
) -> None:
    (tmp_path / name).write_bytes(with_file(b"x" * 70 + b"\n"))
    (tmp_path / f"large-{name}").write_bytes(with_file((b"x" * 70 + b"\n") * 100).replace(b"f1@", b"f2@"))
    settings.INBOUND_MOST_BYTES = 2_000
    receive(cast, tmp_path / name, tmp_path / f"large-{name}")
    with use_tenant(cast.house.tenant):
        whole, cut = Message.objects.order_by("pk")
    assert whole.problems == []
    assert cut.problems[0] == {"code": "mail_too_large", "count": 0, "names": []}


def test_a_dry_run_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    [line] = receive(cast, *written(tmp_path, one=raw_mail()), dry_run=True)
    assert line["outcome"] == "ticket"
    with use_tenant(cast.house.tenant):
        assert (Inbound.objects.count(), Message.objects.count()) == (0, 0)


def test_the_mta_keeps_what_could_not_be_stored(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        receive(cast, tmp_path / "missing")
    assert refused.value.returncode == 75
    with pytest.raises(CommandError) as unknown:
        call_command("receive_email", "x", tenant="nobody")
    assert unknown.value.returncode == 75
