"""Work that calls others: apart from what is done here, outside a transaction, row by row."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from crm.kernel import clock
from crm.platform.database.claims import ATTEMPTS, INTERRUPTIONS
from crm.platform.models import Due, Tenant
from crm.platform.tenancy.context import current_tenant_id, use_tenant
from crm.platform.work import due, due_io, io_claims
from crm.platform.work.io_claims import CallLimits, claim_call
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
    assert due.run_due_work() == 0
    assert [due_io.run_io(), due_io.run_io()] == [2, 0]
    assert called == [(cast.house.tenant.pk, 1), (cast.house.tenant.pk, 2)]
    assert set(Due.objects.values_list("subject_id", flat=True)) == {2, 3}, "one moved itself on"


def test_who_has_waited_longest_comes_first_and_no_tenant_waits_for_anothers_many(
    cast: Cast, called: list[tuple[int, int]]
) -> None:
    plan(cast.house.tenant, *range(1000, 1020))
    plan(cast.other.tenant, 7, minutes=-1)
    due_io.run_io()
    assert called[0] == (cast.other.tenant.pk, 7)
    assert len(called) == 21


def test_a_tenant_has_so_many_calls_under_way_and_others_go_on(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 1, 3, 4)
    limits = CallLimits.of(settings.IO_PROCESSES)
    under_way = [claim_call() for _ in range(limits.tenant)]
    assert None not in under_way
    assert claim_call() is None
    plan(cast.other.tenant, 7)
    call = claim_call()
    assert call is not None
    assert call.tenant_id == cast.other.tenant.pk


def test_a_peer_has_so_many_calls_under_way_and_the_tenants_others_go_on(
    cast: Cast, called: list[tuple[int, int]]
) -> None:
    with use_tenant(cast.house.tenant):
        due_io.schedule_all("test.call", [(1, clock.now()), (3, clock.now())], peer="channel:1")
        due_io.schedule("test.call", 4, clock.now(), peer="channel:2")
    calls = [claim_call(), claim_call()]
    assert [call and call.subject_id for call in calls] == [1, 4]


def test_what_fetches_takes_a_share_of_the_processes(
    cast: Cast, called: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(io_claims, "FETCHING_KINDS", {"test.call"})
    plan(cast.house.tenant, 1, 3)
    first = claim_call()
    assert first is not None
    assert claim_call() is None, "half of what fetches is for other tenants"
    due_io.run_call(first)
    assert claim_call() is not None


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 6, 24])
def test_the_limits_leave_room_for_others(processes: int) -> None:
    limits = CallLimits.of(processes)
    assert min(limits.tenant, limits.peer, limits.fetching, limits.tenant_fetching) >= 1
    if processes > 2:
        assert limits.tenant + limits.fetching < processes


def test_one_that_fails_holds_nobody_up_and_is_parked_in_the_end(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 666, 1)
    for hour in range(ATTEMPTS + 1):
        with clock.at(clock.now() + timedelta(hours=hour)):
            due_io.run_io()
    assert called == [(cast.house.tenant.pk, 1), (0, 666)], "who scheduled it hears of it once"
    parked = Due.objects.get()
    assert (parked.subject_id, parked.run_at, parked.last_error) == (666, None, "RuntimeError")


def test_what_a_killed_worker_had_counts_as_not_tried(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 1)
    for hour in range(ATTEMPTS + 2):
        with clock.at(clock.now() + timedelta(hours=hour)):
            assert claim_call() is not None
    row = Due.objects.get()
    assert (row.attempts, row.interruptions) == (0, ATTEMPTS + 1)
    with clock.at(clock.now() + timedelta(hours=ATTEMPTS + 2)):
        assert due_io.run_io() == 1


def test_what_kills_every_worker_is_parked_in_the_end(cast: Cast, called: list[tuple[int, int]]) -> None:
    plan(cast.house.tenant, 1)
    Due.objects.update(claimed_at=clock.now(), interruptions=INTERRUPTIONS)
    assert claim_call() is None
    assert Due.objects.values_list("run_at", "last_error").get() == (None, "WorkerLost")


def test_a_turn_ends(cast: Cast, called: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    plan(cast.house.tenant, 1, 3)
    monkeypatch.setattr(due_io, "TURN", timedelta())
    assert due_io.run_io() == 0
    assert set(Due.objects.values_list("claimed_at", "attempts")) == {(None, 0)}


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


def wake(cast: Cast, *, minutes: float = 0) -> None:
    with use_tenant(cast.house.tenant):
        due_io.wake("test.call", 1, clock.now() + timedelta(minutes=minutes), peer="webhook:1")


def test_what_is_woken_while_it_runs_is_not_claimed_by_another_and_runs_again(
    cast: Cast, called: list[tuple[int, int]]
) -> None:
    wake(cast)
    running = claim_call()
    assert running is not None
    wake(cast)
    assert claim_call() is None
    due_io.run_call(running)
    assert due_io.run_io() == 1
    assert (len(called), Due.objects.exists()) == (2, False)


def test_what_is_woken_runs_at_the_earliest_time_and_is_never_put_off(
    cast: Cast, called: list[tuple[int, int]]
) -> None:
    wake(cast, minutes=5)
    wake(cast, minutes=-1)
    wake(cast, minutes=5)
    assert due_io.run_io() == 1
    assert called == [(cast.house.tenant.pk, 1)]


def test_what_is_woken_for_later_while_it_runs_waits_until_then(cast: Cast, called: list[tuple[int, int]]) -> None:
    wake(cast)
    running = claim_call()
    assert running is not None
    wake(cast, minutes=5)
    due_io.run_call(running)
    assert claim_call() is None
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert due_io.run_io() == 1


def test_what_is_parked_runs_again_when_it_is_woken(cast: Cast, called: list[tuple[int, int]]) -> None:
    wake(cast)
    Due.objects.update(run_at=None, attempts=ATTEMPTS)
    wake(cast)
    assert due_io.run_io() == 1
