"""While Postgres writes a batch the next rows are read: between the two nothing is asked that would wait for it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from crm.platform.database import meanwhile
from leads.importing.matching.known import Customer, Known
from leads.importing.writing import batches
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens while batches are imported, in its order: rows read, statements asked, or begun to be written."""
    happened: list[str] = []
    read, begin = batches.Importer._read, meanwhile._Writes.begin

    def reading(importer: Any, *args: Any) -> Any:
        happened.append("read")
        return read(importer, *args)

    def beginning(writes: Any, cursor: Any, sql: str, values: Any) -> None:
        happened.append("write")
        begin(writes, cursor, sql, values)

    def asking(execute: Any, sql: str, *args: Any) -> Any:
        happened.append(f"ask {sql}")
        return execute(sql, *args)

    @contextmanager
    def noting() -> Iterator[None]:
        with meanwhile.meanwhile(), connection.execute_wrapper(asking):
            yield

    monkeypatch.setattr(batches, "BATCH", 3)
    monkeypatch.setattr(batches, "meanwhile", noting)
    monkeypatch.setattr(batches.Importer, "_read", reading)
    monkeypatch.setattr(meanwhile._Writes, "begin", beginning)
    return happened


def test_nothing_is_asked_between_a_batchs_first_write_and_the_next_rows(
    cast: Cast, bring: Any, told: list[str]
) -> None:
    rows = "".join(f"Lead {n},lead{n}@example.com,{n} Oak Ave,Website,Call {n}\n" for n in range(9))
    lines, _summary = bring(f"name,email,street,source,notes\n{rows}")
    assert [line["verdict"] for line in lines] == ["new"] * 9
    # The first batch makes the source, so nothing is read ahead of it.
    first, second, *_ = (at for at, what in enumerate(told) if what == "read" and "write" in told[:at])
    begun = next(at for at in range(first + 1, second) if told[at] == "write")
    assert set(told[begun:second]) == {"write"}
    assert told[begun:second].count("write") > 8


def test_a_batch_leaves_nothing_in_memory_that_python_would_have_to_look_for(
    cast: Cast, bring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    rows = "".join(f"Lead {n},lead{n // 2}@example.com,{n} Oak Ave\n" for n in range(9))
    gc.disable()
    try:
        for _time in range(2):
            bring(f"name,email,street\n{rows}")
        assert [kept for kept in gc.get_objects() if isinstance(kept, Customer | Known)] == []
    finally:
        gc.enable()
