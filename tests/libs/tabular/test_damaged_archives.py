"""A workbook whose archive is damaged anywhere is refused in words alone: its reader's error is no news to anybody."""

import random
import struct

import pytest

from libs.tabular import UnreadableTable
from tests.libs.tabular.reading import read_rows
from tests.libs.tabular.workbooks import SHEET, altered, workbook

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
        read_rows(content)
    except UnreadableTable as unreadable:
        return str(unreadable)
    return ""


@pytest.mark.parametrize("value", [0, 1, 9, 12, 14, 50, 99, 5000])
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("part", PARTS)
def test_a_wrong_entry_of_the_directory_is_a_sentence(part: str, field: str, value: int) -> None:
    said = refused(with_field(SOUND, part, field, value))
    assert not said or said.endswith(".")


def test_bytes_changed_anywhere_are_a_sentence() -> None:
    chance = random.Random(7)
    for _time in range(1500):
        raw = bytearray(SOUND)
        for _byte in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        said = refused(bytes(raw))
        assert not said or said.endswith("."), raw
