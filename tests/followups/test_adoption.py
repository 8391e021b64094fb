"""Next steps that stand on the job alone become follow-ups; and who gets a job gets what is to be done on it."""

from datetime import timedelta

from crm.jobs.creation.bulk_creation import Opening, open_all
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.models import Due, Event, Undispatched
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome
from followups.models.due_time import MISSED
from followups.models.follow_up_row import UNDATED
from followups.next_step.adoption import adopt_next_steps
from tests.cast import Cast, House
from tests.queries import data_queries


def work_off() -> None:
    while dispatch_events():
        pass


def imported(house: House, *, kind: str, label: str, days: float | None) -> Job:
    here = directory()
    brand = here.default_brand
    job = Job(
        title="Imported",
        brand=brand,
        pipeline=pipeline_setup().default_pipeline,
        member=house.rita,
        currency=brand.currency,
        next_step_kind=kind,
        next_step_label=label,
        next_step_at=clock.now() + timedelta(days=days) if days is not None else None,
    )
    open_all([Opening(job)], by=house.mona, cause="import", data={"import": 1})
    return job


def test_an_imported_next_step_can_be_done(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = imported(house, kind="call", label="Call about quote", days=2)
    work_off()
    with use_tenant(house.tenant):
        follow_up = FollowUp.objects.get()
        assert (follow_up.job_id, follow_up.kind, follow_up.subject) == (job.pk, "call", "Call about quote")
        assert (follow_up.due_at, follow_up.assignee_id) == (job.next_step_at, house.rita.pk)
        assert Due.objects.get(kind=MISSED).due_at == job.next_step_at
        follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
        assert Job.objects.get(pk=job.pk).next_step_kind == ""
    work_off()
    with use_tenant(house.tenant):
        assert FollowUp.objects.count() == 1


def test_one_without_a_day_or_words_comes_too(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = imported(house, kind="whatever", label="", days=None)
        assert adopt_next_steps([job.pk]) == 1
        assert adopt_next_steps([job.pk]) == 0
        follow_up = FollowUp.objects.get()
        assert (follow_up.kind, follow_up.subject, follow_up.due_at) == (FollowUpKind.TASK, "Task", None)
        assert follow_up.sort_at == UNDATED
        assert Job.objects.get(pk=job.pk).next_step_label == "Task"


def test_many_are_adopted_with_as_many_statements_as_one(cast: Cast) -> None:
    house, taken = cast.house, []
    with use_tenant(house.tenant):
        for count in (1, 2, 12):  # the first reads the configuration
            jobs = [imported(house, kind="call", label=f"Call {nth}", days=nth + 1) for nth in range(count)]
            with data_queries() as made:
                assert adopt_next_steps(job.pk for job in jobs) == count
            taken.append(len(made))
        assert FollowUp.objects.count() == 15
    assert taken[1] == taken[2] <= 7, made


def test_an_import_without_a_next_step_adds_nothing(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        imported(cast.house, kind="", label="", days=None)
        assert not Event.objects.filter(kind="job.next_step_planned").exists()
    work_off()
    with use_tenant(cast.house.tenant):
        assert not FollowUp.objects.exists()


def test_what_a_follow_up_wrote_is_not_taken_for_another(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        follow_up = FollowUp.plan(
            kind=FollowUpKind.CALL, subject="Call", due_at=clock.now() + timedelta(days=1), job=house.job, by=house.rita
        )
        follow_up.reschedule(clock.now() + timedelta(days=2), by=house.rita)
        assert Event.objects.filter(kind="job.next_step_planned", data__cause="followup").count() == 2
    work_off()
    with use_tenant(house.tenant):
        assert FollowUp.objects.count() == 1
    assert not Undispatched.objects.exists()


def test_a_next_step_written_on_the_job_joins_those_that_are_there(cast: Cast) -> None:
    house = cast.house
    soon, later = clock.now() + timedelta(days=1), clock.now() + timedelta(days=5)
    with use_tenant(house.tenant):
        FollowUp.plan(kind=FollowUpKind.CALL, subject="Call", due_at=soon, job=house.job, by=house.rita)
        house.job.plan_next(kind="email", label="Email", at=later, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        assert [row.subject for row in FollowUp.objects.by_time()] == ["Call", "Email"]
        assert Job.objects.get(pk=house.job.pk).next_step_label == "Call", "the earliest is the next"


def test_who_gets_the_job_gets_what_is_to_be_done(cast: Cast) -> None:
    house = cast.house
    at = clock.now() + timedelta(days=1)
    with use_tenant(house.tenant):
        ritas = FollowUp.plan(kind="call", subject="a", due_at=at, job=house.job, assignee=house.rita, by=None)
        sams = FollowUp.plan(kind="call", subject="b", due_at=at, job=house.job, assignee=house.sam, by=None)
        done = FollowUp.plan(kind="call", subject="c", due_at=at, job=house.job, assignee=house.rita, by=None)
        done.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
        house.job.assign_to(house.mona, by=house.mona)
    work_off()
    with use_tenant(house.tenant):
        owners = dict(FollowUp.objects.values_list("pk", "assignee_id"))
    assert owners == {ritas.pk: house.mona.pk, sams.pk: house.sam.pk, done.pk: house.rita.pk}
