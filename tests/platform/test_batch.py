"""A batch writes once what is written again and again, leaves out what failed, and reads once what is read often."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.platform.database.batch import batch, cached_in_batch, write_in_batch
from crm.platform.events import events
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast


def test_rows_are_written_once_without_those_of_what_failed() -> None:
    written: list[list[Any]] = []

    def fail() -> None:
        with batch():
            write_in_batch(written.append, [3])
            raise ZeroDivisionError

    write_in_batch(written.append, [1])
    with batch():
        write_in_batch(written.append, [2])
        with pytest.raises(ZeroDivisionError):
            fail()
        with batch():
            write_in_batch(written.append, [4])
        assert written == [[1]]
    assert written == [[1], [2, 4]]


def test_a_loader_reads_once_in_a_batch_and_each_time_elsewhere() -> None:
    numbers = iter(range(9))
    read = cached_in_batch(lambda: next(numbers))
    with batch():
        with batch():
            assert read() == 0
        assert read() == 0
    assert [read(), read()] == [1, 2]


@pytest.fixture
def inside(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        yield


def test_events_and_due_work_of_a_batch_are_two_statements_and_of_a_key_the_last_holds(
    cast: Cast, inside: None
) -> None:
    later = clock.now() + timedelta(days=1)
    before = Event.objects.last().pk
    due.schedule("a", 9, later)
    assert not events.chosen_kinds(), "a process reads the rules once a version"
    with CaptureQueriesContext(connection) as asked, batch():
        for number in (10, 9, 8):
            events.record("tried.once", subject=cast.house.job, by=None, data={"number": number})
            due.schedule("a", number, later)
        due.cancel("a", [9])
        due.cancel("a", [8])
        due.schedule("a", 8, later)
    assert len(asked) == 3, "one more for what is cancelled"
    assert list(Due.objects.filter(kind="a").order_by("pk").values_list("subject_id", flat=True)) == [8, 10]
    assert [event.data["number"] for event in Event.objects.filter(pk__gt=before).order_by("pk")] == [10, 9, 8]
