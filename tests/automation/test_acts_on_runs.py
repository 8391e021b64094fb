"""Runs stopped, tried again, accepted and dismissed; points counted; rules in words; what health says of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from crm.automation.definition import Definition, Once, RuleLimit, WaitStep
from crm.automation.editor.rule_text import day_name, limit_text, rule_sentences, rule_summary
from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.automation.engine.run_actions import retry_run, stop_run
from crm.automation.engine.wait_endings import may_end
from crm.automation.health import find_switched_off, name_of, resume_rule, switch_all_on
from crm.automation.models import AutomationPolicy, Mode, PriorityPoint, PriorityScore, Rule, RuleRun, RunState, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.moves.proposals import accept_proposal, dismiss_proposal, job_proposals, withdraw_proposals
from crm.automation.points.counting import count_points, priority_by
from crm.automation.registry.options import Options, choice_values
from crm.automation.setup import ReadRule
from crm.automation.span import Span
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URGENT = do("job.prioritize", priority=Priority.URGENT)
TELL = do("tell", who="owner")
Put = Callable[..., RuleRun]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


@pytest.fixture
def made(house: House) -> Rule:
    return rule("job.opened", URGENT, mode=Mode.PROPOSE)


@pytest.fixture
def put(made: Rule, job: Job) -> Put:
    """A run of the rule in a state."""

    def run(state: str, **more: Any) -> RuleRun:
        row: RuleRun = RuleRun.objects.create(
            rule=made,
            version=made.version,
            record="job",
            record_id=job.pk,
            job_id=job.pk,
            key="k",
            state=state,
            next_at=MONDAY if state == RunState.WAITING else None,
            **more,
        )
        row.refresh_from_db()
        return row

    return run


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


def test_a_run_stopped_says_by_whom(house: House, put: Put) -> None:
    run = put(RunState.WAITING)
    stop_run(run, by=house.ada)
    assert (run.state, run.next_at, "Ada Admin" in run.reason, recorded("rule.run_stopped")) == (
        *(RunState.STOPPED, None, True),
        1,
    )
    with pytest.raises(Refused, match="no longer waiting"):
        stop_run(run, by=house.ada)


def test_a_failed_run_is_tried_again_from_the_step_that_failed(house: House, made: Rule, put: Put) -> None:
    made.switch(Mode.ON, by=house.ada)
    run = put(RunState.FAILED, step=3, reason="It failed", log=[{"step": 0}, {"step": 2}])
    retry_run(run, by=house.ada)
    assert (run.state, run.step, run.reason, run.next_at) == (RunState.WAITING, 2, "", MONDAY)
    assert Due.objects.filter(subject_id=run.pk, kind="automation.step").exists()


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.SHADOW, Mode.PROPOSE])
def test_of_a_rule_that_is_not_on_nothing_is_tried_again(house: House, made: Rule, put: Put, mode: Mode) -> None:
    made.switch(mode, by=house.ada)
    with pytest.raises(Refused, match="on first"):
        retry_run(put(RunState.FAILED, log=[{"step": 0}]), by=house.ada)


def test_a_run_that_did_nothing_has_nothing_to_try_again(house: House, put: Put) -> None:
    with pytest.raises(Refused, match="didn’t fail"):
        retry_run(put(RunState.FAILED), by=house.ada)


def test_what_is_accepted_is_done_in_the_members_name(house: House, put: Put, job: Job) -> None:
    accept_proposal(put(RunState.PROPOSED), job, by=house.rita)
    job.refresh_from_db()
    assert (job.priority, RuleRun.objects.get().state, recorded("rule.proposal_accepted")) == (
        *(Priority.URGENT, RunState.DONE),
        1,
    )
    assert Event.objects.get(kind="job.prioritized").actor_id == house.rita.pk


@pytest.mark.parametrize("state", [RunState.DONE, RunState.STOPPED, RunState.SHADOW, RunState.WAITING])
def test_what_is_not_proposed_is_neither_accepted_nor_dismissed(house: House, put: Put, job: Job, state: str) -> None:
    run = put(state)
    for verb in (lambda: accept_proposal(run, job, by=house.rita), lambda: dismiss_proposal(run, by=house.rita)):
        with pytest.raises(Refused, match="already responded"):
            verb()


@pytest.mark.parametrize("off", ["all", "customer"])
def test_what_is_switched_off_is_not_done_by_a_click(house: House, put: Put, job: Job, off: str) -> None:
    run = put(RunState.PROPOSED)
    if off == "all":
        AutomationPolicy.switch(False, by=house.ada)
    else:
        Silence.begin(house.cora, by=house.ada)
    with pytest.raises(Refused, match="off"):
        accept_proposal(run, job, by=house.rita)
    job.refresh_from_db()
    assert job.priority != Priority.URGENT


def test_what_is_dismissed_says_by_whom_and_is_asked_no_more(house: House, put: Put, job: Job) -> None:
    run = put(RunState.PROPOSED)
    assert [one.uid for one in job_proposals(job)] == [str(run.uid)]
    dismiss_proposal(run, by=house.rita)
    assert (run.state, "Rita Rep" in run.reason, job_proposals(job)) == (RunState.STOPPED, True, [])


def test_of_a_closed_lead_nothing_is_proposed(house: House, put: Put, job: Job) -> None:
    put(RunState.PROPOSED)
    job.lose("price", by=house.rita)
    assert job_proposals(job) == []


def test_a_lead_that_moved_since_is_proposed_nothing(house: House, put: Put, job: Job) -> None:
    run = put(RunState.PROPOSED, at=MONDAY)
    with clock.at(MONDAY + timedelta(minutes=1)):
        job.move_to(house.stage("Reached"), by=house.rita)
    moved = list(Event.objects.filter(kind="job.moved"))
    for _time in range(2):
        withdraw_proposals(moved)
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_a_move_of_before_takes_no_proposal_back(house: House, put: Put, job: Job) -> None:
    job.move_to(house.stage("Reached"), by=house.rita)
    run = put(RunState.PROPOSED, at=MONDAY + timedelta(minutes=1))
    withdraw_proposals(list(Event.objects.filter(kind="job.moved")))
    run.refresh_from_db()
    assert run.state == RunState.PROPOSED


@pytest.mark.parametrize(
    ("event", "caused_by", "ends"), [(11, None, True), (10, None, False), (12, 5, True), (12, 7, False)]
)
def test_what_came_after_and_of_itself_ends_a_wait(event: int, caused_by: int | None, ends: bool) -> None:
    assert may_end(RuleRun(event_id=10, fired_id=7), Event(pk=event, caused_by=caused_by)) is ends
    assert not may_end(RuleRun(), Event(pk=event))


@pytest.mark.parametrize(
    ("points", "priority"),
    [(4, Priority.NORMAL), (5, Priority.HIGH), (7, Priority.HIGH), (8, Priority.URGENT), (-9, Priority.NORMAL)],
)
def test_from_so_many_points_on(house: House, points: int, priority: Priority) -> None:
    AutomationPolicy.set_thresholds(5, 8, by=house.ada)
    assert priority_by(points) == priority


def test_without_thresholds_points_set_nothing(house: House) -> None:
    AutomationPolicy.set_thresholds(None, None, by=house.ada)
    assert priority_by(99) == Priority.NORMAL


def test_points_of_a_lead_are_kept_with_their_reasons_once(house: House, job: Job) -> None:
    PriorityPoint.add("of Rita", f"rep={house.rita.uid}", 6, by=house.ada)
    PriorityPoint.add("of Mona", f"rep={house.mona.uid}", 9, by=house.ada)
    for _time in range(2):
        count_points([job.pk])
    score = PriorityScore.objects.get()
    job.refresh_from_db()
    assert (score.points, score.reasons, job.priority) == (6, [["of Rita", 6]], Priority.HIGH)


def test_points_of_a_closed_lead_are_not_counted(house: House, job: Job) -> None:
    PriorityPoint.add("of Rita", f"rep={house.rita.uid}", 6, by=house.ada)
    job.lose("price", by=house.rita)
    count_points([job.pk])
    assert not PriorityScore.objects.exists()


def test_points_lower_what_they_set_and_not_what_a_person_chose(house: House, job: Job) -> None:
    row = PriorityPoint.add("of Rita", f"rep={house.rita.uid}", 6, by=house.ada)
    count_points([job.pk])
    row.weigh(1, by=house.ada)
    count_points([job.pk])
    job.refresh_from_db()
    assert job.priority == Priority.NORMAL
    job.prioritize(Priority.URGENT, by=house.rita)
    row.weigh(6, by=house.ada)
    count_points([job.pk])
    job.refresh_from_db()
    assert job.priority == Priority.URGENT


def read(*steps: Any, **more: Any) -> ReadRule:
    return ReadRule.of(Rule(), Definition("job", "job.opened", steps=steps, **more))


def test_a_rule_in_a_line_leaves_its_waits_out(house: House) -> None:
    assert rule_summary(read(TELL, WaitStep(Span(3)), TELL)) == "notify the owner, notify the owner"


def test_a_rule_in_sentences_begins_with_when_and_ends_with_its_limit(house: House) -> None:
    lines = rule_sentences(read(WaitStep(Span(3)), limit=RuleLimit(Once.DAYS, 7)))
    assert lines[0].startswith("When a lead")
    assert lines[1:] == ["Then wait 3 days", "At most once every 7 days"]


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [("en", 1, "due in 1 day "), ("en", 2, "due in 2 days "), ("nl", 1, "over 1 dag "), ("nl", 2, "over 2 dagen ")],
)
def test_the_due_time_of_a_planned_follow_up_is_counted(house: House, language: str, count: int, words: str) -> None:
    step = do("followup.plan", kind="call", who="owner", count=count, unit="days", priority=2)
    with override(language):
        assert words in rule_sentences(read(step))[1]


def test_a_rule_may_fire_once_every_day(house: House) -> None:
    assert limit_text(Definition("job", "x", limit=RuleLimit(Once.DAYS, 1))) == "once every day"


def test_what_is_gone_is_said_in_its_place(house: House) -> None:
    lines = rule_sentences(ReadRule.of(Rule(), Definition("job", "job.nonesuch", steps=(do("nonesuch"),))))
    assert (lines[0], lines[1]) == ("When (deleted)", "Then (deleted)")


@pytest.mark.parametrize(("once", "words"), [(Once.RECORD, "once only"), (Once.DAY, "once a day")])
def test_a_limit_in_words(once: Once, words: str) -> None:
    assert limit_text(Definition("job", "x", limit=RuleLimit(once))) == words


def test_days_have_names() -> None:
    assert [day_name(day) for day in (0, 6)] == ["Monday", "Sunday"]


def test_two_versions_are_compared_line_by_line() -> None:
    assert diff_versions(["a", "b"], ["a", "c"]) == [
        VersionDiffLine("", "a"),
        VersionDiffLine("-", "b"),
        VersionDiffLine("+", "c"),
    ]
    assert diff_versions(["a"], ["a"]) == []
    assert diff_versions([], ["a"]) == [VersionDiffLine("+", "a")]


class Choices(Options):
    plain = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    asked_for = forms.ChoiceField(choices=[("Group", [("c", "C"), ("d", "D")]), ("e", "E")])
    free = forms.CharField(required=False)
    asked = ("asked_for",)


def test_a_choice_begins_with_its_first_unless_nobody_can_guess() -> None:
    form = Choices()
    assert (form["plain"].initial, form["asked_for"].initial, form["free"].initial) == ("a", None, None)
    assert choice_values(form.fields["asked_for"]) == ["c", "d", "e"]


def test_options_are_stored_as_they_were_sent() -> None:
    form = Choices({"plain": "b", "asked_for": "d"})
    assert (form.stored_values(), form.problem()) == ({"plain": "b", "asked_for": "d", "free": ""}, "")
    assert Choices({"plain": "x", "asked_for": "d"}).problem() != ""


def test_all_are_switched_on_again_from_the_page_of_health(house: House) -> None:
    assert (list(find_switched_off(None)), switch_all_on(house.ada, "")) == ([], 0)  # type: ignore[arg-type]
    AutomationPolicy.switch(False, by=house.ada)
    assert len(list(find_switched_off(None))) == 1  # type: ignore[arg-type]
    assert (switch_all_on(house.ada, ""), automation_policy().is_on) == (1, True)


def test_a_paused_rule_goes_on_as_it_was_once(house: House, made: Rule) -> None:
    about = str(made.pk)
    assert resume_rule(house.ada, about) == 0
    made.pause("It failed")
    assert [resume_rule(house.ada, about) for _time in range(2)] == [1, 0]
    made.refresh_from_db()
    assert (made.mode, made.is_working, name_of(about)) == (Mode.PROPOSE, True, "A rule")
    assert (resume_rule(house.ada, "x"), name_of("x")) == (0, "")
