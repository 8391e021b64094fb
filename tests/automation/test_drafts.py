"""A rule as it was typed: what its form sends, what each button does to it, and what is wrong with which part."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from crm.automation.definition import MOST_STEPS, Definition, DoStep, Once, RuleLimit, WaitStep
from crm.automation.editor import step_edits
from crm.automation.editor.conditions import RuleConditions, focused_row, parse_drag
from crm.automation.editor.overview import rule_groups, state_of
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.editor.rule_text import rule_sentences, rule_summary
from crm.automation.editor.steps import StepDraft
from crm.automation.editor.trial import find_records, row_of, try_rule
from crm.automation.log.run_list import RUNS
from crm.automation.models import Mode, Rule
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.setup import read_rule
from crm.automation.span import Span, SpanUnit
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TELL = {"s0": "do", "s0-action": "tell", "s0-of": "tell", "s0-o-who": "owner"}
SENT = {"name": "Told", "record": "job", "record_of": "job", "trigger": "job.opened", "trigger_of": "job.opened"}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def job_kind(house: House) -> RecordKind:
    kind = record_kind("job")
    assert kind
    return kind


def sent(**changed: Any) -> RuleDraft:
    """A form that makes a rule, with changes."""
    form = QueryDict(mutable=True)
    form.update(SENT | TELL | {"once": "always"} | changed)
    return RuleDraft.from_form(form)


def problems(**changed: Any) -> set[str]:
    draft = sent(**changed)
    draft.judge()
    return set(draft.problems)


def test_a_form_that_is_complete_is_a_definition(house: House) -> None:
    draft = sent()
    assert draft.judge()
    told = DoStep("tell", {"who": "owner", "text": ""})
    assert draft.definition() == Definition("job", "job.opened", steps=(told,), limit=RuleLimit(Once.ALWAYS))


def test_a_definition_is_typed_and_read_as_it_was(house: House) -> None:
    made = Definition(
        "job",
        "job.stays",
        options={"step": ""},
        span=Span(3, SpanUnit.WORKING_DAYS),
        at_hour=9,
        steps=(
            DoStep("tell", {"who": "owner", "text": ""}),
            WaitStep(Span(2), ("job.heard",)),
            DoStep("job.turn", {"side": "us"}),
        ),
        limit=RuleLimit(Once.DAYS, 7),
    )
    assert RuleDraft.of("Told", made).definition() == made


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"name": " "}, {"name"}),
        ({"once": ""}, {"limit"}),
        ({"once": "days"}, {"limit"}),
        ({"once": "days", "days": "0"}, {"limit"}),
        ({"once": "days", "days": "3651"}, {"limit"}),
        ({"once": "days", "days": "7"}, set()),
        ({"s0": "wait", "s0-count": "1", "s0-unit": "days"}, {"steps"}),
        ({"s1": "wait", "s1-count": "1", "s1-unit": "days"}, {"steps"}),
        ({"trigger": "job.stays", "trigger_of": "job.stays", "count": "many", "unit": "days"}, {"span"}),
        ({"trigger": "job.stays", "trigger_of": "job.stays", "count": "3651", "unit": "days"}, {"span"}),
        ({"trigger": "job.stays", "trigger_of": "job.stays", "count": "2", "unit": "moons"}, {"span"}),
        ({"trigger": "job.round", "trigger_of": "job.round"}, {"weekdays"}),
        ({"trigger": "job.round", "trigger_of": "job.round", "weekday": "1"}, set()),
    ],
)
def test_what_is_wrong_is_noted_at_its_part(house: House, changed: dict[str, str], wrong: set[str]) -> None:
    assert problems(**changed) == wrong


@pytest.mark.parametrize(
    ("changed", "focus"),
    [
        ({"name": ""}, "rule-name"),
        ({"trigger": "job.stays", "trigger_of": "job.stays", "count": "x"}, "count"),
        ({"trigger": "job.round", "trigger_of": "job.round"}, "weekday-0"),
        ({"s0-o-who": "member:999999"}, "s0-first"),
        ({"s1": "wait", "s1-count": "1", "s1-unit": "days"}, "add-step"),
        ({"once": "never"}, "once"),
    ],
)
def test_the_first_wrong_field_gets_the_focus(house: House, changed: dict[str, str], focus: str) -> None:
    draft = sent(**changed)
    assert not draft.judge()
    assert draft.first_problem == focus


def test_a_trigger_of_another_record_is_replaced_by_its_first(house: House) -> None:
    draft = sent(trigger="document.added")
    assert (draft.kind.key, draft.trigger_name) == ("job", "job.opened")


def test_a_record_that_nobody_offers_is_the_first(house: House) -> None:
    assert sent(record="nonesuch").kind.key == RuleDraft.new().kind.key


def test_conditions_of_the_record_before_are_left(house: House) -> None:
    draft = sent(record="document", record_of="job", f0="rep", t0="is", v0="me")
    assert (draft.kind.key, draft.conditions.rows) == ("document", [])


def test_a_time_just_chosen_begins_with_two_days(house: House) -> None:
    draft = sent(trigger="job.stays", trigger_of="job.opened")
    assert (draft.definition().span, draft.options) == (Span(2), None)


def test_only_what_may_count_back_does(house: House) -> None:
    backwards = [
        sent(trigger=name, trigger_of=name, count="2", before="before").definition().before
        for name in ("job.appointment", "job.stays")
    ]
    assert backwards == [True, False]


@pytest.mark.parametrize(("hour", "kept"), [("0", 0), ("23", 23), ("24", None), ("", None), ("x", None)])
def test_an_hour_of_the_day_is_one(house: House, hour: str, kept: int | None) -> None:
    assert sent(trigger="job.round", trigger_of="job.round", weekday="1", at_hour=hour).definition().at_hour == kept


def test_an_event_has_no_hour_and_no_days(house: House) -> None:
    made = sent(at_hour="8", weekday="1", count="3").definition()
    assert (made.at_hour, made.weekdays, made.span) == (None, (), Span(0))


def test_of_too_many_steps_the_first_are_kept(house: House) -> None:
    steps = {f"s{at}": "wait" for at in range(1, MOST_STEPS + 5)}
    assert len(sent(**steps).steps) == MOST_STEPS


@pytest.fixture
def three() -> list[StepDraft]:
    return [StepDraft(name) for name in ("tell", "job.turn", "job.assign")]


@pytest.mark.parametrize(
    ("act", "place", "order", "focus"),
    [
        ("up", "1", [1, 0, 2], "s0-first"),
        ("up", "2", [0, 2, 1], "s1-up"),
        ("up", "0", [0, 1, 2], ""),
        ("down", "0", [1, 0, 2], "s1-down"),
        ("down", "2", [0, 1, 2], ""),
        ("down", "x", [0, 1, 2], ""),
        ("remove-step", "1", [0, 2], "s1-first"),
        ("remove-step", "2", [0, 1], "s1-first"),
        ("remove-step", "3", [0, 1, 2], ""),
        ("remove-step", "", [0, 1, 2], ""),
        ("move", "0::2", [1, 0, 2], "s1-first"),
        ("move", "2::0", [2, 0, 1], "s0-first"),
        ("move", "0::", [1, 2, 0], "s2-first"),
        ("move", "9::0", [0, 1, 2], ""),
        ("move", "0::99", [1, 2, 0], "s2-first"),
    ],
)
def test_a_button_edits_the_steps(
    house: House, three: list[StepDraft], act: str, place: str, order: list[int], focus: str
) -> None:
    before = list(three)
    assert step_edits.edit_steps(three, act, place, "job") == focus
    assert three == [before[at] for at in order]


def test_the_last_step_removed_leads_to_a_new_one(house: House) -> None:
    steps = [StepDraft("tell")]
    assert (step_edits.edit_steps(steps, "remove-step", "0", "job"), steps) == ("add-step", [])


def test_a_step_is_added_behind_the_others_up_to_the_most(house: House) -> None:
    steps = [StepDraft("tell")] * (MOST_STEPS - 1)
    assert step_edits.edit_steps(steps, "wait", "", "job") == f"s{MOST_STEPS - 1}-first"
    assert (steps[-1].is_wait, step_edits.edit_steps(steps, "step", "", "job")) == (True, "")


def test_a_new_step_is_one_that_is_valid_as_it_begins(house: House) -> None:
    steps: list[StepDraft] = []
    step_edits.edit_steps(steps, "step", "", "job")
    assert not steps[0].with_problem("job").problem


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (StepDraft(count="0"), "Enter how long to wait"),
        (StepDraft(count="x"), "Enter a number from 0"),
        (StepDraft(count="2"), ""),
        (StepDraft("nonesuch"), "no longer exists"),
        (StepDraft("job.turn", {"side": "us"}), ""),
        (StepDraft("job.turn", {"side": "nobody"}), "Select a valid choice"),
    ],
)
def test_a_step_says_what_is_wrong_with_it(house: House, draft: StepDraft, problem: str) -> None:
    found = draft.with_problem("job").problem
    assert problem in found
    assert bool(found) is bool(problem)


def test_an_action_for_leads_is_no_step_of_a_document(house: House) -> None:
    assert "no longer exists" in StepDraft("job.turn", {"side": "us"}).with_problem("document").problem


@pytest.mark.parametrize(
    ("place", "read"),
    [("1:b:2", (1, "b", 2)), ("1::", (1, "", None)), ("x::y", (None, "", None)), ("", (None, "", None))],
)
def test_what_a_dragged_row_sends(place: str, read: tuple[int | None, str, int | None]) -> None:
    assert parse_drag(place) == read


@pytest.mark.parametrize(("focus", "row"), [("filter-f3", 3), ("filter-add", -1), ("", -1)])
def test_the_row_in_focus(focus: str, row: int) -> None:
    assert focused_row(focus) == row


def test_conditions_are_stored_as_they_were_read(house: House, job_kind: RecordKind) -> None:
    where = "where=rep:not:nobody&where=value:min:5000+USD"
    conditions = RuleConditions.from_stored(job_kind, where)
    assert (conditions.where(), conditions.broken, len(conditions.rows)) == (where, [], 2)


def test_a_condition_that_means_nothing_any_more_is_to_be_removed_first(house: House, job_kind: RecordKind) -> None:
    conditions = RuleConditions.from_stored(job_kind, "where=step:is:Gone")
    assert (conditions.broken, conditions.judge()) == (["step:is:Gone"], False)
    assert conditions.act("drop", "0") == "filter-add"
    assert (conditions.broken, conditions.judge()) == ([], True)


def test_no_conditions_are_fine(house: House, job_kind: RecordKind) -> None:
    conditions = RuleConditions.empty(job_kind)
    assert (conditions.judge(), conditions.where()) == (True, "")


def test_a_condition_that_is_added_gets_the_focus_and_can_be_removed(house: House, job_kind: RecordKind) -> None:
    conditions = RuleConditions.empty(job_kind)
    assert [conditions.act("add", ""), conditions.act("add", "")] == ["filter-f0", "filter-f1"]
    assert [conditions.act("remove", "1"), conditions.act("remove", "0")] == ["filter-f0", "filter-add"]
    assert conditions.rows == []


@pytest.mark.parametrize("act", ["put", "rise", "sink", "drop", "nonesuch"])
def test_a_button_of_a_row_that_is_not_there_does_nothing(house: House, job_kind: RecordKind, act: str) -> None:
    conditions = RuleConditions.from_stored(job_kind, "where=rep:not:nobody")
    before = list(conditions.rows)
    conditions.act(act, "7")
    assert conditions.rows == before


@pytest.mark.parametrize(("act", "place"), [("sink", "0"), ("rise", "1"), ("put", "0::"), ("put", "1::0")])
def test_two_conditions_change_places(house: House, job_kind: RecordKind, act: str, place: str) -> None:
    conditions = RuleConditions.from_stored(job_kind, "where=rep:not:nobody&where=value:min:5000 USD")
    conditions.act(act, place)
    assert [row.field for row in conditions.rows] == ["value", "rep"]


@pytest.fixture
def made(house: House) -> Rule:
    return rule("job.opened", do("tell", who="owner"), where="where=rep:not:nobody", limit=RuleLimit(Once.DAYS, 7))


def test_a_rule_is_told_as_sentences(made: Rule) -> None:
    read = read_rule(made)
    assert rule_summary(read) == "notify the owner"
    assert rule_sentences(read) == [
        "When a lead is created",
        "If Rep is not unassigned",
        "Then notify the owner",
        "At most once every 7 days",
    ]


@pytest.mark.parametrize(
    ("change", "css", "badge"),
    [
        ({"mode": Mode.ON}, "is-on", "is-good"),
        ({"mode": Mode.SHADOW}, "is-shadow", ""),
        ({"mode": Mode.PROPOSE}, "is-shadow", ""),
        ({"mode": Mode.OFF}, "is-off", ""),
        ({"mode": Mode.ON, "paused_at": MONDAY}, "is-paused", "is-bad"),
        ({"mode": Mode.OFF, "paused_at": MONDAY}, "is-off", ""),
        ({"mode": Mode.ON, "archived_at": MONDAY}, "is-off", ""),
    ],
)
def test_how_a_rule_stands(change: dict[str, Any], css: str, badge: str) -> None:
    state = state_of(Rule(name="Told", **change))
    assert (state.css, state.badge) == (css, badge)


def test_rules_stand_under_what_they_are_about_by_name(made: Rule) -> None:
    rule("job.heard", do("tell", who="owner"), name="Before")
    rule("document.added", do("tell", who="owner"), record="document", name="Paper")
    rule("job.heard", do("tell", who="owner"), name="Aged").archive(by=None)
    groups = {group.label: [line.rule.name for line in group.lines] for group in rule_groups()}
    assert groups == {"Leads": ["A rule", "Before"], "Documents": ["Paper"]}


def test_a_rule_that_can_do_nothing_says_so_in_the_list(house: House) -> None:
    rule("job.heard", WaitStep(Span(1)), name="Idle")
    [group] = rule_groups()
    assert (group.lines[0].does, bool(group.lines[0].problem)) == ("does nothing yet", True)


def test_a_trial_marks_each_condition_and_step(house: House, made: Rule) -> None:
    trial = try_rule(read_rule(made), house.job, house.ada, house.tenant.slug)
    assert (trial.holds, trial.conditions[0][0].holds, trial.refusal) == (True, True, "")
    assert trial.steps[0].words.startswith("notify the owner: would notify Rita Rep")
    assert not Event.objects.filter(kind="rule.fired").exists()


def test_a_trial_of_what_does_not_match_says_which(house: House, made: Rule) -> None:
    nobodys = open_job(title="Nobodys", by=None)
    trial = try_rule(read_rule(made), nobodys, house.ada, house.tenant.slug)
    assert (trial.holds, trial.conditions[0][0].holds) == (False, False)


def test_a_record_is_tried_by_who_sees_it(house: House, job_kind: RecordKind) -> None:
    monas = open_job(title="Monas", member=house.mona, by=house.mona)
    seen = [row_of(job_kind, reader, str(monas.pk)) for reader in (house.mona, house.rita)]
    assert seen == [monas, None]
    assert row_of(job_kind, house.mona, "x") is None


def test_a_text_finds_the_records_that_one_sees(house: House, job_kind: RecordKind) -> None:
    house.job.assign_to(house.mona, by=house.mona)
    titles = [[row.title for row in find_records(job_kind, reader, "Cora")] for reader in (house.mona, house.rita)]
    assert titles == [["Cora Customer"], []]


def test_the_log_names_archived_triggers_last(house: House, made: Rule) -> None:
    rule("job.heard", do("tell", who="owner"), name="Aged").archive(by=house.ada)
    choices = RUNS.filterset.known()["rule"].choices(house.ada)
    assert [choice.label for choice in choices] == ["A rule", "Aged"]
