"""A step is archived while leads stand in it: they go where it was said, once, by the worker; history stays whole."""

from datetime import timedelta

import pytest

from crm.jobs.bulk.verbs import move_all
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Level, Stage, StageVisit
from crm.jobs.pipeline_settings import stage_archive
from crm.jobs.pipeline_settings.stage_archive import CAUSE, follow
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage_successor import resting_place, successor_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> House:
    """Three leads in "New", late by three days; one of them has ended there."""
    with use_tenant(cast.house.tenant):
        open_job(title="Wanda Pruitt", stage=cast.house.stage("New"), by=None)
        open_job(title="Ned Faraday", stage=cast.house.stage("New"), by=None).lose("Price", by=None)
    return cast.house


def moved() -> list[tuple[int, str]]:
    events = Event.objects.filter(kind="job.moved").order_by("pk")
    return [(event.job_id, event.data["cause"]) for event in events]


def test_no_lead_is_left_behind_unsaid(house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        with pytest.raises(Refused, match="Choose first which step"):
            new.archive(into=None, by=house.ada)
        new.refresh_from_db()
        assert new.archived_at is None
        house.stage("Invoiced").archive(into=None, by=house.ada)  # nobody stands in it


def test_those_who_stand_there_go_to_the_step_that_was_chosen(house: House) -> None:
    later = clock.now() + timedelta(days=30)
    with use_tenant(house.tenant), clock.at(later):
        new, reached = house.stage("New"), house.stage("Reached")
        new.archive(into=reached, by=house.ada)
        assert Job.objects.filter(stage=new).count() == 3, "an edit itself rewrites no job"
    with clock.at(later):
        dispatch_events()
        tick()
        tick()
    with use_tenant(house.tenant):
        jobs = {job.title: job for job in Job.objects.all()}
        assert [jobs[name].stage_id for name in ("Cora Customer", "Wanda Pruitt")] == [reached.pk] * 2
        assert jobs["Ned Faraday"].stage_id == new.pk, "where it ended"
        for name in ("Cora Customer", "Wanda Pruitt"):
            job = jobs[name]
            assert job.past == f"{new.pk}:crit"
            left = StageVisit.objects.get(job=job, stage=new)
            assert (left.left_at, left.level) == (later, Level.CRIT)
            assert StageVisit.objects.get(job=job, left_at=None).cause == CAUSE
            assert moved().count((job.pk, CAUSE)) == 1
        assert not Due.objects.filter(tenant=house.tenant, kind="job.follow_step").exists()


def test_a_worker_that_dies_in_the_middle_moves_nobody_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with use_tenant(house.tenant):
        house.stage("New").archive(into=house.stage("Reached"), by=house.ada)
    dispatch_events()

    def dies(*args: object, **kwargs: object) -> None:
        assert move_all(*args, **kwargs)  # type: ignore[arg-type]
        raise SystemExit("killed")

    monkeypatch.setattr(stage_archive, "move_all", dies)
    with use_tenant(house.tenant):
        ids = list(Job.objects.open().values_list("pk", flat=True))
    rows = list(Due.objects.filter(tenant=house.tenant, kind="job.follow_step").values_list("pk", flat=True))
    with pytest.raises(SystemExit):
        due.run_claimed(house.tenant.pk, "job.follow_step", rows)
    monkeypatch.undo()
    with use_tenant(house.tenant):
        assert moved() == [], "the batch is one transaction"
    due.run_claimed(house.tenant.pk, "job.follow_step", rows)
    due.run_claimed(house.tenant.pk, "job.follow_step", rows)
    with use_tenant(house.tenant):
        follow(ids)
        assert sorted(moved()) == sorted((pk, CAUSE) for pk in ids)


def test_one_that_went_elsewhere_meanwhile_is_let_be(house: House) -> None:
    with use_tenant(house.tenant):
        house.stage("New").archive(into=house.stage("Reached"), by=house.ada)
        house.job.move_to(house.stage("Quote sent"), by=house.rita)
    dispatch_events()
    tick()
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=house.job.pk).stage.name == "Quote sent"


def test_without_a_successor_they_stay_until_somebody_moves_them(house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        new.archive(into=None, stay=True, by=house.ada)
    dispatch_events()
    tick()
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        assert job.stage_id == new.pk
        job.move_to(house.stage("Reached"), by=house.rita)
        assert job.past == f"{new.pk}:ok"


def test_steps_archived_one_after_another_lead_to_the_last_live_one(house: House) -> None:
    with use_tenant(house.tenant):
        new, reached, booked = (house.stage(name) for name in ("New", "Reached", "Visit booked"))
        new.archive(into=reached, by=house.ada)
        reached.archive(into=booked, by=house.ada)
        assert resting_place(new.pk) == booked
        Stage.objects.get(pk=new.pk).restore(by=house.ada)
        booked.archive(into=house.stage("New"), by=house.ada)
        assert resting_place(reached.pk) == new
        assert resting_place(new.pk) is None, "it is live: who is there stays"
    dispatch_events()
    tick()
    with use_tenant(house.tenant):
        assert pipeline_setup().stages[Job.objects.get(pk=house.job.pk).stage_id].name == "New"


def test_a_lead_reopens_at_a_living_step(house: House) -> None:
    """The successor that was chosen; else the nearest of the phase; else the first of the pipeline."""
    with use_tenant(house.tenant):
        contact = [step.name for step in pipeline_setup().shapes[pipeline_setup().default_pipeline.pk][0]]
        assert contact == ["New", "Reached"], "the phase the test plays in"
        new, reached, quote = (house.stage(name) for name in ("New", "Reached", "Quote sent"))
        house.job.lose("Price", by=house.rita)
        reached.archive(into=None, stay=True, by=house.ada)
        new.archive(into=None, stay=True, by=house.ada)
        assert successor_of(new.pk) == pipeline_setup().steps(pipeline_setup().default_pipeline.pk)[0], (
            "the phase has none left"
        )
        Stage.objects.get(pk=reached.pk).restore(by=house.ada)
        assert successor_of(new.pk) == reached
        Stage.objects.get(pk=new.pk).restore(by=house.ada)
        house.stage("New").archive(into=quote, by=house.ada)
        assert successor_of(new.pk) == quote
        house.job.reopen(by=house.rita)
        job = Job.objects.get(pk=house.job.pk)
        assert (job.stage_id, job.past) == (quote.pk, f"{new.pk}:ok"), "history keeps where it was"
        assert StageVisit.objects.get(job=job, left_at=None).stage_id == quote.pk
        assert (job.allowed, job.calendar_id) == job._allowance()
        assert Event.objects.get(kind="job.reopened").data == {"from": new.pk, "to": quote.pk}


def test_nobody_is_opened_in_an_archived_step(house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        new.archive(into=None, stay=True, by=house.ada)
        new.refresh_from_db()
        with pytest.raises(ValueError, match="archived"):
            open_job(title="Late Larry", stage=new, by=None)


@pytest.mark.parametrize("act", ["moved", "lost"])
def test_an_act_is_not_taken_back_into_a_step_archived_meanwhile(house: House, act: str) -> None:
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        with undo.record_undoable(f"job.{act}", [job], by=house.rita) as change:
            if act == "moved":
                job.move_to(house.stage("Reached"), by=house.rita)
            else:
                job.lose("Price", by=house.rita)
        before = Job.objects.filter(pk=job.pk).values().get()
        house.stage("New").archive(into=None, stay=True, by=house.ada)
        with pytest.raises(Refused, match="“New” was archived in the meantime"):
            undo.undo_change(change.uid, by=house.rita)
        assert Job.objects.filter(pk=job.pk).values().get() == before


def test_who_stood_in_the_archived_step_before_the_act_goes_back_there(house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        with clock.at(clock.now() - timedelta(hours=1)):
            new.archive(into=None, stay=True, by=house.ada)
        job = Job.objects.get(pk=house.job.pk)
        with undo.record_undoable("job.moved", [job], by=house.rita) as change:
            job.move_to(house.stage("Reached"), by=house.rita)
        undo.undo_change(change.uid, by=house.rita)
        assert Job.objects.get(pk=job.pk).stage_id == new.pk


def test_of_many_only_those_whose_step_is_archived_stay(house: House) -> None:
    with use_tenant(house.tenant):
        jobs = [open_job(title=name, stage=house.stage(name), by=None) for name in ("New", "Reached")]
        with undo.record_undoable("job.moved", jobs, by=house.rita) as change:
            move_all([(job, house.stage("Quote sent")) for job in jobs], by=house.rita)
        house.stage("New").archive(into=None, stay=True, by=house.ada)
        done = undo.undo_change(change.uid, by=house.rita)
        titles = [[job.title for job in found] for found in (done.rows, done.altered, done.refused)]
        assert titles == [["Reached"], [], ["New"]]
