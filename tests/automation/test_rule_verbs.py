"""Rules, their policy and points: each verb, twice and refused; what a definition keeps; how long a span is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm.automation.definition import Definition, Once, RuleLimit, WaitStep
from crm.automation.models import AutomationPolicy, Mode, PriorityPoint, Rule, RuleVersion, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.span import Span, SpanUnit
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
TELL = do("tell", who="owner")
MOVED = Definition("job", "job.left", options={"step": ""}, steps=(TELL,))


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def made(house: House) -> Rule:
    return Rule.add("Told", MOVED, by=house.ada)


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


def test_a_new_rule_does_nothing_but_note_what_it_would_do(made: Rule) -> None:
    assert (made.mode, made.is_working, made.version.number, made.skips_present) == (Mode.SHADOW, True, 1, False)


@pytest.mark.parametrize("name", ["Told", " tOLD ", "", "x" * 200])
def test_a_name_is_some_name_that_no_rule_has(house: House, made: Rule, name: str) -> None:
    with pytest.raises(Refused):
        Rule.add(name, MOVED, by=house.ada)


def test_the_name_of_an_archived_rule_is_free(house: House, made: Rule) -> None:
    made.archive(by=house.ada)
    assert Rule.add("Told", MOVED, by=house.ada).pk != made.pk
    with pytest.raises(Refused, match="already exists"):
        made.restore(by=house.ada)


def test_a_preset_is_used_once(house: House) -> None:
    first = Rule.add("One", MOVED, by=house.ada, preset="welcome")
    first.archive(by=house.ada)
    Rule.add("Two", MOVED, by=house.ada, preset="welcome")
    with pytest.raises(Refused, match="from this template"):
        first.restore(by=house.ada)


def test_no_more_than_two_hundred_rules(house: House, made: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.automation.models.rule.MOST", 1)
    with pytest.raises(Refused, match="200"):
        Rule.add("One more", MOVED, by=house.ada)
    made.archive(by=house.ada)
    Rule.add("One more", MOVED, by=house.ada)


def test_a_free_name_has_a_number_behind_it(house: House, made: Rule) -> None:
    assert (Rule.free_name("told"), Rule.free_name("Asked")) == ("told (2)", "Asked")
    Rule.add("told (2)", MOVED, by=house.ada)
    assert Rule.free_name("Told") == "Told (3)"


def test_the_same_definition_is_no_version(house: House, made: Rule) -> None:
    made.edit(MOVED, by=house.ada)
    assert (RuleVersion.objects.filter(rule_id=made.pk).count(), recorded("rule.edited")) == (1, 0)


def test_an_edit_is_the_next_version(house: House, made: Rule) -> None:
    made.edit(Definition("job", "job.left", options={"step": ""}, steps=(TELL, TELL)), by=house.ada)
    assert (made.version.number, made.version.by, recorded("rule.edited")) == (2, house.ada, 1)


def test_switched_to_what_it_is_keeps_its_instant(house: House, made: Rule) -> None:
    made.switch(Mode.ON, by=house.ada)
    with clock.at(MONDAY + timedelta(hours=1)):
        made.switch(Mode.ON, by=house.ada)
    assert (made.mode_at, recorded("rule.switched")) == (MONDAY, 1)


@pytest.mark.parametrize(("mode", "works"), [("off", False), ("shadow", True), ("propose", True), ("on", True)])
def test_which_modes_work(house: House, made: Rule, mode: str, works: bool) -> None:
    made.switch(Mode(mode), by=house.ada)
    assert made.is_working is works


def test_a_rule_about_customers_proposes_nothing(house: House) -> None:
    row = Rule.add("Told", Definition("person", "person.created", steps=(TELL,)), by=house.ada)
    with pytest.raises(Refused, match="leads"):
        row.switch(Mode.PROPOSE, by=house.ada)
    assert row.mode == Mode.SHADOW


def test_paused_twice_it_is_paused_once_for_the_first_reason(made: Rule) -> None:
    made.pause("It failed")
    made.pause("Again")
    assert (made.pause_reason, made.is_working, recorded("rule.paused")) == ("It failed", False, 1)


def test_switching_a_paused_rule_to_its_mode_has_it_go_on(house: House, made: Rule) -> None:
    Rule.objects.filter(pk=made.pk).update(failures=4)
    made.pause("It failed")
    made.switch(Mode.SHADOW, by=house.ada)
    assert (made.is_working, made.failures, made.pause_reason) == (True, 0, "")


def test_archived_it_is_off_and_restored_it_stays_off(house: House, made: Rule) -> None:
    made.switch(Mode.ON, by=house.ada)
    for _time in range(2):
        made.archive(by=house.ada)
    for _time in range(2):
        made.restore(by=house.ada)
    assert (made.mode, made.is_working) == (Mode.OFF, False)
    assert (recorded("rule.archived"), recorded("rule.restored")) == (1, 1)


def test_another_tenants_rules_are_not_there(cast: Cast, made: Rule) -> None:
    with use_tenant(cast.other.tenant):
        assert not Rule.objects.filter(pk=made.pk).exists()
        assert Rule.add("Told", MOVED, by=None).name == "Told"


@pytest.mark.parametrize(
    "definition",
    [
        MOVED,
        Definition(
            "job", "job.stands", span=Span(3, SpanUnit.WORKING_DAYS), before=True, at_hour=0, where="level=late"
        ),
        Definition("job", "job.round", weekdays=(0, 4), steps=(WaitStep(Span(2), ("answered", "called")), TELL)),
        Definition("job", "job.left", limit=RuleLimit(Once.DAYS, 7)),
    ],
)
def test_a_definition_is_read_as_it_was_stored(definition: Definition) -> None:
    assert Definition.from_json(definition.to_json()) == definition


def test_all_rules_are_switched_once(house: House) -> None:
    for on in (True, False, False, True):
        AutomationPolicy.switch(on, by=house.ada)
    assert (recorded("automation.switched_on"), recorded("automation.switched_off")) == (1, 1)
    assert automation_policy().is_on


def test_how_long_a_person_wins_is_set_once(house: House) -> None:
    for _time in range(2):
        AutomationPolicy.set_person_wins(48, by=house.ada)
    assert (automation_policy().person_wins_hours, recorded("automation.person_wins_set")) == (48, 1)


@pytest.mark.parametrize(
    ("high", "urgent", "is_refused"), [(5, 5, True), (5, 4, True), (5, 6, False), (None, 1, False)]
)
def test_urgent_comes_after_high(house: House, high: int | None, urgent: int, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(Refused, match="more points"):
            AutomationPolicy.set_thresholds(high, urgent, by=house.ada)
    else:
        AutomationPolicy.set_thresholds(high, urgent, by=house.ada)
    assert automation_policy().urgent_from == (None if is_refused else urgent)


def test_thresholds_that_are_so_record_nothing(house: House) -> None:
    AutomationPolicy.set_thresholds(5, None, by=house.ada)
    assert recorded("points.thresholds_set") == 0


@pytest.mark.parametrize("points", [0, 21, -21])
def test_points_count_and_not_too_much(house: House, points: int) -> None:
    row = PriorityPoint.add("Insurance", "claim=yes", 3, by=house.ada)
    for verb in (
        lambda: PriorityPoint.add("Other", "claim=yes", points, by=house.ada),
        lambda: row.weigh(points, by=house.ada),
    ):
        with pytest.raises(Refused, match="not 0"):
            verb()
    assert PriorityPoint.objects.get().points == 3


def test_points_are_weighed_once_and_removed(house: House) -> None:
    row = PriorityPoint.add("Insurance", "claim=yes", 3, by=house.ada)
    for _time in range(2):
        row.weigh(-20, by=house.ada)
    row.remove(by=house.ada)
    assert (recorded("points.weighed"), recorded("points.removed"), PriorityPoint.objects.count()) == (1, 1, 0)


def test_points_have_a_condition_and_are_some(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="condition"):
        PriorityPoint.add("All", "", 3, by=house.ada)
    monkeypatch.setattr("crm.automation.models.points.MOST", 0)
    with pytest.raises(Refused, match="at most"):
        PriorityPoint.add("Insurance", "claim=yes", 3, by=house.ada)


@pytest.mark.parametrize(
    ("span", "after"),
    [
        (Span(0), MONDAY),
        (Span(90, SpanUnit.MINUTES), MONDAY + timedelta(minutes=90)),
        (Span(25, SpanUnit.HOURS), MONDAY + timedelta(hours=25)),
        # The clocks go forward on Sunday: ten in the morning stays ten.
        (Span(7), MONDAY + timedelta(days=7) - timedelta(hours=1)),
        (Span(1, SpanUnit.WORKING_DAYS), MONDAY + timedelta(days=1)),
        (Span(5, SpanUnit.WORKING_DAYS), MONDAY + timedelta(days=7) - timedelta(hours=1)),
    ],
)
def test_so_long_after_by_the_calendar(house: House, span: Span, after: datetime) -> None:
    hours = directory().calendars[directory().default_calendar_id or 0]
    assert span.after(MONDAY, hours) == after


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (Span(2, SpanUnit.WORKING_MINUTES), 120),
        (Span(2, SpanUnit.WORKING_HOURS), 7200),
        (Span(2, SpanUnit.WORKING_DAYS), 2 * 8 * 3600),
        (Span(2), 2 * 86_400),
    ],
)
def test_without_a_calendar_working_time_passes_day_and_night(span: Span, seconds: int) -> None:
    assert span.after(MONDAY, None) - MONDAY == timedelta(seconds=seconds)
    assert MONDAY - span.before(MONDAY, None) == timedelta(seconds=seconds)


@pytest.mark.parametrize("unit", [SpanUnit.WORKING_HOURS, SpanUnit.WORKING_DAYS, SpanUnit.DAYS, SpanUnit.HOURS])
def test_so_long_before_and_after_is_where_it_began(house: House, unit: SpanUnit) -> None:
    hours = directory().calendars[directory().default_calendar_id or 0]
    back = Span(3, unit).before(MONDAY, hours)
    assert abs(Span(3, unit).after(back, hours) - MONDAY) <= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("span", "is_working", "words"),
    [
        (Span(1), False, "1 day"),
        (Span(2, SpanUnit.WORKING_HOURS), True, "2 working hours"),
        (Span(0, SpanUnit.WORKING_HOURS), False, "0 working hours"),
    ],
)
def test_a_span_in_words(span: Span, is_working: bool, words: str) -> None:
    assert (span.is_working, span.words()) == (is_working, words)


def test_rules_are_silent_for_a_customer_once(house: House) -> None:
    for _time in range(2):
        Silence.begin(house.cora, by=house.rita)
    assert Silence.objects.get().by == house.rita
    for _time in range(2):
        Silence.end(house.cora, by=house.rita)
    assert (recorded("person.rules_switched_off"), recorded("person.rules_switched_on")) == (1, 1)
