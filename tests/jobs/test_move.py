from datetime import timedelta

import pytest

from crm.jobs.models import Job, Level, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def kinds(job: Job) -> list[str]:
    return list(Event.objects.of_job(job.pk).order_by("pk").values_list("kind", flat=True))


def test_moving_starts_a_fresh_clock_and_remembers_the_step_before(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(days=30)):
        assert house.job.level_at(clock.now()) == Level.CRIT
        house.job.move_to(house.stage("Reached"), by=house.mona)
        job = Job.objects.get()
        new = house.stage("New")
        assert job.stage.name == "Reached"
        assert job.past == f"{new.pk}:crit"
        assert job.level == Level.OK
        assert job.entered_at == job.clock_started_at == clock.now()
        # Clocks count whole seconds.
        assert job.due_at == clock.now().replace(microsecond=0) + timedelta(days=1)
        left, now_in = StageVisit.objects.filter(job=job)
        assert (left.stage_id, left.left_at, left.level) == (new.pk, clock.now(), Level.CRIT)
        assert (now_in.stage_id, now_in.left_at, now_in.actor_id) == (job.stage_id, None, house.mona.pk)
        moved = Event.objects.get(kind="job.moved")
        assert moved.actor_id == house.mona.pk
        assert moved.data == {"from": new.pk, "to": job.stage_id, "level": "crit", "cause": ""}
        assert Due.objects.get(tenant=house.tenant, subject_id=job.pk).due_at == job.warn_at


def test_moving_to_where_it_is_records_nothing(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        before = kinds(cast.house.job)
        cast.house.job.move_to(cast.house.stage("New"), by=cast.house.rita)
        assert kinds(cast.house.job) == before


def test_it_moves_along_its_own_pipeline_only_and_only_while_open(cast: Cast) -> None:
    from crm.jobs.models import Pipeline, Stage

    house = cast.house
    with use_tenant(house.tenant):
        other = Pipeline.objects.create(name="Other")
        elsewhere = Stage.objects.create(pipeline=other, phase=pipeline_setup().phases[0], name="New", position=0)
        with pytest.raises(ValueError, match="own pipeline"):
            house.job.move_to(elsewhere, by=house.rita)
        house.job.lose("Price", by=house.rita)
        with pytest.raises(Refused, match="It is closed"):
            house.job.move_to(house.stage("Reached"), by=house.rita)


def test_a_stale_copy_moves_the_row_as_it_is_now(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        stale = Job.objects.get()
        house.job.move_to(house.stage("Reached"), by=house.rita)
        house.job.prioritize(1, by=house.rita)
        stale.move_to(house.stage("Visit booked"), by=house.mona)
        job = Job.objects.get()
        assert job.priority == 1, "a bare save() would have lost it"
        assert len(job.past.split()) == 2
