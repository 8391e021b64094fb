"""A workbook whose archive is damaged anywhere is refused in words alone: its reader's error is no news to anybody."""

import io
import logging
import random
import struct

import pytest

from leads.importing.files import staging
from leads.importing.files.staging import stage
from leads.importing.files.unreadable import Unreadable
from tests.leads.workbooks import SHEET, altered, workbook

SOUND = altered(
    workbook([["Name", "Email"], ["Jan", "jan@example.nl"]]),
    {"xl/sharedStrings.xml": b"<sst><si><t>Name</t></si></sst>"},
)
PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", SHEET]
# Fields of a part's entry in the directory, by where they stand.
FIELDS = {"method": 10, "checksum": 16, "packed size": 20, "size": 24, "offset": 42}


def with_field(content: bytes, part: str, field: str, value: int) -> bytes:
    raw = bytearray(content)
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(part.encode()))
    struct.pack_into("<H" if field == "method" else "<L", raw, at + FIELDS[field], value)
    return bytes(raw)


def refused(content: bytes) -> str:
    try:
        stage(io.BytesIO(content), io.BytesIO())
    except Unreadable as unreadable:
        return str(unreadable)
    return ""


@pytest.mark.parametrize("value", [0, 1, 9, 12, 14, 50, 99, 5000])
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("part", PARTS)
def test_a_wrong_entry_of_the_directory_is_a_sentence(
    part: str, field: str, value: int, caplog: pytest.LogCaptureFixture
) -> None:
    said = refused(with_field(SOUND, part, field, value))
    assert not said or said.endswith(".")
    assert caplog.records == []
    assert "This file could not be read" not in said


def test_bytes_changed_anywhere_are_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(7)
    for _time in range(1500):
        raw = bytearray(SOUND)
        for _byte in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        said = refused(bytes(raw))
        assert "This file could not be read" not in said, raw
    assert caplog.records == []


def test_what_nobody_foresaw_is_one_line_for_operators(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(staging, "survey", lambda *args, **options: 1 / 0)
    assert "This file could not be read" in refused(b"Name,Email\nJan,jan@example.nl\n")
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert record.__dict__["error"]["type"] == "ZeroDivisionError"
    assert any("test_import_damaged_archives" in place for place in record.__dict__["error"]["at"])
