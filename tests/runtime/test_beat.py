"""Two beats on one broker: each task is sent once an interval, whichever beat is there."""

from datetime import timedelta

import pytest
import redis
from celery import Celery
from celery.beat import ScheduleEntry
from celery.schedules import schedule

from crm.config.beat import SHARE, SharedScheduler

SECONDS = 1.0


@pytest.fixture
def beats(valkey_url: str) -> list[SharedScheduler]:
    """Two beats, as two machines have them."""
    return [SharedScheduler(app=Celery(broker=valkey_url), lazy=True) for _ in range(2)]


@pytest.fixture
def broker(valkey_url: str) -> redis.Redis:
    client = redis.Redis.from_url(valkey_url)
    client.delete("celery", "beat:tick")
    return client


def send_tick(beat: SharedScheduler) -> None:
    """The beat's interval has passed."""
    entry = ScheduleEntry(
        name="tick", task="platform.tick", schedule=schedule(timedelta(seconds=SECONDS)), app=beat.app
    )
    beat.apply_async(entry, producer=beat.producer, advance=False)


def test_a_second_beat_sends_nothing_within_the_interval(beats: list[SharedScheduler], broker: redis.Redis) -> None:
    for beat in beats:
        send_tick(beat)
    assert broker.llen("celery") == 1


def test_a_beat_goes_on_when_the_other_is_gone(beats: list[SharedScheduler], broker: redis.Redis) -> None:
    send_tick(beats[0])
    # What is left of the interval, as the broker counts it.
    broker.pexpire("beat:tick", 1)
    while broker.exists("beat:tick"):
        pass
    send_tick(beats[1])
    assert broker.llen("celery") == 2


def test_two_beats_settle_on_one(beats: list[SharedScheduler], broker: redis.Redis) -> None:
    """Over a half of the interval: the beat that was silent finds the other's key at its next turn, too."""
    send_tick(beats[0])
    assert SECONDS * 500 < broker.pttl("beat:tick") <= SECONDS * 1000 * SHARE
