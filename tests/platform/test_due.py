from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.platform.database.claims import (
    ATTEMPTS,
    CALLS,
    HERE,
    LEASE,
    claim_rows,
    enqueue,
    is_any_due,
    replay_parked,
    return_to_queue,
)
from crm.platform.models import Due
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import Cast


@pytest.fixture(autouse=True)
def nothing_due(cast: Cast) -> None:
    """The cast's own clocks are not what these tests are about."""
    Due.objects.all().delete()


@pytest.fixture
def done() -> Iterator[list[tuple[int, int]]]:
    """(tenant, subject) of what a handler of `test.do` was given."""
    seen: list[tuple[int, int]] = []

    @due.handler("test.do")
    def do(subjects: Sequence[int]) -> None:
        if 666 in subjects:
            raise RuntimeError("no")
        seen.extend((required_tenant_id(), subject) for subject in subjects)

    yield seen
    due._handlers.pop("test.do")


def plan(cast: Cast, *subjects: int, minutes: float = 0) -> None:
    with use_tenant(cast.house.tenant):
        at = clock.now() + timedelta(minutes=minutes)
        due.schedule_all("test.do", [(subject, at) for subject in subjects])


def test_what_is_due_runs_once_inside_its_tenant(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, 1, 2)
    plan(cast, 3, minutes=5)
    assert due.run_due_work() == 2
    assert due.run_due_work() == 0
    assert sorted(done) == [(cast.house.tenant.pk, 1), (cast.house.tenant.pk, 2)]
    assert list(Due.objects.values_list("subject_id", flat=True)) == [3]


@pytest.mark.parametrize("minutes", [5, -5])
def test_a_worker_with_a_wrong_clock_leaves_work_to_others(
    cast: Cast, done: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    plan(cast, 1)
    wrong = clock.now() + timedelta(minutes=minutes)
    with monkeypatch.context() as machine:
        machine.setattr(clock, "of_machine", lambda: wrong)
        assert (tick(), due.run_due_work()) == (0, 0)
    assert done == []
    assert tick() == 1


@pytest.mark.parametrize("where", [HERE, CALLS])
def test_whether_something_is_due_is_read_from_an_index_before_the_table_is_analysed(cast: Cast, where: str) -> None:
    plan(cast, *range(3_000), minutes=5)
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        assert not is_any_due(Due, where)
        cursor.execute("explain " + captured.captured_queries[0]["sql"])
        steps = [step for (step,) in cursor.fetchall()]
    assert any("using due_run_at" in step for step in steps), steps


def test_what_is_parked_is_not_due(cast: Cast) -> None:
    plan(cast, 1)
    Due.objects.update(run_at=None)
    assert not is_any_due(Due)


def test_a_clock_set_back_delays_nothing_that_comes_again_and_again(
    cast: Cast, done: list[tuple[int, int]], valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "_spans", {"test.do"})
    now, back = clock.now(), timedelta(hours=3)
    plan(cast, 1, minutes=5)
    with use_tenant(cast.house.tenant):
        due.schedule("test.instant", 2, now + timedelta(minutes=5))
    with clock.at(now):
        tick()
    with clock.at(now - back):
        tick()
    rows = dict(Due.objects.values_list("subject_id", "run_at"))
    assert rows[2] == now + timedelta(minutes=5)
    assert timedelta(minutes=4) < rows[1] - (now - back) < timedelta(minutes=6)
    with clock.at(now - back + timedelta(minutes=7)):
        tick()
    assert done == [(cast.house.tenant.pk, 1)]


def test_what_is_scheduled_anew_while_it_is_claimed_is_not_given_back_as_well(cast: Cast) -> None:
    plan(cast, 1, 2)
    claimed = [pk for _tenant, pk in claim_rows(Due, 10)]
    plan(cast, 1, minutes=5)
    return_to_queue(Due, claimed)
    rows = {row.subject_id: row for row in Due.objects.all()}
    assert [rows[subject].attempts for subject in (1, 2)] == [0, 0]
    assert rows[1].run_at == rows[1].due_at
    assert rows[2].run_at is not None
    assert rows[2].run_at <= clock.now()


def test_what_a_batch_asks_for_again_and_again_is_one_hint(
    cast: Cast, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    for task in (tick, dispatch_events):
        monkeypatch.setattr(task, "apply_async", lambda args, name=task.name, **options: sent.append(name))

    @due.handler("test.do")
    def do(subjects: Sequence[int]) -> None:
        for task in (tick, dispatch_events, tick):
            enqueue(task)

    plan(cast, 1)
    with django_capture_on_commit_callbacks(execute=True):
        due.run_due_work()
        enqueue(tick)
    due._handlers.pop("test.do")
    assert sent == [tick.name, dispatch_events.name, tick.name]


def test_the_same_key_again_moves_the_time(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, 1, minutes=1)
    plan(cast, 1, minutes=10)
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert due.run_due_work() == 0
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert due.run_due_work() == 1
    assert len(done) == 1


def test_a_handler_may_schedule_its_next_time(cast: Cast) -> None:
    @due.handler("test.again")
    def again(subjects: Sequence[int]) -> None:
        due.schedule_all("test.again", [(subject, clock.now() + timedelta(hours=1)) for subject in subjects])

    with use_tenant(cast.house.tenant):
        due.schedule("test.again", 1, clock.now())
    due.run_due_work()
    due._handlers.pop("test.again")
    row = Due.objects.get()
    assert row.due_at == row.run_at
    assert row.due_at > clock.now()
    assert row.attempts == 0


def test_a_claim_is_a_lease_that_runs_out(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, 1)
    assert len(claim_rows(Due, 10)) == 1
    assert due.run_due_work() == 0, "leased to a worker that died"
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert due.run_due_work() == 1
    assert len(done) == 1


def test_a_redelivered_claim_does_nothing_twice(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, 1)
    rows = [pk for _, pk in claim_rows(Due, 10)]
    due.run_claimed(cast.house.tenant.pk, "test.do", rows)
    due.run_claimed(cast.house.tenant.pk, "test.do", rows)
    assert len(done) == 1


def test_one_failing_row_is_parked_and_holds_nobody_up(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, 1, 666, 2)
    for hour in range(ATTEMPTS):
        with clock.at(clock.now() + timedelta(hours=hour)):
            due.run_due_work()
    assert sorted(subject for _, subject in done) == [1, 2]
    parked = Due.objects.get()
    assert (parked.subject_id, parked.run_at, parked.last_error) == (666, None, "RuntimeError")
    replay_parked(Due, parked.pk)
    assert Due.objects.get().run_at is not None


def test_many_of_one_tenant_do_not_starve_the_other(cast: Cast, done: list[tuple[int, int]]) -> None:
    plan(cast, *range(1000, 1000 + due.SHARE * 2))
    with use_tenant(cast.other.tenant):
        due.schedule("test.do", 7, clock.now())
    due.run_due_work()
    assert (cast.other.tenant.pk, 7) in done
    assert len(done) == due.SHARE + 1


def test_slices_are_done_one_at_a_time_after_everything_else(cast: Cast, done: list[tuple[int, int]]) -> None:
    """What came due meanwhile comes between two of them, whoever it is of; the longest waiting slice is the next."""
    sliced: list[int] = []

    @due.handler("test.slice", in_slices=True)
    def slice_(subjects: Sequence[int]) -> None:
        sliced.extend(subjects)
        plan(cast, *subjects)

    try:
        with use_tenant(cast.house.tenant):
            due.schedule_all("test.slice", [(1, clock.now() - timedelta(seconds=2)), (2, clock.now())])
        with use_tenant(cast.other.tenant):
            due.schedule("test.slice", 3, clock.now() - timedelta(seconds=1))
        plan(cast, 9)
        due.run_due_work()
        assert ([subject for _tenant, subject in done], sliced) == ([9], [1])
        assert set(Due.objects.filter(kind="test.slice").values_list("attempts", flat=True)) == {0}
        due.run_due_work()
        assert ([subject for _tenant, subject in done], sliced) == ([9, 1], [1, 3])
    finally:
        due._handlers.pop("test.slice")
        due._in_slices.remove("test.slice")


def test_what_locks_much_is_done_by_few_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick gives it its time, and what is left back to the queue, as if it had not been tried."""
    few: list[list[int]] = []

    @due.handler("test.few", at_once=2)
    def handle(subjects: Sequence[int]) -> None:
        few.append(list(subjects))

    try:
        with use_tenant(cast.house.tenant):
            due.schedule_all("test.few", [(subject, clock.now()) for subject in (1, 2, 3, 4, 5)])
        monkeypatch.setattr(due, "PATIENCE", -1)
        due.run_due_work()
        assert few == [[1, 2]]
        assert set(Due.objects.filter(kind="test.few").values_list("subject_id", "attempts")) == {
            (3, 0),
            (4, 0),
            (5, 0),
        }
        monkeypatch.setattr(due, "PATIENCE", 3600)
        due.run_due_work()
        assert few == [[1, 2], [3, 4], [5]]
    finally:
        due._handlers.pop("test.few")
        due._at_once.pop("test.few")


def test_work_nobody_handles_is_kept(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        due.schedule("test.unknown", 1, clock.now())
    due.run_due_work()
    assert Due.objects.get().last_error == "LookupError"
