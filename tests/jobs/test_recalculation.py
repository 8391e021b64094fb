"""An edited target, level or calendar moves the open clocks it holds for, and no other; stored is what derives."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Level, Side, StageTarget
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel import clock
from crm.platform.models import Brand, BusinessCalendar, Due, Event, Tenant
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York, in working hours
H, D = 3600, 86_400

CROSSED = ["job.due_soon", "job.overdue", "job.far_overdue"]


@pytest.fixture
def house(cast: Cast) -> House:
    """Rita's lead entered "Reached" on Monday at 10:00: one calendar day to us, three to the customer."""
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        cast.house.job.move_to(cast.house.stage("Reached"), by=cast.house.rita)
    return cast.house


def set_target(
    house: House, stage: str | None, terms: Terms, brand: int | None = None, rank: int | None = None
) -> bool:
    pipeline = pipeline_setup().default_pipeline
    case = TargetCase(house.stage(stage).pk, None, rank)
    return StageTarget.set(pipeline, case, terms, by=house.ada)


def work(at: datetime) -> None:
    with clock.at(at):
        dispatch_events()
        tick()


def assert_stored_is_derived() -> None:
    for job in Job.objects.open().filter(due_at__isnull=False):
        allowed = job._allowance(theirs=job.side == Side.CUSTOMER)
        assert (job.allowed, job.calendar_id) == allowed
        derived = ageing.instants(
            job.clock_started_at, job.allowed, job.hours, used=job.clock_used, ratios=directory().tenant.ratios
        )
        assert job.instants == derived
        assert job.sort_at == job.due_at


def moves() -> list[Event]:
    return list(Event.objects.filter(kind="job.clock_moved").order_by("pk"))


def test_a_target_moves_the_clocks_of_its_step_and_says_why(house: House) -> None:
    at = MONDAY + timedelta(hours=6)
    with use_tenant(house.tenant), clock.at(MONDAY):
        elsewhere = open_job(title="Wanda Pruitt", stage=house.stage("Quote sent"), by=None)
        their = open_job(title="Ned Faraday", stage=house.stage("Reached"), by=None)
        their.turn_to(Side.CUSTOMER, by=None)
        before = Job.objects.in_bulk()
    with use_tenant(house.tenant), clock.at(at):
        assert set_target(house, "Reached", Terms(2 * H, None, True))
    work(at)
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        assert job.due_at == MONDAY + timedelta(hours=2)
        assert (job.level, job.level_at(at)) == (Level.CRIT, Level.CRIT)
        [moved] = moves()
        assert (moved.job_id, moved.data["cause"]) == (job.pk, "target")
        assert (moved.data["from"], moved.data["to"]) == (before[job.pk].due_at.isoformat(), job.due_at.isoformat())
        crossed = Event.objects.of_job(job.pk).filter(kind__in=CROSSED).order_by("pk")
        assert list(crossed.values_list("kind", flat=True)) == CROSSED, "it is late by the edit: a fact"
        for other in (elsewhere, their):
            assert Job.objects.get(pk=other.pk).instants == before[other.pk].instants
        with clock.at(at):
            assert_stored_is_derived()
    work(at + timedelta(minutes=1))
    with use_tenant(house.tenant):
        assert len(moves()) == 1
        assert not Due.objects.filter(tenant=house.tenant, kind="job.retarget").exists()


def test_twice_over_moves_nothing_more(house: House) -> None:
    from crm.jobs.clock.recalculation import RETARGET, recount

    with use_tenant(house.tenant), clock.at(MONDAY):
        set_target(house, "Reached", Terms(2 * H, None, False))
        for _ in range(3):
            recount(Job, RETARGET, [house.job.pk])
        assert len(moves()) == 1
        assert Job.objects.get(pk=house.job.pk).due_at == MONDAY + timedelta(hours=2)


def test_the_same_target_again_is_no_edit(house: House) -> None:
    with use_tenant(house.tenant):
        assert not set_target(house, "Reached", Terms(D, None, False))
        assert not set_target(house, "Quote sent", Terms(None, None, True), rank=1)
        assert not Event.objects.filter(kind="target.changed").exists()
        with pytest.raises(ValueError, match="some time"):
            set_target(house, "Reached", Terms(0, None, True))


def test_the_most_specific_target_wins_and_clearing_it_goes_back(house: House) -> None:
    with use_tenant(house.tenant), clock.at(MONDAY):
        brand = Brand.objects.get().pk
        house.job.prioritize(1, by=house.rita)
        steps = [
            (TargetCase(house.stage("Reached").pk, None, 1), 6 * H),
            (TargetCase(house.stage("Reached").pk, brand), 5 * H),
            (TargetCase(house.stage("Reached").pk, brand, 1), 4 * H),
        ]
        pipeline = pipeline_setup().default_pipeline
        for case, seconds in steps:
            StageTarget.set(pipeline, case, Terms(seconds, None, False), by=house.ada)
    work(MONDAY)
    with use_tenant(house.tenant), clock.at(MONDAY):
        assert Job.objects.get(pk=house.job.pk).allowed == 4 * H
        assert len(moves()) == 1, "three edits, one move"
        for case, _ in reversed(steps):
            StageTarget.set(pipeline, case, Terms(None, None, False), by=house.ada)
        assert StageTarget.objects.exclude(priority=None).count() == 0
    work(MONDAY)
    with use_tenant(house.tenant), clock.at(MONDAY):
        assert Job.objects.get(pk=house.job.pk).allowed == D
        assert_stored_is_derived()


def test_a_paused_clock_runs_on_by_the_new_target(house: House) -> None:
    with use_tenant(house.tenant), clock.at(MONDAY + timedelta(hours=1)):
        house.job.pause(reason="Abroad", until=None, by=house.rita)
        set_target(house, "Reached", Terms(10 * H, None, False))
    work(MONDAY + timedelta(hours=1))
    with use_tenant(house.tenant), clock.at(MONDAY + timedelta(hours=2)):
        job = Job.objects.get(pk=house.job.pk)
        assert (job.level, job.due_at) == (Level.HOLD, None)
        job.resume(by=house.rita)
        assert job.due_at == MONDAY + timedelta(hours=2 + 9)
        assert moves() == []


def test_levels_move_every_clocks_levels_and_no_due_date(house: House) -> None:
    at = MONDAY + timedelta(hours=13)
    levels = {"warn_percent": 50, "far_percent": 150, "default_ours": 12 * H, "default_theirs": 72 * H}
    with use_tenant(house.tenant), clock.at(at):
        due_at = Job.objects.get(pk=house.job.pk).due_at
        assert house.tenant.change_levels(**levels, by=house.ada)
        assert not house.tenant.change_levels(**levels, by=house.ada)
    work(at)
    with use_tenant(house.tenant), clock.at(at):
        job = Job.objects.get(pk=house.job.pk)
        assert (job.warn_at, job.due_at, job.far_at) == (
            MONDAY + timedelta(hours=12),
            due_at,
            MONDAY + timedelta(hours=36),
        )
        assert job.level == Level.SOON
        assert Event.objects.of_job(job.pk).filter(kind="job.due_soon").count() == 1
        assert moves() == []
        assert Event.objects.filter(kind="tenant.levels_changed").count() == 1
        assert_stored_is_derived()
    assert Tenant.objects.get(pk=house.tenant.pk).warn_percent == 50


def test_a_default_moves_the_clocks_of_steps_without_a_target(house: House) -> None:
    with use_tenant(house.tenant), clock.at(MONDAY):
        set_target(house, "Reached", Terms(None, None, False))
    work(MONDAY)
    with use_tenant(house.tenant), clock.at(MONDAY):
        assert Job.objects.get(pk=house.job.pk).due_at == MONDAY + timedelta(hours=12)
        levels = {"warn_percent": 75, "far_percent": 200, "default_ours": 6 * H, "default_theirs": 72 * H}
        house.tenant.change_levels(**levels, by=house.ada)
    work(MONDAY)
    with use_tenant(house.tenant), clock.at(MONDAY):
        assert Job.objects.get(pk=house.job.pk).due_at == MONDAY + timedelta(hours=6)
        assert [event.data["cause"] for event in moves()] == ["target", "levels"]
        assert_stored_is_derived()


def test_a_tick_after_the_edit_crosses_at_the_new_instant(house: House) -> None:
    with use_tenant(house.tenant), clock.at(MONDAY):
        set_target(house, "Reached", Terms(8 * H, None, False))
    work(MONDAY)
    work(MONDAY + timedelta(hours=8))
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        assert job.level == Level.LATE
        overdue = Event.objects.of_job(job.pk).get(kind="job.overdue")
        assert overdue.at == MONDAY + timedelta(hours=8)


def with_hours(house: House, name: str, **fields: object) -> BusinessCalendar:
    week = [[[600, 720]]] * 5 + [[], []]
    return BusinessCalendar.create(by=house.ada, name=name, time_zone="America/New_York", week=week, **fields)


@pytest.mark.parametrize("how", ["brand", "default"])
def test_another_calendar_moves_the_clocks_that_count_by_it(house: House, how: str) -> None:
    with use_tenant(house.tenant), clock.at(MONDAY):
        set_target(house, "Reached", Terms(4 * H, 3 * D, working_hours=True))
    work(MONDAY)
    with use_tenant(house.tenant), clock.at(MONDAY):
        before = Job.objects.get(pk=house.job.pk).due_at
        short = with_hours(house, "Two hours a day")
        brand = Brand.objects.get(pk=house.job.brand_id)
        if how == "brand":
            brand.edit(by=house.ada, calendar_id=short.pk)
        else:
            brand.edit(by=house.ada, calendar_id=None)
            short.make_default(by=house.ada)
    work(MONDAY)
    with use_tenant(house.tenant):
        assert_stored_is_derived()
        job = Job.objects.get(pk=house.job.pk)
        assert job.calendar_id == short.pk
        assert job.due_at > before
        assert moves()[-1].data["cause"] == "calendar"
