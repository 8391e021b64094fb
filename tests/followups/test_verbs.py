"""The verbs of a follow-up: what they change, what they refuse, and what the job shows of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from followups.models import FollowUp, FollowUpKind, FollowUpNote, FollowUpOutcome, FollowUpStatus
from followups.models.due_time import MISSED
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Any:
    with use_tenant(cast.house.tenant):
        yield cast.house


def plan(house: House, *, hours: float = 24, subject: str = "Call", **changed: Any) -> FollowUp:
    values: dict[str, Any] = {"kind": FollowUpKind.CALL, "job": house.job, "assignee": house.rita, "by": house.rita}
    return FollowUp.plan(subject=subject, due_at=clock.now() + timedelta(hours=hours), **values | changed)


def copy(house: House) -> tuple[str, str, datetime | None]:
    job = Job.objects.get(pk=house.job.pk)
    return job.next_step_kind, job.next_step_label, job.next_step_at


def kinds(follow_up: FollowUp) -> list[str]:
    return list(Event.objects.of(follow_up).order_by("pk").values_list("kind", flat=True))


def noted(follow_up: FollowUp) -> list[str]:
    return [note.body for note in FollowUpNote.objects.of([follow_up.pk])]


def test_planning_shows_on_the_job(house: House) -> None:
    later = plan(house, hours=48, subject=" Ask  about the quote ")
    assert later.subject == "Ask about the quote"
    assert later.person_id == house.cora.pk
    assert copy(house) == ("call", "Ask about the quote", later.due_at)
    first = plan(house, hours=2, subject="Email", kind=FollowUpKind.EMAIL)
    assert copy(house) == ("email", "Email", first.due_at)
    plan(house, hours=72)
    assert copy(house)[1] == "Email"
    assert kinds(first) == ["followup.planned"]
    assert Due.objects.get(kind=MISSED, subject_id=first.pk).due_at == first.due_at


def test_a_follow_up_has_a_subject_and_a_known_kind(house: House) -> None:
    with pytest.raises(ValueError, match="subject"):
        plan(house, subject="   ")
    with pytest.raises(ValueError, match="dance"):
        plan(house, kind="dance")
    assert copy(house) == ("", "", None)


def test_completing_needs_an_outcome_and_leaves_the_next_or_the_hole(house: House) -> None:
    first, second = plan(house, hours=2, subject="First"), plan(house, hours=4, subject="Second")
    with pytest.raises(ValueError, match="is not a valid"):
        first.complete("", by=house.rita)
    first.complete(FollowUpOutcome.NO_ANSWER, by=house.mona, note="Voicemail.")
    assert (first.status, first.outcome, noted(first)) == (FollowUpStatus.COMPLETED, "no_answer", ["Voicemail."])
    assert (first.completed_by, first.missed_at) == (house.mona, None)
    assert copy(house)[1] == "Second"
    assert not Due.objects.filter(kind=MISSED, subject_id=first.pk).exists()
    first.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    assert first.outcome == "no_answer"
    assert kinds(first) == ["followup.planned", "followup.completed"]
    second.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    assert copy(house) == ("", "", None)


def test_cancelling(house: House) -> None:
    follow_up = plan(house)
    follow_up.cancel(by=house.rita)
    follow_up.cancel(by=house.rita)
    assert copy(house) == ("", "", None)
    assert kinds(follow_up) == ["followup.planned", "followup.cancelled"]
    for verb in (
        lambda: follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita),
        lambda: follow_up.reschedule(clock.now() + timedelta(days=1), by=house.rita),
        lambda: follow_up.start(by=house.rita),
        lambda: follow_up.assign_to(house.mona, by=house.rita),
    ):
        with pytest.raises(Stale, match="no longer possible"):
            verb()
    done = plan(house)
    done.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    with pytest.raises(Stale, match="no longer possible"):
        done.cancel(by=house.rita)


def test_moving(house: House) -> None:
    follow_up = plan(house)
    follow_up.start(by=house.rita)
    follow_up.start(by=house.rita)
    assert follow_up.status == FollowUpStatus.IN_PROGRESS
    at = clock.now() + timedelta(days=3)
    follow_up.reschedule(at, by=house.rita)
    follow_up.reschedule(at, by=house.rita)
    assert (follow_up.status, follow_up.sort_at, copy(house)[2]) == (FollowUpStatus.PENDING, at, at)
    assert Due.objects.get(kind=MISSED, subject_id=follow_up.pk).due_at == at
    assert kinds(follow_up) == ["followup.planned", "followup.started", "followup.rescheduled"]
    with pytest.raises(Refused, match="time in the future"):
        follow_up.reschedule(clock.now() - timedelta(seconds=1), by=house.rita)


def test_delegating_and_noting(house: House) -> None:
    follow_up = plan(house)
    assert follow_up.assignee == house.rita
    follow_up.assign_to(house.sam, by=house.rita)
    assert follow_up.assignee == house.sam, "not the colleague read before"
    follow_up.assign_to(house.sam, by=house.rita)
    follow_up.note(" Ask for the gate code ", by=house.sam)
    follow_up.note("Second line", by=house.sam)
    assert (follow_up.assignee_id, noted(follow_up)) == (house.sam.pk, ["Ask for the gate code", "Second line"])
    assert kinds(follow_up)[1:] == ["followup.assigned", "followup.noted", "followup.noted"]
    assert FollowUp.objects.get().version == 4
    with pytest.raises(Refused, match="Write something"):
        follow_up.note("  ", by=house.sam)


def test_taking_it_up_again(house: House) -> None:
    follow_up = plan(house)
    follow_up.reopen(by=house.rita)
    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    follow_up.reopen(by=house.rita)
    assert (follow_up.status, follow_up.outcome, follow_up.completed_at) == (FollowUpStatus.PENDING, "", None)
    assert copy(house)[1] == "Call"
    assert kinds(follow_up)[-1] == "followup.reopened"
    assert Due.objects.filter(kind=MISSED, subject_id=follow_up.pk).exists()


def test_it_is_missed_once_and_for_good(house: House) -> None:
    follow_up = plan(house, hours=1)
    promised = follow_up.due_at
    assert promised
    assert not follow_up.is_overdue(clock.now())
    with clock.at(clock.now() + timedelta(hours=2)):
        assert follow_up.is_overdue(clock.now())
        FollowUp.miss_all([follow_up.pk])
        FollowUp.miss_all([follow_up.pk])
        follow_up.refresh_from_db()
        assert (follow_up.missed_at, follow_up.version) == (promised, 1)
        assert Event.objects.get(kind="followup.missed").at == promised
        follow_up.reschedule(clock.now() + timedelta(hours=1), by=house.rita)
        assert not follow_up.is_overdue(clock.now())
        assert not Due.objects.filter(kind=MISSED).exists()
    with clock.at(clock.now() + timedelta(hours=9)):
        FollowUp.miss_all([follow_up.pk])
        follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    assert FollowUp.objects.get().missed_at == promised
    assert Event.objects.filter(kind="followup.missed").count() == 1


def test_done_late_is_missed_before_any_tick(house: House) -> None:
    follow_up = plan(house, hours=1)
    with clock.at(clock.now() + timedelta(hours=2)):
        follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    assert follow_up.missed_at == follow_up.due_at
    assert kinds(follow_up).count("followup.missed") == 1


def test_the_tick_misses_it(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        follow_up = plan(cast.house, hours=1)
    with clock.at(clock.now() + timedelta(hours=2)):
        while due.run_due_work():
            pass
    with use_tenant(cast.house.tenant):
        assert FollowUp.objects.get().missed_at == follow_up.due_at


def test_the_rules_hold_in_the_database(house: House) -> None:
    follow_up = plan(house)
    for name, values in {
        "follow_up_is_completed_with_an_outcome": {"status": "completed", "completed_at": clock.now()},
        "follow_up_sorts_by_when_it_is_due": {"due_at": None},
        "follow_up_has_a_subject": {"subject": ""},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            FollowUp.objects.filter(pk=follow_up.pk).update(**values)


def test_reps_see_their_own_and_those_of_jobs_they_see(house: House) -> None:
    from crm.jobs.creation.job_creation import open_job

    other = open_job(title="Somebody else", member=house.mona, by=house.mona)
    mine, monas = plan(house), plan(house, job=other, assignee=house.mona)
    handed = plan(house, job=other, assignee=house.rita)
    assert set(FollowUp.objects.visible_to(house.rita)) == {mine, handed}
    for member in (house.mona, house.ada, house.sam):
        assert set(FollowUp.objects.visible_to(member)) == {mine, monas, handed}


@pytest.mark.parametrize(
    ("kind", "outcome", "contact"),
    [
        ("call", "successful", "reached"),
        ("call", "no_answer", "no_answer"),
        ("call", "wrong_time", "no_answer"),
        ("call", "rescheduled", ""),
        ("call", "not_needed", ""),
        ("text", "no_answer", "sent"),
        ("visit", "successful", "reached"),
        ("quote", "successful", ""),
    ],
)
def test_a_completed_contact_is_the_last_touch(house: House, kind: str, outcome: str, contact: str) -> None:
    follow_up = plan(house, kind=kind)
    follow_up.complete(outcome, by=house.rita)
    job = Job.objects.get(pk=house.job.pk)
    assert job.touched_at == (follow_up.completed_at if contact else None)
    told = Event.objects.filter(kind="job.contacted").values_list("data__outcome", flat=True)
    assert list(told) == ([contact] if contact else [])
    follow_up.reopen(by=house.rita)
    assert Job.objects.get(pk=house.job.pk).touched_at is None, "the button was pressed too soon"
