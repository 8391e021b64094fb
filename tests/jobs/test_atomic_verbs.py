"""A verb locks its row, writes each table once, and is all or nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority, Side, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform import undo
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Due, Event, Member
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House

Verb = Callable[[House, Job, Member], None]
VERBS: dict[str, Verb] = {
    "move": lambda house, job, by: job.move_to(house.stage("Quote sent"), by=by),
    "turn": lambda house, job, by: job.turn_to(Side.CUSTOMER, by=by),
    "pause": lambda house, job, by: job.pause(reason="Away", until=clock.now() + timedelta(days=9), by=by),
    "lose": lambda house, job, by: job.lose("Price", by=by),
    "assign": lambda house, job, by: job.assign_to(house.mona, by=by),
    "prioritize": lambda house, job, by: job.prioritize(Priority.URGENT, by=by),
    "plan": lambda house, job, by: job.plan_next(kind="call", label="Call", at=None, by=by),
    "hear": lambda house, job, by: job.hear("email", by=by),
}


def everything(job: Job) -> dict[str, object]:
    tables = {
        "job": Job.objects.filter(pk=job.pk),
        "stays": StageVisit.objects.filter(job=job),
        "dues": Due.objects.filter(subject_id=job.pk),
        "facts": Event.objects.of_job(job.pk),
        "changes": Change.objects.all(),
        "parts": ChangedRow.objects.all(),
    }
    return {name: list(rows.order_by("pk").values()) for name, rows in tables.items()}


def asked(captured: CaptureQueriesContext) -> list[str]:
    """The first word of each statement."""
    return [query["sql"].split()[0] for query in captured if "SAVEPOINT" not in query["sql"]]


def read_configuration(house: House) -> None:
    """Which a process does once a version."""
    assert pipeline_setup().allowance(house.job.pipeline_id, None, house.job.brand_id, Priority.NORMAL)
    assert house.stage("Quote sent")
    assert not events.chosen_kinds()


# After the lock: the row, its clock's next crossing, the event; of a move the visit that ends and the one that begins.
MOST = {"move": 5, "lose": 4, "assign": 2, "plan": 2}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_locks_its_row_and_writes_each_table_once(cast: Cast, name: str) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        read_configuration(house)
        with CaptureQueriesContext(connection) as captured:
            VERBS[name](house, house.job, house.rita)
    locked, *written = asked(captured)
    assert locked == "SELECT"
    assert "SELECT" not in written
    assert len(written) <= MOST.get(name, 3)


@pytest.mark.parametrize("name", VERBS)
def test_recorded_to_be_undone_it_reads_the_visit_and_writes_two_rows_more(cast: Cast, name: str) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        read_configuration(house)
        with undo.record_undoable("test", [house.job], by=house.rita):
            house.job.assign_to(None, by=house.rita)
        job = Job.objects.select_for_update().get(pk=house.job.pk)
        act = undo.record_undoable("test", [job], by=house.rita, locked=True)
        with CaptureQueriesContext(connection) as captured, act:
            VERBS[name](house, job, house.rita)
        assert len(asked(captured)) <= 1 + 1 + MOST.get(name, 3) + 2
        assert Event.objects.of_job(job.pk).latest("pk").actor_id == house.rita.pk


def test_all_that_a_clock_crosses_at_a_move_is_one_statement_more(cast: Cast) -> None:
    """Without status, a lead waits as long as nobody is in touch: in the first step its clock has run on."""
    house = cast.house
    with use_tenant(house.tenant):
        read_configuration(house)
        with clock.at(clock.now() - timedelta(days=90)):
            job = open_job(title="Waits", by=None)
        with CaptureQueriesContext(connection) as captured:
            job.move_to(house.stage("New"), by=house.rita)
        assert (
            Event.objects.of_job(job.pk).filter(kind__in=["job.due_soon", "job.overdue", "job.far_overdue"]).count()
            == 3
        )
    assert len(asked(captured)) <= 1 + MOST["move"] + 1


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_that_the_database_refuses_leaves_nothing(cast: Cast, name: str) -> None:
    """Its fact would be by a member of another tenant; everything else of it could be written."""
    house = cast.house
    with use_tenant(house.tenant):
        before = everything(house.job)
        with pytest.raises(IntegrityError):
            VERBS[name](house, house.job, cast.otto)
        assert everything(Job.objects.get(pk=house.job.pk)) == before
        VERBS[name](house, Job.objects.get(pk=house.job.pk), house.rita)
        assert everything(house.job) != before, "and by one of ours it is done"


def test_an_act_that_breaks_off_leaves_nothing(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        before = everything(house.job)
        job = Job.objects.select_for_update().get(pk=house.job.pk)
        with pytest.raises(ZeroDivisionError), undo.record_undoable("job.moved", [job], by=house.rita):
            _break_off(house, job)
        assert everything(house.job) == before
        Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.rita)
        assert len(StageVisit.objects.filter(job=house.job)) == 2


def _break_off(house: House, job: Job) -> None:
    job.move_to(house.stage("Reached"), by=house.rita)
    raise ZeroDivisionError


def test_the_stay_that_is_kept_is_the_one_before(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = Job.objects.select_for_update().get(pk=house.job.pk)
        stay = StageVisit.objects.get(job=job)
        with undo.record_undoable("job.moved", [job], by=house.rita) as change:
            job.move_to(house.stage("Reached"), by=house.rita)
        kept = ChangedRow.objects.get(change=change)
        assert kept.context == {"visit": stay.pk, "allowed": stay.allowed}
        assert change.uid == Change.objects.get().uid


def test_undoing_puts_back_the_row_and_its_visits(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = Job.objects.select_for_update().get(pk=house.job.pk)
        before = everything(job)
        with undo.record_undoable("job.moved", [job], by=house.rita) as change:
            job.move_to(house.stage("Reached"), by=house.rita)
        with CaptureQueriesContext(connection) as captured:
            undo.undo_change(change.uid, by=house.rita)
        assert asked(captured)[:3] == ["SELECT"] * 3
        assert len(asked(captured)) <= 9
        after = everything(job)
        assert {name: after[name] for name in ("job", "stays")} == {name: before[name] for name in ("job", "stays")}
