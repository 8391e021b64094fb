"""The set forms of a job's verbs: the same as the single ones on the same jobs, in a fixed number of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.jobs.bulk.verbs import assign_all, move_all, prioritize_all
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Phase, Pipeline, Side, Stage, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House

NOW = clock.now()


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def make(house: House, number: int, state: str, step: int | None, hours: int) -> Job:
    """A job in a step since some hours, in a state."""
    steps = pipeline_setup().steps(pipeline_setup().default_pipeline.pk)
    with clock.at(NOW - timedelta(hours=hours)):
        job = open_job(title=f"Job {number}", by=None, stage=None if step is None else steps[step], member=house.rita)
        if state == "theirs":
            job.turn_to(Side.CUSTOMER, by=None)
    with clock.at(NOW - timedelta(hours=hours / 2)):
        if state == "held":
            job.pause(reason="Bank", until=NOW + timedelta(days=2), by=None)
        elif state == "lost":
            job.lose("Price", by=None)
    return job


def told(jobs: list[Job]) -> list[Any]:
    """Everything the database holds of the jobs, but for what is numbered as it comes."""
    told = []
    for job in Job.objects.filter(pk__in=[job.pk for job in jobs]).order_by("pk"):
        columns = {f.attname: getattr(job, f.attname) for f in Job._meta.concrete_fields}
        visits = StageVisit.objects.filter(job=job).order_by("entered_at", "pk")
        stays = list(
            visits.values("stage_id", "entered_at", "left_at", "actor_id", "cause", "used", "allowed", "level")
        )
        facts = list(Event.objects.of_job(job.pk).order_by("pk").values("at", "kind", "actor_id", "data", "subject_id"))
        dues = list(Due.objects.filter(tenant=job.tenant_id, subject_id=job.pk).values("kind", "key", "due_at"))
        told.append((columns, stays, facts, dues))
    return told


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


STATES = st.tuples(
    st.sampled_from(["open", "theirs", "held", "lost"]),
    st.one_of(st.none(), st.integers(0, 6)),
    st.integers(0, 400),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.lists(STATES, min_size=1, max_size=5),
    verb=st.sampled_from(["move", "assign", "nobody", "prioritize"]),
    step=st.integers(0, 6),
)
def test_many_at_once_become_what_one_by_one_they_would(house: House, states: Any, verb: str, step: int) -> None:
    def one_by_one(jobs: list[Job]) -> None:
        for job in jobs:
            if verb == "move" and job.is_open:
                job.move_to(stage, by=house.mona, cause="test")
            elif verb in ("assign", "nobody"):
                job.assign_to(member, by=house.mona)
            elif verb == "prioritize":
                job.prioritize(1 + step % 4, by=house.mona)

    def at_once(jobs: list[Job]) -> None:
        with undo.record_undoable("test", jobs, by=house.mona):
            if verb == "move":
                move_all([(job, stage) for job in jobs], by=house.mona, cause="test")
            elif verb in ("assign", "nobody"):
                assign_all(jobs, member, by=house.mona)
            else:
                prioritize_all(jobs, 1 + step % 4, by=house.mona)

    with taken_back():
        stage = pipeline_setup().steps(pipeline_setup().default_pipeline.pk)[step]
        member = house.sam if verb == "assign" else None
        jobs = [make(house, number, *state) for number, state in enumerate(states)]
        found = []
        for act in (one_by_one, at_once):
            with taken_back(), clock.at(NOW):
                act(list(Job.objects.filter(pk__in=[job.pk for job in jobs]).order_by("pk")))
                found.append(told(jobs))
        assert found[0] == found[1]


def test_again_records_nothing(house: House) -> None:
    jobs = [make(house, number, "open", 0, 3) for number in range(3)]
    stage = house.stage("Quote sent")
    for expected in (3, 0):
        assert len(move_all([(job, stage) for job in jobs], by=house.mona)) == expected
        assert len(assign_all(jobs, house.sam, by=house.mona)) == expected
        assert len(prioritize_all(jobs, 1, by=house.mona)) == expected
    kinds = Event.objects.filter(kind__in=["job.moved", "job.assigned", "job.prioritized"])
    assert kinds.filter(job_id__in=[job.pk for job in jobs]).count() == 9


def test_another_pipelines_step_moves_nobody(house: House) -> None:
    other = Pipeline.objects.create(name="Other")
    elsewhere = Stage.objects.create(pipeline=other, phase=Phase.objects.order_by("position")[0], name="X", position=0)
    one, two = (make(house, number, "open", 0, 3) for number in range(2))
    with pytest.raises(ValueError, match="own pipeline"):
        move_all([(one, house.stage("Quote sent")), (two, elsewhere)], by=house.mona)
    assert {job.stage.name for job in Job.objects.filter(pk__in=[one.pk, two.pk])} == {"New"}


@pytest.mark.parametrize("verb", ["move", "assign", "prioritize"])
def test_ten_cost_as_many_statements_as_a_hundred(house: House, verb: str) -> None:
    cost = []
    # The first pays for what a process reads or has set up once: the line, the day's forgetting of old changes.
    for count in (1, 10, 100):
        jobs = [make(house, number, "open", 0, 3) for number in range(count)]
        stage, act = house.stage("Quote sent"), undo.record_undoable("test", jobs, by=house.mona, locked=True)
        with CaptureQueriesContext(connection) as captured, act:
            if verb == "move":
                move_all([(job, stage) for job in jobs], by=house.mona)
            elif verb == "assign":
                assign_all(jobs, house.sam, by=house.mona)
            else:
                prioritize_all(jobs, 1, by=house.mona)
        # The act's own savepoint alone: at the end of another one Python would wait for all that is written.
        assert sum(query["sql"].startswith("SAVEPOINT") for query in captured) == 1
        cost.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    assert cost[1] == cost[2] <= 14


def test_what_many_became_is_taken_back(house: House) -> None:
    jobs = [make(house, number, state, 4, 3) for number, state in enumerate(["open", "theirs", "held"])]
    before = [(columns, [stay["left_at"] for stay in stays], dues) for columns, stays, _, dues in told(jobs)]
    with undo.record_undoable("job.moved", jobs, by=house.mona) as change:
        move_all([(job, house.stage("Quote sent")) for job in jobs], by=house.mona)
    undo.undo_change(change.uid, by=house.mona)
    after = [(columns, [stay["left_at"] for stay in stays], dues) for columns, stays, _, dues in told(jobs)]
    assert after == before
