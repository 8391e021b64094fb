"""One id from a request to the call that it schedules, whichever task makes the call."""

from collections.abc import Iterator

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, due_io
from tests.cast import Cast


@pytest.fixture
def ids(cast: Cast) -> Iterator[list[str]]:
    """The ids under which calls of the kind `test.call` were made; 666 fails."""
    Due.objects.all().delete()
    seen: list[str] = []

    @due_io.handler("test.call")
    def call(tenant_id: int, subject: int) -> None:
        seen.append(get_contextvars()["request"])
        if subject == 666:
            raise RuntimeError("no")

    yield seen
    due_io._handlers.pop("test.call")
    due.IO_KINDS.remove("test.call")


def test_a_call_is_made_under_the_id_of_the_request_that_scheduled_it(cast: Cast, ids: list[str]) -> None:
    with use_tenant(cast.house.tenant), bound_contextvars(request="asked-by-this"):
        due_io.schedule("test.call", 1, clock.now())
    with bound_contextvars(request="some-task"):
        due_io.run_io()
        assert get_contextvars()["request"] == "some-task"
    assert ids == ["asked-by-this"]


def test_a_woken_call_has_the_id_of_what_woke_it(cast: Cast, ids: list[str]) -> None:
    with use_tenant(cast.house.tenant), bound_contextvars(request="woken-by-this"):
        due_io.wake("test.call", 1, clock.now())
    due_io.run_io()
    assert ids == ["woken-by-this"]


def test_a_call_that_nothing_asked_for_has_an_id_of_its_row(cast: Cast, ids: list[str]) -> None:
    with use_tenant(cast.house.tenant):
        due_io.schedule("test.call", 1, clock.now())
    row = Due.objects.get(kind="test.call")
    due_io.run_io()
    assert ids == [f"due-{row.pk}"]


@pytest.mark.parametrize(
    ("subject", "level", "message"), [(5, "INFO", "call"), (666, "ERROR", "work that calls others failed")]
)
def test_a_call_is_a_line_of_the_log(
    cast: Cast, ids: list[str], caplog: pytest.LogCaptureFixture, subject: int, level: str, message: str
) -> None:
    with use_tenant(cast.house.tenant):
        due_io.schedule("test.call", subject, clock.now())
    caplog.clear()
    due_io.run_io()
    (record,) = [record for record in caplog.records if record.name == due_io.__name__]
    assert (record.levelname, record.getMessage()) == (level, message)
    assert (record.kind, record.subject, record.tenant) == ("test.call", subject, cast.house.tenant.pk)  # type: ignore[attr-defined]
