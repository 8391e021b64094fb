"""What rules do with follow-ups: plan them with their reason, take them back when it goes, and chain them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm.automation.models import RuleRun, RuleTimer
from crm.automation.registry.actions import Firing
from crm.automation.registry.records import record_kind
from crm.automation.setup import chosen_values
from crm.automation.span import Span
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.automation.plan import PLAN
from followups.models import FollowUp, FollowUpStatus
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
CALL = {"kind": "call", "who": "owner", "count": 1, "unit": "days", "priority": 2}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def move(house: House, step: str = "Reached") -> Job:
    job = Job.objects.get(pk=house.job.pk)
    job.move_to(house.stage(step), by=house.rita)
    work()
    return job


def test_it_is_planned_for_whose_it_is_with_its_reason(house: House) -> None:
    rule("job.left", do("followup.plan", **CALL, title="Call about the roof"), options={"step": ""}, name="Calls")
    job = move(house)
    [row] = FollowUp.objects.all()
    assert (row.subject, row.assignee_id, row.job_id, row.notes) == (
        "Call about the roof",
        house.rita.pk,
        job.pk,
        "By the trigger “Calls”.",
    )
    assert row.due_at == MONDAY + timedelta(days=1)
    # Its key makes a second try the same act.
    kind = record_kind("job")
    assert kind is not None
    again = PLAN.act(Firing(kind, job, 0, "Calls", 0, key=row.origin), chosen_values(PLAN.options(CALL)))
    assert (again.skipped, FollowUp.objects.count()) == (True, 1)


def test_of_several_who_has_fewest_gets_it_and_it_is_due_when_we_are_open(house: House) -> None:
    rule(
        "job.left",
        do("followup.plan", **(CALL | {"who": "admins", "count": 5})),
        do("followup.plan", **(CALL | {"who": f"member:{house.sam.pk}", "count": 2, "unit": "working_hours"})),
        options={"step": ""},
    )
    move(house)
    first, second = FollowUp.objects.order_by("pk")
    assert (first.assignee_id, second.assignee_id) == (house.ada.pk, house.sam.pk)
    assert first.due_at.weekday() == 0, "five days on is a Saturday, when nobody is there"
    assert second.due_at == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(("touched", "status"), [(False, FollowUpStatus.CANCELLED), (True, FollowUpStatus.PENDING)])
def test_it_is_taken_back_when_its_reason_goes_unless_somebody_touched_it(
    house: House, touched: bool, status: str
) -> None:
    rule("job.left", do("followup.plan", **CALL, until="job.heard"), options={"step": ""})
    job = move(house)
    [row] = FollowUp.objects.all()
    later = MONDAY + timedelta(hours=2)
    with clock.at(later):
        if touched:
            row.reschedule(later + timedelta(days=3), by=house.rita)
        Job.objects.get(pk=job.pk).hear("sms")
    work(later)
    row.refresh_from_db()
    assert row.status == status


def test_one_that_is_done_brings_the_next_and_a_missed_one_is_told(house: House) -> None:
    rule(
        "followup.completed",
        do("followup.plan", **CALL, title="Try again"),
        record="follow_up",
        options={"kind": "call", "outcome": "no_answer"},
        where="where=kind:is:call",
    )
    rule("followup.missed", do("tell", who="owner"), record="follow_up", name="Missed")
    plan = {"subject": "First call", "due_at": MONDAY + timedelta(hours=1), "by": house.rita, "assignee": house.rita}
    one = FollowUp.plan(kind="call", job=Job.objects.get(pk=house.job.pk), **plan)
    other = FollowUp.plan(kind="visit", job=None, person_id=house.cora.pk, **plan)
    work(MONDAY + timedelta(hours=2))
    assert set(RuleRun.objects.values_list("record_id", flat=True)) == {one.pk, other.pk}
    with clock.at(MONDAY + timedelta(hours=2)):
        other.complete("no_answer", by=house.rita)
        one.complete("no_answer", by=house.rita)
    work(MONDAY + timedelta(hours=2))
    assert FollowUp.objects.open().get().subject == "Try again"


def test_a_day_before_it_is_due_follows_it_and_nothing_comes_of_one_that_is_done(house: House) -> None:
    due_at = MONDAY + timedelta(days=3)
    plan = {"kind": "call", "subject": "Call", "by": house.rita, "assignee": house.rita}
    # One without a day, as imports plan them, has no time and stops nobody else's.
    days = (due_at, due_at, None)
    moved, done, _undated = (FollowUp.plan(job=None, person_id=house.cora.pk, due_at=day, **plan) for day in days)
    work()
    rule("followup.due", do("tell", who="owner"), record="follow_up", span=Span(1), before=True)
    work()
    assert set(RuleTimer.objects.values_list("at", flat=True)) == {due_at - timedelta(days=1)}
    moved.reschedule(due_at + timedelta(days=2), by=house.rita)
    done.complete("successful", by=house.rita)
    work(due_at)
    assert not RuleRun.objects.exists()
    work(due_at + timedelta(days=1))
    assert list(RuleRun.objects.values_list("record_id", "state")) == [(moved.pk, "done")]
