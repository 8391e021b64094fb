"""What time does to a job: levels move at the crossing, by the tick, and each crossing is a fact."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crm.jobs.bulk.verbs import prioritize_all
from crm.jobs.models import Job, Level, Priority, Side, StageTarget
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import BusinessCalendar, ClosingDay, Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events, tick
from leads.response.first_contact import CLIMB
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York, in working hours


@pytest.fixture
def job(cast: Cast) -> Job:
    """Rita's lead, which entered "Reached" on Monday at 10:00: one calendar day allowed."""
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        cast.house.job.move_to(cast.house.stage("Reached"), by=cast.house.rita)
    return cast.house.job


def crossings(job: Job) -> list[tuple[str, datetime]]:
    events = Event.objects.of_job(job.pk).filter(kind__in=["job.due_soon", "job.overdue", "job.far_overdue"])
    return list(events.order_by("pk").values_list("kind", "at"))


def test_the_level_moves_at_each_crossing(cast: Cast, job: Job) -> None:
    steps = [(18, Level.SOON), (24, Level.LATE), (48, Level.CRIT)]
    for hour, level in steps:
        with clock.at(MONDAY + timedelta(hours=hour) - timedelta(seconds=1)):
            tick()
        with use_tenant(cast.house.tenant):
            assert Job.objects.get().level == level + 1
        with clock.at(MONDAY + timedelta(hours=hour)):
            tick()
            with use_tenant(cast.house.tenant):
                assert Job.objects.get().level == level == Job.objects.get().level_at(clock.now())
    with use_tenant(cast.house.tenant):
        assert crossings(job) == [
            ("job.due_soon", MONDAY + timedelta(hours=18)),
            ("job.overdue", MONDAY + timedelta(hours=24)),
            ("job.far_overdue", MONDAY + timedelta(hours=48)),
        ]
    assert not Due.objects.filter(subject_id=job.pk, kind="job.clock", tenant=cast.house.tenant).exists()


def test_after_an_outage_each_crossing_is_recorded_once_at_its_own_instant(cast: Cast, job: Job) -> None:
    with clock.at(MONDAY + timedelta(days=9)):
        tick()
        tick()
    with use_tenant(cast.house.tenant):
        assert [kind for kind, _ in crossings(job)] == ["job.due_soon", "job.overdue", "job.far_overdue"]
        assert Job.objects.get().level == Level.CRIT


def test_a_job_without_status_stays_on_top_and_its_crossings_are_recorded_once(cast: Cast) -> None:
    from crm.jobs.creation.job_creation import open_job

    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        nobody = open_job(title="Terrence Boyd", by=None)
    for hour in (1, 2, 30):
        with clock.at(MONDAY + timedelta(hours=hour)):
            tick()
    with use_tenant(cast.house.tenant):
        assert Job.objects.get(pk=nobody.pk).level == Level.NONE
        assert [kind for kind, _ in crossings(nobody)] == ["job.due_soon", "job.overdue", "job.far_overdue"]


def test_a_pause_stops_the_clock_and_resuming_runs_on(cast: Cast, job: Job) -> None:
    with use_tenant(cast.house.tenant):
        with clock.at(MONDAY + timedelta(hours=6)):
            job.pause(reason="Customer abroad", until=MONDAY + timedelta(days=10), by=cast.house.rita)
        assert (job.level, job.due_at, job.clock_used) == (Level.HOLD, None, 6 * 3600)
    with clock.at(MONDAY + timedelta(days=9)):
        tick()
    with use_tenant(cast.house.tenant):
        assert Job.objects.get().level == Level.HOLD
        assert crossings(job) == []
    with clock.at(MONDAY + timedelta(days=10)):
        tick()
    with use_tenant(cast.house.tenant):
        resumed = Job.objects.get()
        assert resumed.side == Side.US
        assert resumed.level == Level.OK
        assert resumed.due_at == MONDAY + timedelta(days=10, hours=18)


def test_their_move_runs_the_slower_clock(cast: Cast, job: Job) -> None:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        job.turn_to(Side.CUSTOMER, by=cast.house.rita)
        assert job.due_at == MONDAY + timedelta(hours=72)
        job.hear("sms")
        assert (job.side, job.unread_count, job.waiting_since) == (Side.US, 1, MONDAY)
        assert job.due_at == MONDAY + timedelta(days=1)


def test_ends_stop_the_clock_and_sort_newest_first(cast: Cast, job: Job) -> None:
    from crm.jobs.creation.job_creation import open_job

    with use_tenant(cast.house.tenant):
        with clock.at(MONDAY):
            second = open_job(title="Wanda Pruitt", by=cast.house.rita)
            job.finish(by=cast.house.sam)
        with clock.at(MONDAY + timedelta(days=1)):
            # Nothing waits for the end of its pause any more.
            second.pause(reason="On holiday", until=MONDAY + timedelta(days=9), by=cast.house.rita)
            second.lose("Price", by=cast.house.rita)
            second.lose("Price", by=cast.house.rita)
        ended = Job.objects.filter(level=Level.ENDED).in_list_order()
        assert list(ended) == [second, job]
        assert not Due.objects.filter(tenant=cast.house.tenant).exclude(kind=CLIMB).exists()
        assert Event.objects.filter(kind="job.lost").count() == 1
        with clock.at(MONDAY + timedelta(days=2)):
            second.reopen(by=cast.house.mona)
        assert (second.level, second.state) == (Level.NONE, "open")


@pytest.mark.usefixtures("fifteen_minutes")
def test_an_edit_of_the_calendar_moves_open_clocks_and_says_why(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(MONDAY):
        house.job.move_to(house.stage("Reached"), by=house.rita)
        house.job.move_to(house.stage("New"), by=house.rita)
        before = Job.objects.get().due_at
        assert before == MONDAY + timedelta(minutes=15)
        BusinessCalendar.objects.get().close_on(MONDAY.date(), "Hurricane", by=house.ada)
    with clock.at(MONDAY + timedelta(seconds=30)):
        dispatch_events()
        tick()
    with use_tenant(house.tenant):
        job = Job.objects.get()
        assert job.due_at == datetime(2026, 3, 3, 13, 15, tzinfo=UTC), "Tuesday 8:15 in New York"
        fact = Event.objects.get(kind="job.clock_moved")
        assert (fact.data["from"], fact.data["cause"]) == (before.isoformat(), "calendar")
        assert Due.objects.get(tenant=house.tenant, kind="job.clock").due_at == job.warn_at
        assert ClosingDay.objects.count() == 1


def make_urgent(house: House, job: Job, many: bool) -> UUID:
    """Rita makes it urgent, alone or as one of many; the act, to take it back by."""
    with undo.record_undoable("job.prioritized", [job], by=house.rita) as change:
        if many:
            prioritize_all([job], Priority.URGENT, by=house.rita)
        else:
            job.prioritize(Priority.URGENT, by=house.rita)
    return change.uid


@pytest.mark.parametrize("many", [False, True])
def test_a_priority_that_makes_it_late_records_the_crossing_once(cast: Cast, job: Job, many: bool) -> None:
    house, urgent_due = cast.house, MONDAY + timedelta(hours=4)
    at = MONDAY + timedelta(hours=6)
    with use_tenant(house.tenant), clock.at(at):
        StageTarget.set(
            pipeline_setup().default_pipeline,
            TargetCase(job.stage_id, None, Priority.URGENT),
            Terms(4 * 3600, None, False),
            by=None,
        )
        change = make_urgent(house, job, many)
        early = [("job.due_soon", MONDAY + timedelta(hours=3)), ("job.overdue", urgent_due)]
        assert crossings(job) == early
        assert {event.actor_id for event in Event.objects.filter(kind="job.overdue")} == {None}
        assert job.level == Level.LATE == Job.objects.get().level_at(at)
    for _ in range(2):
        with clock.at(MONDAY + timedelta(hours=8)):
            tick()
        with use_tenant(house.tenant):
            assert crossings(job) == [*early, ("job.far_overdue", MONDAY + timedelta(hours=8))]
    with use_tenant(house.tenant), clock.at(at + timedelta(minutes=1)):
        undo.undo_change(change, by=house.rita)
        assert (Job.objects.get().level, Job.objects.get().due_at) == (Level.OK, MONDAY + timedelta(hours=24))
    with clock.at(MONDAY + timedelta(hours=18)):
        tick()
    with use_tenant(house.tenant):
        assert crossings(job)[3:] == [("job.due_soon", MONDAY + timedelta(hours=18))], "its own clock crosses anew"


def test_a_priority_that_crosses_nothing_more_records_nothing_more(cast: Cast, job: Job) -> None:
    with clock.at(MONDAY + timedelta(hours=25)):
        tick()
        with use_tenant(cast.house.tenant):
            before = crossings(job)
            assert len(before) == 2
            job.prioritize(Priority.HIGH, by=cast.house.rita)
            job.prioritize(Priority.LOW, by=cast.house.rita)
            assert crossings(job) == before


def test_a_pause_takes_the_new_allowance_along_and_crosses_when_it_ends(cast: Cast, job: Job) -> None:
    house = cast.house
    six = MONDAY + timedelta(hours=6)
    with use_tenant(house.tenant), clock.at(six):
        StageTarget.set(
            pipeline_setup().default_pipeline,
            TargetCase(job.stage_id, None, Priority.URGENT),
            Terms(4 * 3600, None, False),
            by=None,
        )
        job.pause(reason="Bank", until=six + timedelta(days=1), by=house.rita)
        prioritize_all([Job.objects.get()], Priority.URGENT, by=house.rita)
        paused = Job.objects.get()
        assert (paused.allowed, paused.level, crossings(job)) == (4 * 3600, Level.HOLD, [])
    ended = six + timedelta(days=1)
    for _ in range(2):
        with clock.at(ended):
            tick()
        with use_tenant(house.tenant):
            assert crossings(job) == [("job.due_soon", ended), ("job.overdue", ended)]
            assert Job.objects.get().level == Level.LATE
    with use_tenant(house.tenant), clock.at(ended + timedelta(minutes=1)):
        again = Job.objects.get()
        again.pause(reason="Bank", until=None, by=house.rita)
        again.resume(by=house.rita)
        assert len(crossings(job)) == 2, "pausing a late one and going on crosses nothing anew"


def test_a_job_without_status_crosses_once_though_it_was_on_hold(cast: Cast) -> None:
    from crm.jobs.creation.job_creation import open_job

    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        nobody = open_job(title="Terrence Boyd", by=None)
    allowed = nobody.due_at - MONDAY
    with clock.at(MONDAY + allowed):
        tick()
    with use_tenant(cast.house.tenant), clock.at(MONDAY + allowed):
        held = Job.objects.get(pk=nobody.pk)
        held.pause(reason="Away", until=MONDAY + 3 * allowed, by=cast.house.rita)
    with clock.at(MONDAY + 9 * allowed):
        tick()
        tick()
    with use_tenant(cast.house.tenant):
        assert [kind for kind, _ in crossings(nobody)] == ["job.due_soon", "job.overdue"]
    with clock.at(MONDAY + timedelta(days=3)):
        tick()
    with use_tenant(cast.house.tenant):
        assert [kind for kind, _ in crossings(nobody)] == ["job.due_soon", "job.overdue", "job.far_overdue"]
