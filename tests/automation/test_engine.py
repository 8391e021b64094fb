"""A rule fires when its event happens and its conditions hold: once, explained, and only when it is on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.definition import Definition, Once, RuleLimit, WaitStep
from crm.automation.jobs.step_choices import QUOTED
from crm.automation.log.run_account import run_account
from crm.automation.models import AutomationPolicy, Mode, Rule, RuleRun, RuleTimer, RunState, Silence
from crm.automation.registry import actions
from crm.automation.registry.actions import ActionResult, RuleAction
from crm.automation.span import Span, SpanUnit
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Pipeline, Priority
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.people.models import Person
from crm.platform import features
from crm.platform.models import BusinessCalendar, Event, Undispatched
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from crm.web.reader import Reader
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
URGENT = do("job.prioritize", priority=Priority.URGENT)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def move(house: House, step: str, at: datetime = MONDAY, by: Any = None) -> Job:
    """Move the lead, and let the workers hear of it."""
    with clock.at(at):
        job = Job.objects.get(pk=house.job.pk)
        job.move_to(house.stage(step), by=by)
        work(at)
        job.refresh_from_db()
        return job


def told() -> Any:
    return Notice.objects.filter(kind="rule.told")


def states() -> list[str]:
    return list(RuleRun.objects.order_by("pk").values_list("state", flat=True))


def test_it_fires_for_its_event_and_says_what_held(house: House) -> None:
    rule("job.entered", URGENT, options={"step": house.stage("Quote sent").pk}, where="where=rep:not:nobody")
    job = move(house, "Reached")
    assert (job.priority, states()) == (Priority.NORMAL, []), "another step is not its event"
    job = move(house, "Quote sent")
    [run] = RuleRun.objects.all()
    assert (run.state, job.priority, run.job_id) == (RunState.DONE, Priority.URGENT, job.pk)
    assert run.judged == [[["rep:not:nobody", True]]]
    assert [entry["state"] for entry in run.log] == ["done"]
    # What it did names it as the cause, and that names the event that started it.
    moved, fired, set_to = (
        Event.objects.filter(kind=kind).last() for kind in ("job.moved", "rule.fired", "job.prioritized")
    )
    assert (fired.caused_by, set_to.caused_by, fired.data["rule"]) == (moved.pk, fired.pk, run.rule_id)


def test_where_a_condition_does_not_hold_nothing_is_done_and_it_says_which(house: House) -> None:
    rule(
        "job.entered",
        URGENT,
        options={"step": house.stage("Reached").pk},
        where="where=value:min:5000 USD&where=rep:not:nobody",
    )
    assert move(house, "Reached").priority == Priority.NORMAL
    [run] = RuleRun.objects.all()
    assert (run.state, run.log) == (RunState.UNMATCHED, [])
    assert dict(pair for group in run.judged for pair in group) == {"value:min:5000 USD": False, "rep:not:nobody": True}


def test_in_the_shadow_it_notes_what_it_would_have_done_and_does_nothing(house: House) -> None:
    made = rule("job.entered", URGENT, mode=Mode.SHADOW, options={"step": house.stage("Reached").pk})
    assert move(house, "Reached").priority == Priority.NORMAL
    assert states() == [RunState.SHADOW]
    made.switch(Mode.OFF, by=house.ada)
    move(house, "Quote sent")
    move(house, "Reached")
    assert states() == [RunState.SHADOW], "off, it does not even look"
    made.switch(Mode.ON, by=house.ada)
    move(house, "Quote sent", MONDAY + timedelta(hours=1))
    assert move(house, "Reached", MONDAY + timedelta(hours=1)).priority == Priority.URGENT


def test_an_event_delivered_again_does_nothing_again(house: House) -> None:
    rule("job.entered", URGENT, options={"step": house.stage("Reached").pk})
    move(house, "Reached")
    event = Event.objects.get(kind="job.moved")
    Undispatched.objects.create(event_id=event.pk, tenant_id=house.tenant.pk)
    work()
    assert states() == [RunState.DONE]


@pytest.mark.parametrize(
    ("limit", "fired"),
    [
        (RuleLimit(Once.ALWAYS), 3),
        (RuleLimit(Once.RECORD), 1),
        (RuleLimit(Once.DAY), 2),
        (RuleLimit(Once.DAYS, 14), 1),
    ],
)
def test_it_fires_as_often_as_its_limit_allows(house: House, limit: RuleLimit, fired: int) -> None:
    rule("job.left", do("job.turn", side="customer"), limit=limit, options={"step": ""})
    AutomationPolicy.set_person_wins(0, by=None)
    for step, hours in (("Reached", 1), ("Quote sent", 2), ("Reached", 30)):
        move(house, step, MONDAY + timedelta(hours=hours))
    assert states().count(RunState.DONE) == fired
    assert states().count(RunState.SKIPPED) == 3 - fired


def test_so_long_in_a_step_it_fires_once_a_stay(house: House) -> None:
    step = house.stage("Quote sent")
    made = rule("job.stays", URGENT, options={"step": step.pk}, span=Span(3, SpanUnit.DAYS))
    move(house, "Quote sent")
    [timer] = RuleTimer.objects.all()
    assert timer.at == MONDAY + timedelta(days=3)
    move(house, "Reached", MONDAY + timedelta(days=1))
    assert not RuleTimer.objects.exists(), "it left, so nothing is pending"
    move(house, "Quote sent", MONDAY + timedelta(days=2))
    work(MONDAY + timedelta(days=4))
    assert states() == []
    work(MONDAY + timedelta(days=5))
    assert states() == [RunState.DONE]
    # Armed anew, it does not fire for the same stay again.
    made.switch(Mode.OFF, by=house.ada)
    work(MONDAY + timedelta(days=5))
    made.switch(Mode.ON, by=house.ada)
    work(MONDAY + timedelta(days=6))
    assert states() == [RunState.DONE]


def test_switched_on_it_takes_up_those_who_stand_there_already(house: House) -> None:
    move(house, "Quote sent")
    at = MONDAY + timedelta(days=8)
    with clock.at(at):
        rule("job.stays", URGENT, options={"step": house.stage("Quote sent").pk}, span=Span(3, SpanUnit.DAYS))
    work(at)
    assert states() == [RunState.DONE]


def test_working_time_counts_by_the_calendar_and_moves_with_it(house: House) -> None:
    friday = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)  # 15:00 in New York
    step = {"step": house.stage("Reached").pk}
    rule("job.stays", URGENT, options=step, span=Span(2, SpanUnit.WORKING_HOURS), name="Time")
    rule("job.entered", WaitStep(Span(2, SpanUnit.WORKING_HOURS)), URGENT, options=step, name="Wait")
    move(house, "Reached", friday)
    [timer], [run] = RuleTimer.objects.all(), RuleRun.objects.all()
    assert timer.at == run.next_at == friday + timedelta(hours=2)
    calendar = BusinessCalendar.objects.get(pk=timer.calendar_id)
    with clock.at(friday):
        week = [[[540, 960]]] * 5 + [[], []]  # to 16:00
        calendar.change_hours(week=week, by=house.ada)
    work(friday)
    timer.refresh_from_db()
    run.refresh_from_db()
    monday = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)  # 10:00, after the change of the clock
    assert (timer.at, run.next_at) == (monday, monday)
    assert timer.was_at == friday + timedelta(hours=2)
    assert run.log[-1]["data"] == {"from": timer.was_at.isoformat(), "to": monday.isoformat()}
    waited = run_account(run, Reader.of(house.ada, friday)).steps[0].words
    assert "moved from" in waited
    assert "working hours or the time zone" in waited
    work(monday)
    assert states() == [RunState.DONE] * 2


def test_a_wait_is_ended_by_what_it_says(house: House) -> None:
    rule(
        "job.entered",
        URGENT,
        WaitStep(Span(1, SpanUnit.DAYS), ("job.heard",)),
        do("tell", who="managers"),
        options={"step": house.stage("Reached").pk},
    )
    job = move(house, "Reached")
    [run] = RuleRun.objects.all()
    assert (run.state, run.next_at, job.priority) == (RunState.WAITING, MONDAY + timedelta(days=1), Priority.URGENT)
    with clock.at(MONDAY + timedelta(hours=5)):
        job.hear("sms")
    work(MONDAY + timedelta(hours=5))
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "the customer replies")
    work(MONDAY + timedelta(days=2))
    assert not told().exists()


def test_a_wait_for_an_answer_ends_by_one_on_another_job_of_the_customer(house: House) -> None:
    job = Job.objects.get(pk=house.job.pk)
    other, stranger = [
        open_job(title="Gutter", person=owner, stage=house.stage("New"), by=None) for owner in (job.person, None)
    ]
    rule("job.entered", WaitStep(Span(1), ("job.heard",)), URGENT, options={"step": house.stage("Reached").pk})
    move(house, "Reached")
    stranger.hear("sms")
    work()
    assert RuleRun.objects.get().state == RunState.WAITING
    other.hear("sms")
    work()
    assert RuleRun.objects.get().reason == "the customer replies"


def test_a_meaning_stands_for_a_step_of_each_pipeline(house: House) -> None:
    copied = Pipeline.add("Commercial", like=house.job.pipeline, by=None)
    bid = next(step for step in pipeline_setup().steps(copied.pk) if step.name == "Quote sent")
    bid.rename("Bid sent", by=None)
    copied.quote_from(bid, by=None)
    rule("job.entered", URGENT, options={"step": QUOTED})
    job = open_job(title="Office", stage=bid, by=None)
    move(house, "Quote sent")
    assert set(Job.objects.filter(priority=Priority.URGENT)) == {job, house.job}


def test_after_a_wait_it_goes_on_unless_its_conditions_no_longer_hold(house: House) -> None:
    steps = (WaitStep(Span(1, SpanUnit.DAYS)), do("tell", who="managers"))
    rule("job.entered", *steps, options={"step": house.stage("Reached").pk}, where="where=step:is:Reached")
    move(house, "Reached")
    work(MONDAY + timedelta(days=1))
    [notice] = told()
    assert (states(), notice.member_id) == ([RunState.DONE], house.mona.pk)
    later = MONDAY + timedelta(days=2)
    move(house, "Quote sent", later)
    move(house, "Reached", later)
    move(house, "Quote sent", later)
    work(later + timedelta(days=2))
    assert states() == [RunState.DONE, RunState.STOPPED]
    assert told().count() == 1


def test_a_persons_move_wins_over_a_rules(house: House) -> None:
    rule("job.heard", do("job.move", step=house.stage("Quote sent").pk))
    move(house, "Reached", by=house.rita)
    with clock.at(MONDAY + timedelta(hours=2)):
        Job.objects.get(pk=house.job.pk).hear("email")
    work(MONDAY + timedelta(hours=2))
    [run] = RuleRun.objects.all()
    assert run.log[0]["state"] == "refused"
    assert "Someone moved it" in run.log[0]["words"]
    with clock.at(MONDAY + timedelta(hours=30)):
        Job.objects.get(pk=house.job.pk).hear("email")
    work(MONDAY + timedelta(hours=30))
    assert Job.objects.get(pk=house.job.pk).stage == house.stage("Quote sent")


def test_rules_that_start_each_other_end(house: House) -> None:
    AutomationPolicy.set_person_wins(0, by=None)
    one, other = house.stage("Reached"), house.stage("Quote sent")
    rule("job.entered", do("job.move", step=other.pk), options={"step": one.pk}, name="There")
    rule("job.entered", do("job.move", step=one.pk), options={"step": other.pk}, name="And back")
    move(house, "Reached", by=house.rita)
    assert states() == [RunState.DONE] * 5 + [RunState.SKIPPED]
    assert "5 times in a row" in RuleRun.objects.last().reason
    [paused] = Rule.objects.filter(paused_at__isnull=False)
    assert Notice.objects.get(kind="rule.paused").member == house.ada
    assert "5 times in a row" in paused.pause_reason


def test_a_rule_leaves_alone_what_a_person_has_just_set(house: House) -> None:
    rule("job.heard", URGENT)
    job = Job.objects.get(pk=house.job.pk)
    with clock.at(MONDAY):
        job.prioritize(Priority.LOW, by=house.rita)
        job.hear("sms")
    work(MONDAY)
    assert Job.objects.get(pk=job.pk).priority == Priority.LOW
    with clock.at(MONDAY + timedelta(hours=1)):
        job.hear("sms")
    work(MONDAY + timedelta(hours=1))
    assert Job.objects.get(pk=job.pk).priority == Priority.URGENT


def test_a_rule_that_fails_is_paused_and_holds_up_no_other(house: House) -> None:
    def fail(*_: Any) -> ActionResult:
        raise RuntimeError("broken")

    broken = RuleAction(name="test.fail", records=(), icon="zap", label="fail", act=fail, words=lambda chosen: "fail")
    AutomationPolicy.set_person_wins(0, by=None)
    with features.extra_features(broken):
        bad = rule("job.left", do("test.fail"), options={"step": ""}, name="Bad")
        rule("job.left", URGENT, options={"step": ""}, name="Good")
        for hour, step in enumerate(("Reached", "Quote sent") * 3):
            move(house, step, MONDAY + timedelta(hours=hour))
        bad.refresh_from_db()
        assert bad.paused_at
        assert "5 times in a row" in bad.pause_reason
        assert RuleRun.objects.filter(rule=bad, state=RunState.FAILED).count() == 5
        assert RuleRun.objects.exclude(rule=bad).filter(state=RunState.DONE).count() == 6
    assert actions.find_action("test.fail") is None


def test_a_rule_that_names_what_is_gone_does_nothing_and_says_so(house: House) -> None:
    made = rule("job.left", URGENT, options={"step": ""}, where="where=step:is:Gone")
    assert move(house, "Reached").priority == Priority.NORMAL
    made.refresh_from_db()
    assert made.paused_at
    assert made.pause_reason == "One of its conditions no longer works."


def test_switched_off_for_all_or_for_a_customer_it_says_so(house: House) -> None:
    rule("job.left", URGENT, options={"step": ""})
    person = Person.objects.get(pk=house.job.person_id)
    Silence.begin(person, by=house.ada)
    move(house, "Reached")
    Silence.end(person, by=house.ada)
    AutomationPolicy.switch(False, by=house.ada)
    move(house, "Quote sent", MONDAY + timedelta(hours=1))
    assert states() == [RunState.SKIPPED] * 2
    reasons = list(RuleRun.objects.order_by("pk").values_list("reason", flat=True))
    assert reasons == ["Triggers are off for this customer.", "All triggers are off."]


def test_a_round_looks_at_all_that_match_on_its_days(house: House) -> None:
    tuesday = MONDAY + timedelta(days=1)
    rule("job.round", do("tell", who="owner"), weekdays=(1,), at_hour=8, where="where=step:is:New")
    work(MONDAY)
    assert states() == []
    work(tuesday)
    work(tuesday + timedelta(hours=1))
    assert states() == [RunState.DONE]
    work(tuesday + timedelta(days=7))
    assert states() == [RunState.DONE] * 2


def test_an_edit_makes_a_version_and_waiting_runs_keep_theirs(house: House) -> None:
    made = rule("job.left", WaitStep(Span(1, SpanUnit.DAYS)), URGENT, options={"step": ""})
    move(house, "Reached")
    made.edit(Definition("job", "job.left", {"step": ""}, steps=(do("tell", who="owner"),)), by=house.ada)
    assert made.version.number == 2
    work(MONDAY + timedelta(days=1))
    assert Job.objects.get(pk=house.job.pk).priority == Priority.URGENT
    assert states() == [RunState.DONE]


def test_a_tenant_without_rules_queues_no_event_for_them(house: House) -> None:
    Job.objects.get(pk=house.job.pk).hear("sms")
    before = Undispatched.objects.count()
    rule("job.heard", do("tell", who="owner"))
    Job.objects.get(pk=house.job.pk).hear("sms")
    assert Undispatched.objects.count() == before + 1
    assert Rule.objects.get().is_working
