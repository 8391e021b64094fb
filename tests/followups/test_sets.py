"""Set forms of the verbs: what many become is what each would have become, and one undo puts all of it back."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Note, Priority
from crm.kernel import clock
from crm.kernel.refusal import Stale
from crm.platform import undo
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome
from followups.models.completion import cancel_all, complete_all, reopen_all, start_all
from followups.models.due_time import MISSED, set_due_times
from tests.cast import Cast, House

Act = Callable[[Sequence[FollowUp], House], Any]


def move_by_a_day(rows: Sequence[FollowUp], house: House) -> None:
    set_due_times([(row, row.due_at + timedelta(days=1)) for row in rows], by=house.rita)


SETS: dict[str, Act] = {
    "start": lambda rows, house: start_all(rows, by=house.rita),
    "complete": lambda rows, house: complete_all(rows, FollowUpOutcome.SUCCESSFUL, by=house.rita),
    "cancel": lambda rows, house: cancel_all(rows, by=house.rita),
    "move": move_by_a_day,
    "assign": lambda rows, house: FollowUp.assign_all([(row, house.mona.pk) for row in rows], by=house.rita),
    "prioritize": lambda rows, house: FollowUp.prioritize_all([(row, Priority.HIGH) for row in rows], by=house.rita),
}


@pytest.fixture
def house(cast: Cast) -> Any:
    with use_tenant(cast.house.tenant):
        yield cast.house


def plan(house: House, count: int = 3) -> list[FollowUp]:
    return [
        FollowUp.plan(
            kind="call",
            subject=f"Call {number}",
            due_at=clock.now() + timedelta(hours=number + 1),
            job=open_job(title=f"Lead {number}", member=house.rita, by=None),
            assignee=house.rita,
            by=house.rita,
        )
        for number in range(count)
    ]


def lock(rows: Sequence[FollowUp]) -> list[FollowUp]:
    return FollowUp.lock_all(FollowUp.objects.filter(pk__in=[row.pk for row in rows]))


def state(rows: Sequence[FollowUp]) -> list[Any]:
    ids = [row.pk for row in rows]
    columns = ("status", "outcome", "completed_at", "due_at", "sort_at", "assignee_id", "priority", "missed_at")
    jobs = Job.objects.filter(pk__in=[row.job_id for row in rows]).order_by("pk")
    dues = Due.objects.filter(kind=MISSED, subject_id__in=ids, run_at__isnull=False).order_by("subject_id")
    return [
        list(FollowUp.objects.filter(pk__in=ids).order_by("pk").values_list(*columns)),
        [(*job.next_step, job.touched_at, job.waiting_since) for job in jobs],
        list(dues.values_list("subject_id", "due_at")),
    ]


@pytest.mark.parametrize("name", SETS)
def test_one_undo_restores_all_of_a_set(name: str, house: House) -> None:
    rows = plan(house)
    before = state(rows)
    locked = lock(rows)
    with undo.record_undoable(f"followup.{name}", locked, by=house.rita, locked=True) as change:
        SETS[name](locked, house)
    assert state(rows) != before
    undo.undo_change(change.uid, by=house.rita)
    assert state(rows) == before


def test_undoing_a_reopening_closes_as_it_was(house: House) -> None:
    rows = plan(house)
    complete_all(lock(rows[:2]), FollowUpOutcome.NO_ANSWER, by=house.rita, note="Twice")
    cancel_all(lock(rows[2:]), by=house.rita)
    before = state(rows)
    locked = lock(rows)
    with undo.record_undoable("followup.reopened", locked, by=house.rita, locked=True) as change:
        reopen_all(locked, [], by=house.rita)
    assert all(row.is_open for row in lock(rows))
    undo.undo_change(change.uid, by=house.rita)
    assert state(rows) == before


def test_what_was_started_is_started_again_after_an_undo(house: House) -> None:
    rows = plan(house, 1)
    start_all(lock(rows), by=house.rita)
    locked = lock(rows)
    with undo.record_undoable("followup.rescheduled", locked, by=house.rita, locked=True) as change:
        move_by_a_day(locked, house)
    undo.undo_change(change.uid, by=house.rita)
    assert lock(rows)[0].status == "in_progress"


def test_a_priority_is_set_once_and_only_while_it_is_open(house: House) -> None:
    [row] = plan(house, 1)
    row.prioritize(Priority.URGENT, by=house.rita)
    row.prioritize(Priority.URGENT, by=house.rita)
    assert FollowUp.objects.get(pk=row.pk).priority == Priority.URGENT
    event = Event.objects.get(kind="followup.prioritized")
    assert event.data == {"from": Priority.NORMAL, "to": Priority.URGENT}
    row.cancel(by=house.rita)
    with pytest.raises(Stale):
        row.prioritize(Priority.LOW, by=house.rita)


def reopen(rows: Sequence[FollowUp], house: House) -> None:
    reopen_all(rows, FollowUp.lock_following(rows), by=house.rita)


def complete_with_a_note(rows: Sequence[FollowUp], house: House) -> None:
    complete_all(rows, FollowUpOutcome.SUCCESSFUL, by=house.rita, note="Wants metal")


@pytest.mark.parametrize("name", ["start", "cancel", "move", "assign", "prioritize"])
def test_statements_do_not_grow_with_the_set(name: str, house: House) -> None:
    assert max(costs_of(SETS[name], house)) <= 10


def test_contacts_are_recorded_with_as_many_statements_for_three_as_for_thirty(house: House) -> None:
    assert max(costs_of(complete_with_a_note, house)) <= 22


def test_contacts_are_withdrawn_with_as_many_statements_for_three_as_for_thirty(house: House) -> None:
    assert max(costs_of(reopen, house, after=SETS["complete"])) <= 20


def costs_of(act: Act, house: House, after: Act | None = None) -> list[int]:
    costs = []
    for size in (3, 30):
        rows = plan(house, size)
        if after:
            after(lock(rows), house)
        locked = lock(rows)
        with CaptureQueriesContext(connection) as captured:
            act(locked, house)
        costs.append(len(captured))
    assert costs[0] == costs[1]
    return costs


def test_each_job_of_a_set_has_the_contact_with_the_note(house: House) -> None:
    rows = plan(house)
    complete_with_a_note(lock(rows), house)
    contacts = Event.objects.filter(kind="job.contacted")
    notes = dict(Note.objects.values_list("pk", "job_id"))
    assert [notes[event.data["note"]] for event in contacts.order_by("pk")] == [row.job_id for row in rows]


def test_two_contacts_of_one_job_at_once_are_withdrawn_one_by_one(house: House) -> None:
    first, second = plan(house, 1)[0], plan(house, 1)[0]
    FollowUp.objects.filter(pk=second.pk).update(job=first.job)
    job = Job.objects.get(pk=first.job_id)
    job.hear("phone")
    before = Job.objects.get(pk=job.pk).touched_at
    with clock.at(clock.now() + timedelta(hours=1)):
        complete_all(lock([first, second]), FollowUpOutcome.SUCCESSFUL, by=house.rita)
        reopen(lock([first]), house)
        assert Job.objects.get(pk=job.pk).touched_at == clock.now()
        reopen(lock([second]), house)
    after = Job.objects.get(pk=job.pk)
    assert (after.touched_at, after.unread_count) == (before, 1)
