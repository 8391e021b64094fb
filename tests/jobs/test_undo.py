"""Taking an act back restores columns, stays, and the clock; what others did since is never undone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.jobs.bulk.verbs import move_all
from crm.jobs.clock.tick import cross
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority, Side, StageVisit
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Change, ChangedRow, Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast, House


def state_of(job: Job) -> dict[str, object]:
    """Everything of a job but its name for itself: columns, stays and the clock's next crossing."""
    row = Job.objects.filter(pk=job.pk).values().get()
    stays = list(StageVisit.objects.filter(job=job).values())
    crossing = list(Due.objects.filter(subject_id=job.pk, kind="job.clock").values_list("due_at", flat=True))
    return {**row, "stays": stays, "crossing": crossing}


ACTS: dict[str, Callable[[House, Job], None]] = {
    "moved": lambda house, job: job.move_to(house.stage("Quote sent"), by=house.rita),
    "turned": lambda house, job: job.turn_to(Side.CUSTOMER, by=house.rita),
    "paused": lambda house, job: job.pause(reason="Away", until=clock.now() + timedelta(days=9), by=house.rita),
    "lost": lambda house, job: job.lose("Price", by=house.rita),
    "finished": lambda house, job: job.finish(by=house.rita),
    "assigned": lambda house, job: job.assign_to(None, by=house.rita),
    "prioritized": lambda house, job: job.prioritize(Priority.URGENT, by=house.rita),
    "heard": lambda house, job: job.hear("email"),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_taken_back_leaves_everything_as_it_was(cast: Cast, act: str) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(minutes=5)):
        before = state_of(house.job)
        with undo.record_undoable(f"job.{act}", [house.job], by=house.rita) as change:
            ACTS[act](house, house.job)
        assert state_of(house.job) != before
        with clock.at(clock.now() + timedelta(seconds=14)):
            done = undo.undo_change(change.uid, by=house.rita)
        assert [job.pk for job in done.rows] == [house.job.pk]
        assert state_of(house.job) == before
        fact = Event.objects.order_by("-pk")[0]
        assert (fact.kind, fact.actor_id, fact.data["of"]) == ("job.undone", house.rita.pk, f"job.{act}")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_move_that_ends_the_customers_turn_is_taken_back_whole(cast: Cast, count: int) -> None:
    """0: one lead by its own verb; else so many at once. Leaving writes the customer's allowance on the stay."""
    house = cast.house
    with use_tenant(house.tenant):
        jobs = [open_job(title=f"Lead {n}", by=None, stage=house.stage("New")) for n in range(count or 1)]
        for job in jobs:
            job.turn_to(Side.CUSTOMER, by=house.rita)
        before = [state_of(job) for job in jobs]
        if count:
            with undo.record_undoable("job.moved", jobs, by=house.rita) as change:
                move_all([(job, house.stage("Reached")) for job in jobs], by=house.rita)
        else:
            with undo.record_undoable("job.moved", [jobs[0]], by=house.rita) as change:
                jobs[0].move_to(house.stage("Reached"), by=house.rita)
        left = StageVisit.objects.filter(job__in=jobs, left_at__isnull=False).values_list("allowed", flat=True)
        assert {*left} != {stay["allowed"] for state in before for stay in state["stays"]}, "it was overwritten"
        undo.undo_change(change.uid, by=house.rita)
        assert [state_of(job) for job in jobs] == before


def test_reopening_taken_back_is_an_end_again(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        house.job.lose("Price", by=house.mona)
        before = state_of(house.job)
        with undo.record_undoable("job.reopened", [house.job], by=house.rita) as change:
            house.job.reopen(by=house.rita)
        undo.undo_change(change.uid, by=house.rita)
        assert state_of(house.job) == before


def test_what_somebody_changed_since_stays(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        with undo.record_undoable("job.moved", [house.job], by=house.rita) as change:
            house.job.move_to(house.stage("Reached"), by=house.rita)
        house.job.move_to(house.stage("Quote sent"), by=house.mona)
        now = state_of(house.job)
        with pytest.raises(Refused, match="Mona"):
            undo.undo_change(change.uid, by=house.rita)
        assert state_of(house.job) == now


def test_a_change_elsewhere_on_the_job_does_not_hinder(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        with undo.record_undoable("job.assigned", [house.job], by=house.rita) as change:
            house.job.assign_to(None, by=house.rita)
        house.job.move_to(house.stage("Reached"), by=house.mona)
        undo.undo_change(change.uid, by=house.rita)
        job = Job.objects.get(pk=house.job.pk)
        assert (job.member_id, job.stage_id) == (house.rita.pk, house.stage("Reached").pk)


def test_only_by_who_did_it_and_not_too_late(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        with undo.record_undoable("job.lost", [house.job], by=house.rita) as change:
            house.job.lose("Price", by=house.rita)
        with pytest.raises(Refused):
            undo.undo_change(change.uid, by=house.mona)
        with clock.at(clock.now() + Change.POSSIBLE + timedelta(seconds=1)), pytest.raises(Refused):
            undo.undo_change(change.uid, by=house.rita)
        assert undo.undo_change(change.uid, by=house.rita).rows
        facts = Event.objects.filter(kind="job.undone").count()
        assert undo.undo_change(change.uid, by=house.rita).rows, "again is nothing more"
        assert Event.objects.filter(kind="job.undone").count() == facts == 1


def test_of_many_the_untouched_go_back(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        jobs = [open_job(title=f"Lead {n}", by=house.rita, stage=house.stage("New")) for n in range(3)]
        with undo.record_undoable("job.moved", jobs, by=house.rita) as change:
            for job in jobs:
                job.move_to(house.stage("Reached"), by=house.rita)
        jobs[1].lose("Price", by=house.mona)
        done = undo.undo_change(change.uid, by=house.rita)
        assert [job.pk for job in done.altered] == [jobs[1].pk]
        assert {job.pk for job in done.rows} == {jobs[0].pk, jobs[2].pk}


def test_nothing_altered_is_nothing_to_take_back(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with undo.record_undoable("job.moved", [cast.house.job], by=cast.house.rita) as change:
            cast.house.job.move_to(cast.house.stage("New"), by=cast.house.rita)
        assert change.pk is None
        assert not Change.objects.exists()


def test_a_crossing_that_came_in_between_is_not_missed(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        warn_at = house.job.warn_at
        early = clock.at(warn_at - timedelta(seconds=5))
        with early, undo.record_undoable("job.moved", [house.job], by=house.rita) as change:
            house.job.move_to(house.stage("Quote sent"), by=house.rita)
        with clock.at(warn_at + timedelta(seconds=5)):
            undo.undo_change(change.uid, by=house.rita)
            assert Due.objects.get(subject_id=house.job.pk, kind="job.clock").due_at == warn_at
            cross(Job, [house.job.pk])
            assert list(Event.objects.filter(kind="job.due_soon").values_list("at", flat=True)) == [warn_at]


def test_of_two_who_move_it_at_once_the_second_is_told(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        seen = house.job.stay
        house.job.move_to(house.stage("Reached"), by=house.mona, version=seen)
        with pytest.raises(Stale) as late:
            house.job.move_to(house.stage("Quote sent"), by=house.rita, version=seen)
        assert late.value.row.stage_id == house.stage("Reached").pk
        house.job.move_to(house.stage("Reached"), by=house.rita, version=seen)  # both wanted the same
        seen = house.job.stay
        house.job.lose("Price", by=house.mona, version=seen)
        with pytest.raises(Stale):
            house.job.move_to(house.stage("Quote sent"), by=house.rita, version=seen)
        with pytest.raises(Stale):
            house.job.finish(by=house.rita, version=seen)
        house.job.reopen(by=house.rita, version=house.job.stay)


def test_old_changes_are_forgotten(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        undo._forgetting.clear()
        with undo.record_undoable("job.lost", [house.job], by=house.rita):
            house.job.lose("Price", by=house.rita)
        assert ChangedRow.objects.exists()
    with clock.at(clock.now() + undo.KEPT + timedelta(minutes=2)):
        while due.run_due_work():
            pass
    with use_tenant(house.tenant):
        assert not Change.objects.exists()
        assert not ChangedRow.objects.exists()
