"""Events delivered twice, workers killed anywhere, a clock set back, either change of the clock: one outcome."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from crm.automation.definition import Once, RuleLimit, WaitStep
from crm.automation.models import AutomationPolicy, RuleRun, RuleTimer
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event, Undispatched
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from followups.models import FollowUp
from tests.automation.rules import do, rule, taken_back, work
from tests.cast import Cast, House

HOUR = timedelta(hours=1)
CALL = do("followup.plan", kind="call", who="owner", count=1, unit="days", priority=2)
OWNER, MANAGERS = do("tell", who="owner"), do("tell", who="managers")
# Saturday noon in New York, before the clock is put forward, and before it is put back.
BEGINS = {"forward": datetime(2026, 3, 7, 17, tzinfo=UTC), "back": datetime(2026, 10, 31, 16, tzinfo=UTC)}
# When workers look, in hours since then: soon after each act, and when times have come.
LOOKS = (0.2, 0.7, 8, 20.5, 22.5, 25.5, 28, 30.2, 43.5, 46, 48.5, 50.5, 54.2, 60, 90)


def moves(step: str) -> Callable[[House], Any]:
    return lambda house: Job.objects.get(pk=house.job.pk).move_to(house.stage(step), by=house.rita)


ACTS: tuple[tuple[float, Callable[[House], Any]], ...] = (
    (0, moves("Reached")),
    (0.5, lambda house: Job.objects.get(pk=house.job.pk).hear("email")),
    (30, moves("Quote sent")),
    (54, moves("Scheduled")),
)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def set_rules(house: House) -> None:
    """One of each kind: at once, after a wait that ends or goes on, after so long by a clock, in rounds."""
    AutomationPolicy.set_person_wins(0, by=None)
    reached, quote = ({"step": house.stage(name).pk} for name in ("Reached", "Quote sent"))
    rule("job.left", CALL, options={"step": ""}, limit=RuleLimit(Once.ALWAYS), name="Each")
    rule("job.entered", OWNER, WaitStep(Span(1), ("job.heard",)), CALL, options=reached, name="Unless they write")
    rule("job.stays", MANAGERS, options=reached, span=Span(1), name="A day")
    rule(
        "job.entered",
        WaitStep(Span(2, SpanUnit.WORKING_HOURS), ("job.heard",)),
        CALL,
        options=quote,
        name="Working time",
    )
    rule("job.stays", OWNER, options=quote, span=Span(3), name="Left before")
    rule("job.round", OWNER, weekdays=(6, 0), at_hour=8, name="Round")


class Trouble:
    """What goes wrong, by chance: nothing without a seed."""

    def __init__(self, seed: int | None) -> None:
        self.chance = random.Random(seed) if seed is not None else None
        self.killed = 0

    def clock(self, at: datetime) -> datetime:
        """By what clock something happens: the right one, or one that was set back."""
        return at - self.chance.choice((0, 0, 0.4, 1)) * HOUR if self.chance else at

    def deliver_again(self) -> None:
        for event in Event.objects.filter(kind__in=["job.moved", "job.heard"]).order_by("pk"):
            if self.chance and self.chance.random() < 0.4:
                Undispatched.objects.get_or_create(event_id=event.pk, defaults={"tenant_id": event.tenant_id})

    def work(self, at: datetime) -> None:
        """Let a worker work that may be killed; the next one finds its claims free ten minutes later."""
        if self.chance:
            with clock.at(at - 2 * HOUR):
                self.deliver_again()
            with clock.at(self.clock(at)), killed_at(self.chance.randrange(90)) as is_killed:
                dispatch_events()
                due.run_due_work()
            self.killed += bool(is_killed)
            at += timedelta(minutes=5)
        work(self.clock(at), rounds=3)


@contextmanager
def killed_at(statement: int) -> Iterator[list[bool]]:
    """Have the worker killed as it asks the database for the n-th time, if it asks so often."""
    asked, killed = iter(range(10_000)), list[bool]()

    def execute(run: Any, *given: Any) -> Any:
        if next(asked) == statement:
            killed.append(True)
            raise SystemExit("killed")
        return run(*given)

    try:
        with connection.execute_wrapper(execute):
            yield killed
    except SystemExit:
        pass


def effects() -> dict[str, Any]:
    numbered = dict(
        zip(
            Event.objects.filter(kind__in=["job.moved", "job.heard"]).order_by("pk").values_list("pk", flat=True),
            range(99),
            strict=False,
        )
    )
    runs = RuleRun.objects.values_list("rule__name", "key", "event_id", "state", "reason")
    return {
        "runs": sorted(
            # Of a time the key has the instant, which is another by another clock.
            (name, f"event {numbered[event]}" if event else key.partition("time:")[0], state, reason)
            for name, key, event, state, reason in runs
        ),
        "told": Notice.objects.filter(kind="rule.told").count(),
        "planned": FollowUp.objects.filter(origin__startswith="rule:").count(),
        "pending": list(RuleTimer.objects.values_list("rule__name", flat=True)),
    }


def played(house: House, begin: datetime, trouble: Trouble) -> dict[str, Any]:
    """What comes of it all; it is taken back again."""
    with taken_back():
        with clock.at(begin - 3 * HOUR):
            set_rules(house)
        work(begin - 3 * HOUR)
        acts = list(ACTS)
        for look in LOOKS:
            while acts and acts[0][0] < look:
                after, act = acts.pop(0)
                with clock.at(trouble.clock(begin + after * HOUR)):
                    act(house)
            trouble.work(begin + look * HOUR)
        return effects()
    raise AssertionError("unreachable")


@pytest.mark.parametrize("way", BEGINS)
def test_redelivery_kills_and_clocks_in_any_order_have_the_same_effects(house: House, way: str) -> None:
    begin = BEGINS[way]
    expected = played(house, begin, Trouble(None))
    assert [(name, state) for name, _key, state, _reason in expected["runs"]] == [
        ("A day", "done"),
        *[("Each", "done")] * 3,
        *[("Round", "done")] * 2,
        ("Unless they write", "stopped"),
        ("Working time", "done"),
    ]
    assert (expected["told"], expected["planned"], expected["pending"]) == (4, 4, [])
    killed = 0
    for seed in range(3):
        trouble = Trouble(seed)
        assert played(house, begin, trouble) == expected, f"seed {seed}"
        killed += trouble.killed
    assert killed > 5, "workers were killed in the middle of it"


def test_an_answer_that_is_heard_of_with_what_began_it_ends_the_wait(house: House) -> None:
    """The worker was down, and hears of both at once, or of the answer first."""
    begin = BEGINS["forward"]
    for order in ((0, 1), (1, 0)):
        with taken_back():
            with clock.at(begin - HOUR):
                set_rules(house)
            for after, act in ACTS[:2]:
                with clock.at(begin + after * HOUR):
                    act(house)
            waiting = list(Undispatched.objects.order_by("event_id"))
            Undispatched.objects.all().delete()
            kinds = [{"job.moved"}, {"job.heard"}]
            for place in order:
                for row in waiting:
                    if Event.objects.get(pk=row.event_id).kind in kinds[place]:
                        Undispatched.objects.create(event_id=row.event_id, tenant_id=row.tenant_id, run_at=begin)
                if order != (0, 1):
                    work(begin + HOUR)
            work(begin + HOUR)
            run = RuleRun.objects.get(rule__name="Unless they write")
            assert (run.state, run.reason) == ("stopped", "the customer replies"), order


def test_what_a_rule_does_itself_does_not_end_its_wait(house: House) -> None:
    begin = BEGINS["forward"]
    with clock.at(begin):
        AutomationPolicy.set_person_wins(0, by=None)
        moved = do("job.move", step=house.stage("Quote sent").pk)
        rule("job.heard", moved, WaitStep(Span(1), ("job.moved",)), CALL)
        Job.objects.get(pk=house.job.pk).hear("email")
    work(begin)
    assert RuleRun.objects.get().state == "waiting"
    with clock.at(begin + HOUR):
        moves("Scheduled")(house)
    work(begin + HOUR)
    assert RuleRun.objects.get().reason == "the step changes"
