"""Files that come in pieces: in order, once, no more than was said, and swept when nobody finishes them."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from crm.documents.handlers import discard
from crm.documents.models import Upload
from crm.kernel.refusal import Refused, Stale
from crm.platform.models.due import Due
from tests.documents.conftest import PDF


def test_pieces_become_a_file_and_a_lost_answer_costs_nothing(house: Any, files: Path) -> None:
    upload = Upload.begin("scan.pdf", len(PDF), member=house.rita, job=house.job)
    upload.append(0, PDF[:30])
    with pytest.raises(Stale):
        upload.append(0, PDF[:30])
    assert upload.received == 30, "where a client that lost the answer goes on"
    with pytest.raises(Stale):
        upload.read_file()
    upload.append(30, PDF[30:])
    assert upload.read_file().content == PDF
    with transaction.atomic():
        discard([upload.pk])
    assert not Upload.objects.exists()
    assert not Due.objects.filter(key__startswith="upload.expire").exists()


def test_no_more_is_taken_than_was_said(house: Any) -> None:
    upload = Upload.begin("scan.pdf", 10, member=house.rita, job=house.job)
    with pytest.raises(Refused, match="changed during the upload"):
        upload.append(0, b"x" * 11)
    assert upload.received == 0
    assert not upload.parts.exists()


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [("a.jpg", 10_000_000_000, "The limit is 30 MB"), ("a.jpg", 0, "empty"), ("a", -5, "empty")],
)
def test_a_stream_is_cut_before_it_begins(house: Any, name: str, size: int, said: str) -> None:
    with pytest.raises(Refused, match=said):
        Upload.begin(name, size, member=house.rita, job=house.job)


def test_not_too_many_at_once(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.documents.models.upload.MOST_AT_ONCE", 2)
    for _each in range(2):
        Upload.begin("a.pdf", 9, person=house.cora)
    with pytest.raises(Refused, match="Too many"):
        Upload.begin("a.pdf", 9, person=house.cora)
    Upload.begin("a.pdf", 9, member=house.rita)
