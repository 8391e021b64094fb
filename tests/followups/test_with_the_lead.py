"""What is planned follows its lead: closed when it is lost, done when the same was logged, back when taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpStatus
from tests.cast import Cast, House
from tests.followups.test_adoption import work_off


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def plan(house: House, *, hours: float = 1, **changed: Any) -> FollowUp:
    values: dict[str, Any] = {"kind": "call", "subject": "Call", "job": house.job, "assignee": house.rita}
    return FollowUp.plan(due_at=clock.now() + timedelta(hours=hours), by=house.rita, **values | changed)


def states(*rows: FollowUp) -> list[str]:
    return [FollowUp.objects.get(pk=row.pk).status for row in rows]


def next_step(house: House) -> tuple[str, str, datetime | None]:
    return Job.objects.get(pk=house.job.pk).next_step


@pytest.mark.parametrize("worked_off", [True, False])
@pytest.mark.parametrize("end", ["lose", "drop"])
def test_they_are_closed_with_a_lost_lead_and_open_again_with_it(house: House, end: str, worked_off: bool) -> None:
    call, later, done = plan(house), plan(house, hours=9, subject="Again"), plan(house, hours=2)
    done.complete("successful", by=house.rita)
    shown = next_step(house)
    with undo.record_undoable(f"job.{'lost' if end == 'lose' else 'dropped'}", [house.job], by=house.rita) as change:
        getattr(house.job, end)("Price", by=house.rita)
    assert next_step(house) == ("", "", None), "at once, not when a worker comes to it"
    if worked_off:
        work_off()
        assert states(call, later, done) == [
            FollowUpStatus.CANCELLED,
            FollowUpStatus.CANCELLED,
            FollowUpStatus.COMPLETED,
        ]
    undo.undo_change(change.uid, by=house.rita)
    work_off()
    assert states(call, later, done) == [FollowUpStatus.PENDING, FollowUpStatus.PENDING, FollowUpStatus.COMPLETED]
    assert next_step(house) == shown


def test_what_somebody_cancelled_before_stays_cancelled(house: House) -> None:
    mine = plan(house)
    mine.cancel(by=house.rita)
    with undo.record_undoable("job.lost", [house.job], by=house.rita) as change:
        house.job.lose("Price", by=house.rita)
    work_off()
    undo.undo_change(change.uid, by=house.rita)
    work_off()
    assert states(mine) == [FollowUpStatus.CANCELLED]


def test_of_finished_work_something_may_be_left_to_do(house: House) -> None:
    ask = plan(house, subject="Ask how it went")
    house.job.finish(by=house.rita)
    work_off()
    assert (states(ask), next_step(house)[1]) == ([FollowUpStatus.PENDING], "Ask how it went")


def test_a_logged_call_is_the_call_that_was_due_and_undoing_brings_it_back(house: House, post: Any) -> None:
    due, visit, tomorrow = plan(house, hours=-1), plan(house, kind="visit"), plan(house, hours=30)
    given = {"contact": "call:no_answer", "body": "Try the wife", "then": "call tomorrow 4pm"}
    assert "Planned: Call" in post("contact", on="lead", **given).content.decode()
    assert states(due, visit, tomorrow) == [FollowUpStatus.COMPLETED, FollowUpStatus.PENDING, FollowUpStatus.PENDING]
    assert FollowUp.objects.get(pk=due.pk).outcome == "no_answer"
    new = FollowUp.objects.latest("pk")
    undo.undo_change(Change.objects.latest("pk").uid, by=house.rita)
    work_off()
    assert states(due, new) == [FollowUpStatus.PENDING, FollowUpStatus.CANCELLED]
    assert Job.objects.get(pk=house.job.pk).touched_at is None
    assert Note.objects.get().body == "Try the wife", "what was typed is not thrown away"


def test_a_line_that_is_not_understood_logs_nothing(house: House, post: Any) -> None:
    answer = post("contact", on="lead", contact="call:reached", then="sometime")
    assert answer.status_code == 422
    assert "When?" in answer.content.decode()
    assert Job.objects.get(pk=house.job.pk).touched_at is None
