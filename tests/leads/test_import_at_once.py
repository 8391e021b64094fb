"""What a request reads itself is little by its lines and elements, too: short ones take as long as long ones."""

import pytest
from django.urls import reverse

from crm.platform.work import due
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, totals, upload
from tests.libs.tabular.workbooks import SHEET, altered, inline, sheet, workbook

JAN = "name,email\nJan,jan@example.com\n"
ROWS = inline("name", "email") + inline("Jan", "jan@example.com")
HEAD = ["name", "email"]
BOOK = workbook([HEAD, ["Jan", "jan@example.com"]], title="Leads", Other=[HEAD, ["Piet", "p@x.nl"]])


@pytest.mark.parametrize(
    "content",
    [
        JAN.encode() + b"\n" * 20_000,
        JAN.encode() + b"\r" * 20_001,
        (JAN + "\r\n" * 20_000).encode("utf-16"),
        JAN.encode() + b",\n" * 20_000,
        altered(BOOK, {SHEET: sheet(ROWS + "<row/>" * 250_000)}),
        altered(BOOK, {SHEET: sheet(f"{ROWS}<row>{'<c/>' * 250_000}</row>")}),
    ],
    ids=["line feeds", "returns", "utf-16", "commas", "rows", "cells"],
)
def test_many_short_lines_are_read_by_a_worker(cast: Cast, content: bytes) -> None:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, content, "leads.csv").url
    assert the_run(cast).status == "reading"
    while due.run_due_work():
        pass
    assert the_run(cast).status == "checked"
    assert totals(client.get(url).content.decode())["new"] == 1


@pytest.mark.parametrize("content", [JAN.encode() + b"\n" * 19_000, BOOK], ids=["text", "workbook"])
def test_a_few_are_read_at_once(cast: Cast, content: bytes) -> None:
    upload(signed_in(cast.house.mona), cast, content)
    assert the_run(cast).status == "checked"


def test_another_sheet_with_many_is_read_by_a_worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is chosen later is no other than what is read first."""
    client = signed_in(cast.house.mona)
    upload(client, cast, BOOK, "leads.xlsx")
    run = the_run(cast)
    assert run.status == "checked"
    monkeypatch.setattr("leads.importing.runs.ELEMENTS_AT_ONCE", 10, raising=False)
    client.post(reverse("leads:import_choose", args=[cast.house.tenant.slug, run.uid]), {"sheet": "Other"})
    assert the_run(cast).status == "reading"
    while due.run_due_work():
        pass
    assert (the_run(cast).status, the_run(cast).layout["staged"]["sheet"]) == ("checked", "Other")
