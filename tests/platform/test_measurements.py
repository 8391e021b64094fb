"""What the installation measures of itself: signs of life, waiting work, times of pages."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.config.celery import app
from crm.kernel import clock
from crm.platform.health import heartbeats, page_times, queue_delays
from crm.platform.models import Heartbeat
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, tasks
from tests.cast import Cast

NOW = datetime(2026, 5, 12, 14, 24, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milliseconds", "p95", "is_beyond"),
    [
        ([10] * 20, 25, False),
        ([10] * 19 + [700], 25, False),
        ([10] * 18 + [700] * 2, 750, False),
        ([99999], 10000, True),
    ],
)
def test_the_slowest_twentieth_of_a_page(milliseconds: list[int], p95: int, is_beyond: bool) -> None:
    counts = [0] * (len(page_times.STEPS) + 1)
    for one in milliseconds:
        counts[page_times.bisect_left(page_times.STEPS, one)] += 1
    page = page_times.page_percentile("page/", counts)
    assert (page.count, page.p95, page.is_beyond) == (len(milliseconds), p95, is_beyond)


def test_times_of_pages_are_added_up_by_hour_and_shown_of_a_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_times, "_counted", {})  # without what other tests have left
    with clock.at(NOW - timedelta(hours=30)):
        page_times.count_answer("old/", 9)
    with clock.at(NOW):
        for seconds, times in ((0.02, 10), (0.9, 10)):
            for _again in range(times):
                page_times.count_answer("jobs/<int:number>/", seconds)
            page_times.save_counts()
        page_times.count_answer("rare/", 5)
        page_times.save_counts()
        assert page_times.slowest_pages() == [page_times.PageTiming("jobs/<int:number>/", 20, 1000)]


def test_a_sign_a_minute_and_the_last_one(db: None) -> None:
    for seconds in (0, 10, 70):
        with clock.at(NOW + timedelta(seconds=seconds)):
            heartbeats.note_heartbeat(heartbeats.TICK)
    with clock.at(NOW + timedelta(minutes=2)):
        tick = heartbeats.heartbeats_by_part()[heartbeats.TICK]
        assert tick.last == NOW + timedelta(seconds=70)
        assert sorted(tick.minutes.values()) == [1, 2]
    with clock.at(NOW + timedelta(days=2)):
        heartbeats.delete_old_heartbeats()
        assert not Heartbeat.objects.exists()


def test_a_sign_ahead_of_the_clock_hides_nobodys_silence(db: None) -> None:
    with clock.at(NOW - timedelta(minutes=9)):
        heartbeats.note_heartbeat(heartbeats.TICK)
    with clock.at(NOW + timedelta(hours=1)):
        heartbeats.note_heartbeat(heartbeats.TICK)
        heartbeats.note_heartbeat(heartbeats.SWEEP)
    with clock.at(NOW):
        assert heartbeats.heartbeats_by_part().keys() == {heartbeats.TICK}
        then = {heartbeats.TICK: NOW - timedelta(minutes=9)}
        assert heartbeats.last_signs([heartbeats.TICK, heartbeats.SWEEP]) == then


def test_every_task_is_a_sign_of_a_worker(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "_noted_at", {})
    tasks.sign_of_io.apply()
    assert f"{heartbeats.WORKER}celery" in heartbeats.heartbeats_by_part()
    # Imported before the signal that it refuses a wrong login by.
    assert "crm.platform.work.worker_startup" in app.conf.include


def test_tick_and_sweep_give_signs_and_note_what_waits(cast: Cast) -> None:
    now = clock.now()
    with use_tenant(cast.house.tenant):
        due.schedule("nobody.handles", 1, now - timedelta(minutes=3))
    tasks.sweep()
    here, out = queue_delays.queue_delays()
    assert here >= timedelta(minutes=3)
    assert out == timedelta()
    assert max(queue_delays.delays_by_half_hour().values()) >= 180_000
    tasks.tick()
    assert {heartbeats.TICK, heartbeats.SWEEP} <= heartbeats.heartbeats_by_part().keys()
