"""Hints: which topics an event touches, told once a commit, never what was taken back; a dead broker is no matter."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Any

import pytest
import redis
from django.db import connection, transaction

from crm.jobs.clock.tick import cross
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events, hints
from crm.platform.events.events import EventDraft
from crm.platform.events.hint_channel import hint_channel, job_topic, read_hint, write_hint
from crm.platform.models import Event
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

Capture = Callable[..., AbstractContextManager[Any]]
Told = list[tuple[int, set[str]]]


@pytest.fixture
def told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What would be published, with a live process to tell."""
    settings.LIVE_URL = "/account/live/"
    published: Told = []
    monkeypatch.setattr(hints, "publish_hint", lambda tenant_id, topics: published.append((tenant_id, topics)))
    return published


def test_a_verb_touches_the_jobs_and_its_own(
    cast: Cast, told: Told, django_capture_on_commit_callbacks: Capture
) -> None:
    house = cast.house
    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.ada)
        assert told == [], "nothing before the commit"
    own = job_topic(house.tenant.pk, house.job.pk)
    assert told == [(house.tenant.pk, {"jobs", own})]
    assert re.fullmatch("job:[0-9a-f]{20}", own), "no number a colleague could tell it by"
    assert own != job_topic(cast.other.tenant.pk, house.job.pk)


def test_thousands_of_events_are_one_hint(cast: Cast, told: Told, django_capture_on_commit_callbacks: Capture) -> None:
    house = cast.house
    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant):
        events.record_all([EventDraft("job.filled_in", house.job, {}, job_id=at) for at in range(1, 5001)], by=None)
        for at in range(30):  # each in a savepoint of its own
            house.job.plan_next(kind="call", label=f"No {at}", at=None, by=house.rita)
    assert told == [(house.tenant.pk, {"jobs", "job:*"})]


def test_what_was_taken_back_is_not_told(cast: Cast, told: Told, django_capture_on_commit_callbacks: Capture) -> None:
    house = cast.house

    def fails() -> None:
        with transaction.atomic():
            house.job.assign_to(house.mona, by=house.ada)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant):
        with pytest.raises(ZeroDivisionError):
            fails()
        with transaction.atomic():
            hints.touch("imports")
    assert [topics & {"imports"} for _, topics in told] == [{"imports"}]
    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant), pytest.raises(ZeroDivisionError):
        fails()
    assert len(told) == 1
    connection.run_on_commit.clear()  # as a transaction that is taken back leaves it
    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant):
        hints.touch("followups")
    assert told[1:] == [(house.tenant.pk, {"followups"})]


def test_a_crossing_and_an_edit_of_the_configuration_are_told(
    cast: Cast, told: Told, django_capture_on_commit_callbacks: Capture
) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        at = house.job.next_crossing(clock.now())
    assert at is not None
    with django_capture_on_commit_callbacks(execute=True), use_tenant(house.tenant), clock.at(at):
        cross(Job, [house.job.pk])
        assert Event.objects.filter(kind="job.due_soon").exists()
    assert "jobs" in told[0][1]
    with django_capture_on_commit_callbacks(execute=True):
        configuration_changed(cast.other.tenant.pk)
    assert told[1:] == [(cast.other.tenant.pk, {"configuration"})]


def test_without_a_live_process_nothing_is_gathered(
    cast: Cast, told: Told, settings: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.LIVE_URL = ""
    with django_capture_on_commit_callbacks(execute=True), use_tenant(cast.house.tenant):
        open_job(title="Nobody hears", by=None)
    assert told == []


def test_a_hint_is_read_as_it_was_written() -> None:
    assert read_hint(write_hint(7, {"jobs", "job:a1_-", "*"})) == (7, frozenset({"jobs", "job:a1_-", "*"}))
    for odd in ("Dana Whitfield", "jobs\ndata: x", "", "job:"):
        with pytest.raises(ValueError, match="no topic"):
            write_hint(7, {odd})
    for odd in ("", "7", "seven jobs", "7 Dana", "7  jobs", "7 jobs\n"):
        assert read_hint(odd) is None


@pytest.fixture
def afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has not published yet."""
    monkeypatch.setattr(hints, "_owed", set())
    monkeypatch.setattr(hints, "_asked_again_at", 0.0)
    hints._broker_client.cache_clear()
    yield
    hints._broker_client.cache_clear()


def test_a_dead_broker_costs_an_attempt_and_is_made_up_for(
    afresh: None, valkey_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    hints.publish_hint(7, {"jobs"})
    assert hints._owed == {7}
    settings.REDIS_URL = valkey_url
    hints._broker_client.cache_clear()
    with redis.Redis.from_url(valkey_url) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(hint_channel())
        heard.get_message(timeout=60)
        hints.publish_hint(7, {"jobs"})
        hints.publish_hint(7, {"jobs"})
        came = [heard.get_message(timeout=60) for _ in range(2)]
        data = [message["data"] for message in came if message]
    assert data == [b"7 *", b"7 jobs"]


def test_a_broker_that_hangs_is_waited_for_once(afresh: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(hints.time, "monotonic", lambda: now[0])
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        silent.settimeout(0.2)
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        def attempts() -> int:
            count = 0
            while True:
                try:
                    silent.accept()[0].close()
                    count += 1
                except TimeoutError:
                    return count

        hints.publish_hint(7, {"jobs"})
        assert attempts() == 1
        hints.publish_hint(7, {"jobs"})
        assert attempts() == 0
        now[0] += hints.SPARED + 1
        hints.publish_hint(7, {"jobs"})
        assert attempts() == 1
    given = hints._broker_client().connection_pool.connection_kwargs
    assert given["socket_connect_timeout"] == given["socket_timeout"] == hints.PATIENCE <= 0.25
