"""A file becomes lines of rows: of the sheet with the leads, upright, or it is refused in the reader's language."""

import io
import logging

import pytest
from django.utils.translation import override

from crm.jobs.importing.unreadable import UnreadableFile
from leads.importing.files import staging
from leads.importing.files.staging import stage, walk
from tests.libs.tabular.workbooks import workbook


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (
            "Name,Ann Lee,Bob Ray\nPhone,813-555-0100,813-555-0101\nEmail,a@example.com,b@example.com\nCity,Tampa\n",
            [
                ["Name", "Phone", "Email", "City"],
                ["Ann Lee", "813-555-0100", "a@example.com", "Tampa"],
                ["Bob Ray", "813-555-0101", "b@example.com", ""],
            ],
        ),
        ("Name,Phone\nEmail,1\nPhone,2\n", None),
        ("Name,Phone,Email\nAnn,1,a@example.com\n", None),
        ("Name\nPhone\nEmail\n", None),
        ("Leads,x\nAnn,y\nBob,z\n", None),
    ],
)
def test_a_sheet_on_its_side_is_turned(content: str, rows: list[list[str]] | None) -> None:
    into = io.BytesIO()
    found = stage(io.BytesIO(content.encode()), into)
    assert found.turned is (rows is not None)
    if rows is not None:
        assert [record.cells for record, _byte in walk(into)] == [record.cells for record in found.sample] == rows


def test_the_sheet_with_the_leads_is_found_and_another_can_be_chosen() -> None:
    content = workbook(
        [["Notes of the office"], ["Call Anna"]], title="Cover", Customers=[["Name", "Phone"], ["Jan", "1"]]
    )
    found = stage(io.BytesIO(content), io.BytesIO())
    assert (found.kind, found.sheet, found.sheets) == ("xlsx", "Customers", ("Cover", "Customers"))
    stage(io.BytesIO(content), staged := io.BytesIO(), sheet="Cover")
    assert [record.cells for record, _byte in walk(staged)] == [["Notes of the office"], ["Call Anna"]]


def test_a_second_sheet_with_leads_is_named() -> None:
    people = [["Name", "Email"], ["Ann", "ann@example.com"]]
    content = workbook(
        [["Name", "Phone"], ["Jan", "1"]], title="Leads", Old=people, Cover=[["Leads of 2026"]], Empty=[["Name"]]
    )
    assert stage(io.BytesIO(content), io.BytesIO()).other_sheets == ("Old",)
    assert stage(io.BytesIO(content), io.BytesIO(), sheet="Old").other_sheets == ("Leads",)


def test_what_nobody_foresaw_is_one_line_for_operators(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(staging, "survey", lambda *args, **options: 1 / 0)
    with pytest.raises(UnreadableFile, match="could not be read"):
        stage(io.BytesIO(b"Name,Email\nJan,jan@example.nl\n"), io.BytesIO())
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert record.__dict__["error"]["type"] == "ZeroDivisionError"
    assert any("test_import_staging" in place for place in record.__dict__["error"]["at"])


@pytest.mark.parametrize("content", [workbook([]), workbook([[" ", " "]])])
def test_a_workbook_without_rows_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="no rows"):
        stage(io.BytesIO(content), io.BytesIO())


def test_a_refusal_is_said_in_the_readers_language() -> None:
    with override("nl"), pytest.raises(UnreadableFile, match=r"Regel 2 .* te lang voor een rij"):
        stage(io.BytesIO(b"name\n" + b"x" * 1_100_000), io.BytesIO())
