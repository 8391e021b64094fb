"""Whatever the order, however often, and whenever a worker dies: the same effects, each once."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from crm.automation.definition import Once, RuleLimit, WaitStep
from crm.automation.engine import subscriber
from crm.automation.models import AutomationPolicy, RuleRun, RunState
from crm.automation.registry.actions import ActionResult, RuleAction
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import features
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import Notice
from followups.models import FollowUp
from tests.automation.rules import Undone, do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALL = do("followup.plan", kind="call", who="owner", count=1, unit="days", priority=2)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        AutomationPolicy.set_person_wins(0, by=None)
        yield cast.house


def effects() -> dict[str, Any]:
    return {
        "runs": sorted(RuleRun.objects.values_list("rule__name", "record_id", "key", "state")),
        "told": Notice.objects.filter(kind="rule.told").count(),
        "planned": FollowUp.objects.filter(origin__startswith="rule:").count(),
    }


def of_order(batches: Sequence[Sequence[Event]]) -> dict[str, Any]:
    """What comes of these batches of events, heard one after the other; it is taken back again."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for batch in batches:
                subscriber.handle_events(list(batch))
            found = effects()
            raise Undone
    except Undone:
        return found


def test_any_order_of_delivery_has_the_same_effects(house: House) -> None:
    rule("job.left", CALL, options={"step": ""}, limit=RuleLimit(Once.ALWAYS), name="Each time")
    rule("job.entered", do("tell", who="owner"), options={"step": house.stage("Quote sent").pk}, name="Quote")
    rule("job.left", do("tell", who="managers"), options={"step": ""}, limit=RuleLimit(Once.RECORD), name="Once")
    job = Job.objects.get(pk=house.job.pk)
    for minute, step in enumerate(("Reached", "Quote sent", "Scheduled")):
        with clock.at(MONDAY + timedelta(minutes=minute)):
            job.move_to(house.stage(step), by=house.rita)
    first, second, third = Event.objects.of(job).filter(kind="job.moved").order_by("pk")
    orders = [[[one], [other], [last]] for one, other, last in permutations((first, second, third))]
    repeated = [[[first, first, second], [second, third], [first]], [[first], [first, second, third], [third]]]
    # Of a limit "once only" whichever comes first takes it: how many fire is the same, not which.
    tellings = [of_order(batches) for batches in [*orders, *repeated]]
    assert {(found["told"], found["planned"]) for found in tellings} == {(2, 3)}
    each = [[run for run in found["runs"] if run[0] != "Once"] for found in tellings]
    assert all(runs == each[0] for runs in each)
    states = [sorted(run[3] for run in found["runs"] if run[0] == "Once") for found in tellings]
    assert all(found == [RunState.DONE, RunState.SKIPPED, RunState.SKIPPED] for found in states)


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_that_dies_at_any_step_leaves_what_the_next_one_does_once(house: House, dies_at: int) -> None:
    calls = iter(range(1, 99))

    def act(firing: Any, chosen: Any) -> ActionResult:
        if next(calls) == dies_at:
            raise SystemExit("killed")
        return ActionResult()

    step = RuleAction(name="test.step", records=(), icon="zap", label="step", act=act, words=lambda chosen: "step")
    with features.extra_features(step):
        steps = (do("test.step"), CALL, WaitStep(Span(1, SpanUnit.HOURS)), do("test.step"), do("test.step"), CALL)
        rule("job.left", *steps, options={"step": ""})
        Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.rita)
        killed = 0
        # A dead worker's claims are free after minutes.
        for minutes in (0, 10, 80, 100):
            try:
                work(MONDAY + timedelta(minutes=minutes))
            except SystemExit:
                killed += 1
        run = RuleRun.objects.get()
        assert (killed, run.state, [entry["state"] for entry in run.log]) == (1, RunState.DONE, ["done"] * 5)
        assert FollowUp.objects.filter(origin__startswith="rule:").count() == 2


def test_a_rule_of_one_tenant_holds_up_no_other(cast: Cast) -> None:
    def fail(firing: Any, chosen: Any) -> ActionResult:
        raise RuntimeError("broken")

    broken = RuleAction(name="test.fail", records=(), icon="zap", label="fail", act=fail, words=lambda chosen: "fail")
    with features.extra_features(broken), clock.at(MONDAY):
        for house, action in ((cast.house, do("test.fail")), (cast.other, do("tell", who="owner"))):
            with use_tenant(house.tenant):
                rule("job.left", action, options={"step": ""})
                Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.rita)
        work(MONDAY)
        states = []
        for house in (cast.house, cast.other):
            with use_tenant(house.tenant):
                states += RuleRun.objects.values_list("state", flat=True)
    assert states == [RunState.FAILED, RunState.DONE]


@pytest.mark.parametrize("ends_both", [False, True])
def test_what_came_during_the_first_wait_and_is_heard_of_late_does_not_end_the_second(
    house: House, *, ends_both: bool
) -> None:
    first = WaitStep(Span(1), ("job.heard", "job.moved") if ends_both else ("job.heard",))
    rule(
        "job.entered",
        first,
        do("tell", who="owner"),
        WaitStep(Span(1), ("job.moved",)),
        CALL,
        options={"step": house.stage("Reached").pk},
    )
    job = Job.objects.get(pk=house.job.pk)
    job.move_to(house.stage("Reached"), by=house.rita)
    work()
    run = RuleRun.objects.get(state=RunState.WAITING)
    job.move_to(house.stage("Quote sent"), by=house.rita)
    with clock.at(MONDAY + timedelta(hours=25)):
        due.run_due_work()  # the worker of events is down meanwhile
        run.refresh_from_db()
        assert (run.state, run.step) == (RunState.WAITING, 3)
        work()
        run.refresh_from_db()
        # It should have ended the first wait where that names it, too: better late than never.
        assert run.state == (RunState.STOPPED if ends_both else RunState.WAITING)
        Job.objects.get(pk=job.pk).move_to(house.stage("New"), by=house.rita)
        work()
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
