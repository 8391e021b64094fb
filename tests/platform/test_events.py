from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import transaction

from crm.kernel import clock
from crm.people.models import Company
from crm.platform.database.claims import ATTEMPTS, LEASE, claim_rows, replay_parked
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Event, Undispatched
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.due import SHARE
from crm.platform.work.tasks import dispatch_events
from tests.cast import Cast


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The events a subscriber to `test.happened` got."""
    got: list[int] = []

    def subscriber(batch: Sequence[Event]) -> None:
        got.extend(event.pk for event in batch)
        # Database work, which a failing batch takes back.
        Company.objects.bulk_create(Company(name=f"heard {event.pk}") for event in batch)

    events.on("test.happened")(subscriber)
    yield got
    events._subscribers.pop("test.happened")


def happen(cast: Cast, **fields: Any) -> Event:
    with use_tenant(cast.house.tenant):
        events.record("test.happened", subject=cast.house.job, by=cast.house.rita, **fields)
        found: Event = Event.objects.latest("pk")
        return found


def test_an_event_keeps_who_what_and_when(cast: Cast) -> None:
    event = happen(cast, data={"n": 1}, job_id=cast.house.job.pk)
    with use_tenant(cast.house.tenant):
        stored = Event.objects.of(cast.house.job).get(kind="test.happened")
    assert (stored.pk, stored.actor_id, stored.data, stored.job_id) == (
        event.pk,
        cast.house.rita.pk,
        {"n": 1},
        cast.house.job.pk,
    )


def test_an_actor_is_a_member_or_nobody(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(TypeError):
        events.record("test.happened", subject=cast.house.job, by=cast.house.rita.user)


def test_subscribers_hear_once(cast: Cast, heard: list[int]) -> None:
    event = happen(cast)
    assert dispatch_events() == 1
    assert dispatch_events() == 0
    assert heard == [event.pk]
    assert not Undispatched.objects.exists()


def test_an_event_nobody_hears_queues_nothing(cast: Cast) -> None:
    happen(cast)
    assert not Undispatched.objects.exists()


def test_a_rolled_back_verb_leaves_nothing(cast: Cast, heard: list[int]) -> None:
    def verb() -> None:
        happen(cast)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        verb()
    assert dispatch_events() == 0
    assert heard == []


def test_a_redelivered_batch_does_nothing_twice(cast: Cast, heard: list[int]) -> None:
    event = happen(cast)
    rows = [pk for _, pk in claim_rows(Undispatched, 10)]
    events.dispatch_rows(cast.house.tenant.pk, rows)
    events.dispatch_rows(cast.house.tenant.pk, rows)
    assert heard == [event.pk]


def test_one_failing_subscriber_parks_its_event_and_no_other(cast: Cast, heard: list[int]) -> None:
    bad, good = happen(cast, data={"bad": True}), happen(cast)

    @events.on("test.happened")
    def fails(batch: Sequence[Event]) -> None:
        if any(event.data.get("bad") for event in batch):
            raise RuntimeError("no")

    now = clock.now()
    for attempt in range(ATTEMPTS):
        with clock.at(now.replace(year=now.year + 1 + attempt)):
            dispatch_events()
    row = Undispatched.objects.get()
    assert (row.event_id, row.run_at, row.attempts, row.last_error) == (bad.pk, None, ATTEMPTS, "RuntimeError")
    with use_tenant(cast.house.tenant):
        assert [company.name for company in Company.objects.all()] == [f"heard {good.pk}"]

    events._subscribers["test.happened"].remove(fails)
    replay_parked(Undispatched, row.pk)
    dispatch_events()
    assert not Undispatched.objects.exists()


def test_the_hint_comes_after_the_commit_and_survives_a_dead_broker(
    cast: Cast, heard: list[int], django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    monkeypatch.setattr(dispatch_events, "apply_async", lambda *args, **kwargs: sent.append(kwargs))
    with django_capture_on_commit_callbacks(execute=True):
        happen(cast)
        assert sent == []
    assert sent == [{"retry": False}]

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(dispatch_events, "apply_async", broken)
    with django_capture_on_commit_callbacks() as callbacks:
        happen(cast)
    with pytest.raises(ConnectionError):
        callbacks[0]()  # what Django swallows and logs, for the hook is robust
    assert dispatch_events() == 2


@pytest.fixture
def imported(cast: Cast, heard: list[int]) -> list[int]:
    """5,000 facts of an import wait, of as many jobs; the last is of the house's. Their events' ids."""
    facts = [EventDraft("test.happened", cast.house.job, {}, 10**9 + n) for n in range(4999)]
    with use_tenant(cast.house.tenant):
        events.record_all([*facts, EventDraft("test.happened", cast.house.job, {}, cast.house.job.pk)], by=None)
        return list(Event.objects.filter(kind="test.happened").order_by("pk").values_list("pk", flat=True))


def one_batch(cast: Cast) -> None:
    """What a worker does first."""
    events.dispatch_rows(cast.house.tenant.pk, [pk for _, pk in claim_rows(Undispatched, SHARE)])


def test_what_one_person_does_does_not_wait_behind_an_import(cast: Cast, heard: list[int], imported: list[int]) -> None:
    live = happen(cast, job_id=10**9 + 5000)
    one_batch(cast)
    assert len(heard) == SHARE
    assert live.pk in heard
    dispatch_events()
    assert sorted(heard) == [*imported, live.pk]


def test_of_one_job_what_was_first_is_told_first(cast: Cast, heard: list[int], imported: list[int]) -> None:
    first, second = happen(cast, job_id=cast.house.job.pk), happen(cast, job_id=cast.house.job.pk)
    one_batch(cast)
    assert heard.index(imported[-1]) < heard.index(first.pk) < heard.index(second.pk)
    dispatch_events()
    assert sorted(heard) == [*imported, first.pk, second.pk]


def test_a_worker_that_dies_in_mid_batch_has_told_nothing(
    cast: Cast, heard: list[int], imported: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(batch: Sequence[Event]) -> None:
        raise Killed

    happen(cast, job_id=cast.house.job.pk)
    with monkeypatch.context() as patch:
        patch.setitem(events._subscribers, "test.happened", [*events._subscribers["test.happened"], dies])
        with pytest.raises(Killed):
            one_batch(cast)
    assert Undispatched.objects.count() == 5001
    heard.clear()
    # Its leases still run; what is of the same job as a new fact is told along, the rest when they are over.
    second = happen(cast, job_id=cast.house.job.pk)
    dispatch_events()
    assert heard.index(imported[-1]) < heard.index(second.pk)
    with clock.at(clock.now() + LEASE):
        dispatch_events()
    assert len(heard) == len(set(heard)) == 5002
    with use_tenant(cast.house.tenant):
        assert Company.objects.filter(name__startswith="heard").count() == 5002


def test_a_fact_that_fails_holds_up_none_of_its_job(cast: Cast, heard: list[int], imported: list[int]) -> None:
    @events.on("test.happened")
    def fails(batch: Sequence[Event]) -> None:
        if any(event.pk == imported[-1] for event in batch):
            raise RuntimeError("no")

    with use_tenant(cast.house.tenant):
        Undispatched.objects.exclude(event_id=imported[-1]).delete()
    for _ in range(2):
        live = happen(cast, job_id=cast.house.job.pk)
        one_batch(cast)
        assert heard[-1] == live.pk
    row = Undispatched.objects.get()
    assert (row.event_id, row.last_error) == (imported[-1], "RuntimeError")


def test_subscribers_run_in_one_order_whatever_the_order_of_the_events(cast: Cast, heard: list[int]) -> None:
    calls: list[str] = []
    events.on("test.first", "test.happened")(lambda batch: calls.append("lower"))
    events.on("test.second", "test.happened")(lambda batch: calls.append("upper"))
    try:
        with use_tenant(cast.house.tenant):
            for kind in ("test.second", "test.first"):
                events.record(kind, subject=cast.house.job, by=None)
        dispatch_events()
    finally:
        events._subscribers.pop("test.first")
        events._subscribers.pop("test.second")
    assert calls == ["lower", "upper"]
