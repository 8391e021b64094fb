"""The broker is killed with -9 while requests write: people go on working, and its lost hints are made up for."""

import os
import time
from collections.abc import Iterator
from types import SimpleNamespace

import kombu
import pytest
from celery.concurrency import get_implementation
from kombu.asynchronous.hub import Hub, set_event_loop

from crm.config import broker
from crm.config.celery import app
from crm.config.pool import FixedProcessPool
from tests.cast import HOUSE
from tests.survival.servers import Stack, until
from tests.survival.writers import Writer, signed_in, sweep_until_all_told, untold, wrong_jobs, wrong_tellings

pytestmark = pytest.mark.servers

# Kills while tasks flow, which used to end the worker two times in five.
FLOWING = 3


def test_broker_killed_while_requests_write(stack: Stack) -> None:
    stack.start_worker()
    stack.start_web()
    writer = Writer(signed_in(stack))
    before = stack.pids()
    with writer.at_work():
        for _ in range(FLOWING):
            wait_for_hints(stack)
            stack.kill("valkey")  # with tasks taken, finished and acknowledged at this moment
            stack.start_broker()
        wait_for_hints(stack)
        with stack.halted("jobs_note"):  # where a dispatch stands still, its message not acknowledged
            until(stack.standing, "the worker is in mid-task", on_failure=stack.logs)
            stack.kill("valkey")
        sign_in_and_look(stack)
        many = len(writer.told) + 20
        until(lambda: len(writer.told) > many, "people go on working", on_failure=stack.logs)
    assert writer.unsure == [], "nobody was left without an answer: who tried again for the broker would be"
    assert untold(stack) > 0, "hints are lost"
    stack.start_broker()
    sweep_until_all_told(stack)
    assert wrong_jobs(stack, writer.told) == []
    assert wrong_tellings(stack) == []
    require_hints_arrive_again(stack, writer)
    assert stack.pids()["web"] == before["web"]
    assert stack.pids()["worker"][0] == before["worker"][0], "its pool drops the task it cannot acknowledge"


def wait_for_hints(stack: Stack) -> None:
    """Until more is told than before, though nobody sweeps."""
    notes = "select count(*) from jobs_note"
    many = stack.value(notes) + 5
    until(lambda: stack.value(notes) > many, "hints arrive", on_failure=stack.logs)


def sign_in_and_look(stack: Stack) -> None:
    mona = signed_in(stack, f"mona@{HOUSE}.example")
    page = mona.get(f"/{HOUSE}/leads/")
    assert page.status == 200
    assert "Told " in page.text


def require_hints_arrive_again(stack: Stack, writer: Writer) -> None:
    """Web and worker found the new broker by themselves; the first hint may still be lost on the old connection."""

    def told_without_a_sweep() -> bool:
        writer.write(f"Told again {time.monotonic()}")
        time.sleep(0.3)
        return untold(stack) == 0

    until(told_without_a_sweep, "hints arrive again", on_failure=stack.logs)


def test_a_channel_whose_connection_is_gone_says_so(stack: Stack) -> None:
    """kombu's own AttributeError would end a worker that acknowledges at the wrong moment."""
    broker.use_fixed_transport()
    with kombu.Connection(stack.broker.url) as connection:
        assert isinstance(connection.transport, broker.ReconnectingTransport)
        channel, errors = connection.channel(), connection.connection_errors
        assert channel._connparams()["port"] == stack.broker.port
    with pytest.raises(errors):
        channel._connparams()


@pytest.fixture
def loop() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.close()
    set_event_loop(None)


def test_a_process_that_ended_a_moment_before_the_broker_is_back_does_not_end_the_worker(loop: Hub) -> None:
    """Its end was seen, and the system has yet to hand it over; kombu's own ValueError would end the worker."""
    assert get_implementation(app.conf.worker_pool).Pool is FixedProcessPool
    pool = FixedProcessPool.__new__(
        FixedProcessPool
    )  # of processes made here: to fork would take the test's threads along
    end, other_end = os.pipe()
    ended, living = (SimpleNamespace(_popen=SimpleNamespace(sentinel=end)) for _ in range(2))
    pool._track_child_process(ended, loop)
    pool._untrack_child_process(ended, loop)
    for process in (ended, living):
        pool._track_child_process(process, loop)
    assert list(loop.readers) == [living._sentinel_poll], "only what can end is watched"
    for descriptor in (end, other_end, living._sentinel_poll):
        os.close(descriptor)
