"""What is to be done on a job goes along with it, set by set, and comes back when giving it away is taken back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.bulk.verbs import assign_all
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Event, Member
from crm.platform.tenancy.context import use_tenant
from followups.assignment.follow_owner import follow_job_owner
from followups.models import FollowUp
from tests.cast import Cast, House
from tests.followups.test_adoption import work_off


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def planned(job: Job, member: Member) -> FollowUp:
    at = clock.now() + timedelta(days=1)
    return FollowUp.plan(kind="call", subject="Call", due_at=at, job=job, assignee=member, by=None)


def owners(*rows: FollowUp) -> list[int | None]:
    return [FollowUp.objects.get(pk=row.pk).assignee_id for row in rows]


@pytest.mark.parametrize("told_first", [True, False])
def test_taken_back_each_has_the_own_again(house: House, told_first: bool) -> None:
    ritas, monas, sams = (planned(house.job, member) for member in (house.rita, house.mona, house.sam))
    with undo.record_undoable("job.assigned", [house.job], by=house.mona) as change:
        house.job.assign_to(house.mona, by=house.mona)
    if told_first:
        work_off()
        with use_tenant(house.tenant):
            assert owners(ritas, monas, sams) == [house.mona.pk, house.mona.pk, house.sam.pk]
    with use_tenant(house.tenant):
        undo.undo_change(change.uid, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        assert owners(ritas, monas, sams) == [house.rita.pk, house.mona.pk, house.sam.pk]


def test_what_a_person_gave_on_since_stays_theirs(house: House) -> None:
    follow_up = planned(house.job, house.rita)
    with undo.record_undoable("job.assigned", [house.job], by=house.mona) as change:
        house.job.assign_to(house.mona, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        follow_up.assign_to(house.sam, by=house.mona)
        undo.undo_change(change.uid, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        assert owners(follow_up) == [house.sam.pk]


def test_taken_back_and_given_away_again_before_anybody_was_told(house: House) -> None:
    follow_up = planned(house.job, house.rita)
    with undo.record_undoable("job.assigned", [house.job], by=house.mona) as change:
        house.job.assign_to(house.mona, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        undo.undo_change(change.uid, by=house.mona)
        Job.objects.get(pk=house.job.pk).assign_to(house.sam, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        assert owners(follow_up) == [house.sam.pk]


def test_statements_do_not_grow_with_the_jobs(house: House) -> None:
    cost = []
    for size in (3, 30):
        jobs = [open_job(title=f"Lead {n}", member=house.rita, by=None) for n in range(size)]
        rows = [planned(job, house.rita) for job in jobs]
        with undo.record_undoable("job.assigned", jobs, by=house.mona) as change:
            assign_all(jobs, house.sam, by=house.mona)
        for kind, member in (("job.assigned", house.sam), ("job.undone", house.rita)):
            told = list(Event.objects.filter(kind=kind, job_id__in=[job.pk for job in jobs]))
            with CaptureQueriesContext(connection) as captured:
                follow_job_owner(told)
            assert set(owners(*rows)) == {member.pk}
            cost.append(len(captured))
            if kind == "job.assigned":
                undo.undo_change(change.uid, by=house.mona)
    assert cost[:2] == cost[2:]
    assert max(cost) <= 10
