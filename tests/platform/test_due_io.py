"""Work that calls others: apart from what is done here, outside a transaction, row by row."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from crm.kernel import clock
from crm.platform.models import Due, Tenant
from crm.platform.tenancy.context import current_tenant_id, use_tenant
from crm.platform.work import due, due_io
from crm.platform.work.claims import ATTEMPTS, LEASE
from tests.cast import Cast


@pytest.fixture(autouse=True)
def nothing_due(cast: Cast) -> None:
    Due.objects.all().delete()


@pytest.fixture
def called() -> Iterator[list[tuple[int, int]]]:
    """(tenant, subject) of what a handler of `test.call` was given; 666 fails, 2 moves itself on."""
    seen: list[tuple[int, int]] = []

    @due_io.handler("test.call", when_parked=lambda subject: seen.append((0, subject)))
    def call(tenant_id: int, subject: int) -> None:
        assert current_tenant_id() is None, "it opens its own transactions"
        if subject == 666:
            raise RuntimeError("no")
        if subject == 2:
            with use_tenant(tenant_id):
                due_io.schedule("test.call", 2, clock.now() + timedelta(hours=1))
        seen.append((tenant_id, subject))

    yield seen
    due_io._handlers.pop("test.call")
    due_io._when_parked.pop("test.call")
    due.IO_KINDS.remove("test.call")


def plan(tenant: Tenant, *subjects: int, minutes: float = 0) -> None:
    with use_tenant(tenant):
        at = clock.now() + timedelta(minutes=minutes)
        due_io.schedule_all("test.call", [(subject, at) for subject in subjects])


def test_it_runs_once_when_its_time_has_come_and_a_tick_leaves_it_alone(
    cast: Cast, called: list[tuple[int, int]]
) -> None:
    plan(cast.house.tenant, 1, 2)
    plan(cast.house.tenant, 3, minutes=5)
    assert due.tick() == 0
    assert [due_io.run_io(), due_io.run_io()] == [2, 0]
    assert called == [(cast.house.tenant.pk, 1), (cast.house.tenant.pk, 2)]
    assert set(Due.objects.values_list("subject_id", flat=True)) == {2, 3}, "one moved itself on"


def test_everybody_has_a_share(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, *range(1000, 1000 + 3 * due_io.SHARE))
    plan(cast.other.tenant, 7)
    due_io.run_io()
    assert called.index((cast.other.tenant.pk, 7)) <= due_io.SHARE
    assert len(called) == 3 * due_io.SHARE + 1


def test_one_that_fails_holds_nobody_up_and_is_parked_in_the_end(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 666, 1)
    for hour in range(ATTEMPTS + 1):
        with clock.at(clock.now() + timedelta(hours=hour)):
            due_io.run_io()
    assert called == [(cast.house.tenant.pk, 1), (0, 666)], "who scheduled it hears of it once"
    parked = Due.objects.get()
    assert (parked.subject_id, parked.run_at, parked.last_error) == (666, None, "RuntimeError")


def test_what_somebody_else_has_claimed_meanwhile_is_theirs(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 1)
    (row,) = due_io._claim()
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        (theirs,) = due_io._claim()
        assert not due_io._renew(row)
        assert due_io._renew(theirs)


def test_a_turn_ends_and_gives_back_what_it_has_not_begun(
    cast: Cast, called: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast.house.tenant, 1, 3)
    renew = due_io._renew

    def slow(row: due_io._Row) -> bool:
        began = clock.now()
        monkeypatch.setattr(clock, "now", lambda: began + due_io.TURN)
        return renew(row)

    monkeypatch.setattr(due_io, "_renew", slow)
    assert due_io.run_io() == 1
    left = Due.objects.get()
    assert (left.subject_id, left.attempts) == (3, 0)
    assert left.run_at is not None
    assert left.run_at <= clock.now()


def test_a_worker_is_hinted_only_where_something_waits(
    cast: Cast, called: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hinted: list[int] = []
    monkeypatch.setattr(due_io.run_io, "apply_async", lambda *args, **kwargs: hinted.append(1))
    plan(cast.house.tenant, 1, minutes=5)
    due_io.hint_waiting()
    assert (hinted, connection.in_atomic_block) == ([], True)
    plan(cast.house.tenant, 1)
    due_io.hint_waiting()
    assert hinted == [1]
