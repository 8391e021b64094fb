"""The run that creates a practice organization: what is left of it where it ends before its last step."""

from collections.abc import Iterator
from functools import partial

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction

from crm.jobs.models import Tag
from crm.kernel.refusal import Refused
from crm.platform.models import Member, Role
from crm.platform.organization.practice import create_practice, delete_practice, find_practice
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, runs
from crm.web.configuration import practice_runs
from crm.web.configuration.practice_runs import start_practice
from crm.web.models import PracticeRun
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def do_steps(run: PracticeRun, count: int) -> None:
    for _step in range(count):
        runs.do_slice(run)


def test_steps_one_after_the_other_copy_the_configuration(house: House) -> None:
    Tag.add("Storm", by=house.ada)
    run = start_practice(resets=False, by=house.ada)
    do_steps(run, run.total)
    assert (run.status, run.done, run.left_out) == ("done", run.total, [])
    practice = find_practice()
    assert practice
    with use_tenant(practice):
        assert Tag.objects.filter(name="Storm").exists()


def test_a_step_whose_worker_died_is_done_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Stands for the end of the process: all of its transaction is rolled back."""

    def die(run: PracticeRun) -> None:
        second(run)
        raise Killed

    first, second, *others = practice_runs.practice_steps()

    with use_tenant(cast.house.tenant):
        run = start_practice(resets=False, by=cast.house.ada)
        do_steps(run, 1)
        with monkeypatch.context() as dying:
            dying.setattr(practice_runs, "practice_steps", lambda: [first, die, *others])
            with pytest.raises(Killed), transaction.atomic():
                runs.do_slice(run)
        run.refresh_from_db()
        assert run.done == 1
    while due.run_due_work():
        pass
    with use_tenant(cast.house.tenant):
        run.refresh_from_db()
        assert (run.status, find_practice() is not None) == ("done", True)


def test_a_step_whose_time_is_over_is_done_again_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_practice(resets=False, by=house.ada)
    do_steps(run, 5)
    steps = practice_runs.practice_steps()
    calls: list[int] = []

    def note(place: int, run: PracticeRun) -> None:
        calls.append(place)
        if calls == [5]:
            raise SoftTimeLimitExceeded
        steps[place](run)

    noted = [partial(note, place) for place in range(len(steps))]
    monkeypatch.setattr(practice_runs, "practice_steps", lambda: noted)
    with pytest.raises(SoftTimeLimitExceeded), transaction.atomic():
        runs.do_slice(run)
    do_steps(run, run.total - 5)
    assert (run.status, calls) == ("done", [5, 5, *range(6, run.total)])


def test_cancelling_deletes_what_there_is_of_it(house: House) -> None:
    run = start_practice(resets=False, by=house.ada)
    do_steps(run, 2)
    assert find_practice()
    runs.cancel(run, by=house.ada)
    assert (run.status, find_practice()) == ("cancelled", None)


def test_one_that_was_there_before_stays(house: House) -> None:
    run = start_practice(resets=False, by=house.ada)
    practice, _problems = create_practice(by=house.ada)
    runs.do_slice(run)
    assert (run.status, run.problem) == ("failed", "There is a practice organization already.")
    assert find_practice() == practice


def test_without_the_permission_it_ends_and_is_deleted(house: House) -> None:
    run = start_practice(resets=False, by=house.ada)
    do_steps(run, 1)
    run.by = Member.objects.get(pk=house.mona.pk)
    runs.do_slice(run)
    assert (house.mona.role, run.status, find_practice()) == (Role.MANAGER, "failed", None)


def test_one_that_is_deleted_meanwhile_is_said(house: House) -> None:
    run = start_practice(resets=False, by=house.ada)
    do_steps(run, 1)
    delete_practice(by=house.ada)
    runs.do_slice(run)
    assert (run.status, run.problem) == ("failed", "The practice organization was deleted meanwhile.")


def test_a_reset_replaces_what_was_tried(house: House) -> None:
    practice, _problems = create_practice(by=house.ada)
    with use_tenant(practice):
        Tag.add("Tried", by=None)
    run = start_practice(resets=True, by=house.ada)
    do_steps(run, run.total)
    fresh = find_practice()
    assert fresh
    assert fresh != practice
    with use_tenant(fresh):
        assert not Tag.objects.filter(name="Tried").exists()


def test_two_at_once_are_refused_by_the_database_too(house: House) -> None:
    start_practice(resets=False, by=house.ada)
    with pytest.raises(Refused, match="already"):
        start_practice(resets=True, by=house.ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeRun.objects.create(by=house.ada, status="running")
