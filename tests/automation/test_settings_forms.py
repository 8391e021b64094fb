"""The forms around rules: switches, points, moves into a step, versions, runs; what each refuses and to whom."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crm.automation.definition import Definition
from crm.automation.models import AutomationPolicy, Mode, PriorityPoint, Rule, RuleRun, RunState, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.moves.settings import move_rows, set_move
from crm.automation.points.calibration import PointOutcome, suggested_weight
from crm.automation.points.views import _parse_points
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule
from tests.cast import Cast, House
from tests.followups.conftest import Browser

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TELL = do("tell", who="owner")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def ada(house: House) -> Browser:
    return Browser(house, house.ada)


@pytest.fixture
def made(house: House) -> Rule:
    return rule("job.opened", TELL, mode=Mode.SHADOW)


@pytest.fixture
def run(house: House, made: Rule) -> Callable[[str], RuleRun]:
    """A run of the rule in a state."""

    def put(state: str) -> RuleRun:
        row: RuleRun = RuleRun.objects.create(
            rule=made,
            version=made.version,
            record="job",
            record_id=house.job.pk,
            job_id=house.job.pk,
            key="k",
            state=state,
            next_at=MONDAY if state == RunState.WAITING else None,
        )
        return row

    return put


@pytest.mark.parametrize(("typed", "points"), [("3", 3), ("+3", 3), ("-2", -2), ("−2", -2), (" 20 ", 20), ("-20", -20)])
def test_points_are_typed_with_or_without_a_sign(typed: str, points: int) -> None:
    assert _parse_points(typed) == points


@pytest.mark.parametrize("typed", ["", "0", "-0", "21", "-21", "1.5", "many", "--2"])
def test_what_are_no_points_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not 0"):
        _parse_points(typed)


def outcome(won: int, lost: int) -> PointOutcome:
    return PointOutcome(won, lost)


def test_few_ended_leads_suggest_no_points() -> None:
    assert suggested_weight(outcome(1, 0), outcome(0, 1)) is None
    assert suggested_weight(outcome(0, 0), outcome(500, 500)) is None


def test_leads_won_as_often_suggest_no_points() -> None:
    assert suggested_weight(outcome(200, 200), outcome(300, 300)) is None


def test_leads_won_less_often_lose_points() -> None:
    better, worse = outcome(300, 100), outcome(100, 300)
    up, down = suggested_weight(better, worse), suggested_weight(worse, better)
    assert up is not None
    assert down is not None
    assert up > 0 > down
    assert up == -down


def test_the_usual_points_are_made_once(house: House, ada: Browser) -> None:
    for _time in range(2):
        ada.post("triggers/points/", {"do": "use:claim"})
    assert [(row.points, row.where) for row in PriorityPoint.objects.all()] == [(3, "claim=1")]


@pytest.mark.parametrize("typed", ["0", "many", "21"])
def test_points_weighed_wrongly_stay(house: House, ada: Browser, typed: str) -> None:
    row = PriorityPoint.add("Insurance", "claim=1", 3, by=house.ada)
    ada.post(f"triggers/points/{row.pk}/weigh/", {"points": typed})
    assert PriorityPoint.objects.get().points == 3


def test_points_are_weighed_and_removed_on_the_page(house: House, ada: Browser) -> None:
    row = PriorityPoint.add("Insurance", "claim=1", 3, by=house.ada)
    ada.post(f"triggers/points/{row.pk}/weigh/", {"points": "-4"})
    assert PriorityPoint.objects.get().points == -4
    ada.post(f"triggers/points/{row.pk}/remove/", {})
    assert not PriorityPoint.objects.exists()


@pytest.mark.parametrize("hours", ["-1", "721", "often", ""])
def test_a_person_wins_for_some_hours(ada: Browser, hours: str) -> None:
    ada.post("triggers/switches/person-wins/", {"hours": hours}, status=422)
    assert not AutomationPolicy.objects.exists()


@pytest.mark.parametrize("hours", ["0", "720"])
def test_a_person_wins_never_or_for_a_month(ada: Browser, hours: str) -> None:
    ada.post("triggers/switches/person-wins/", {"hours": hours})
    assert AutomationPolicy.objects.get().person_wins_hours == int(hours)


VERBS = ("switches/all/", "switches/person-wins/", "points/thresholds/")


@pytest.mark.parametrize("path", VERBS)
@pytest.mark.parametrize("name", ["mona", "sam", "rita"])
def test_only_an_administrator_switches_for_all(house: House, path: str, name: str) -> None:
    Browser(house, getattr(house, name)).post(f"triggers/{path}", {"to": "off", "hours": "1"}, status=404)
    assert automation_policy().is_on


@pytest.mark.parametrize("path", ["archive/", "restore/", "duplicate/", "on/", "versions/back/"])
def test_a_manager_changes_no_rule(house: House, made: Rule, path: str) -> None:
    Browser(house, house.mona).post(f"triggers/{made.uid}/{path}", {"number": "1"}, status=404)
    made.refresh_from_db()
    assert (made.mode, made.archived_at, Rule.objects.count()) == (Mode.SHADOW, None, 1)


@pytest.mark.parametrize("path", ["", "versions/", "on/", "archive/"])
def test_another_tenants_rule_is_not_found(cast: Cast, made: Rule, path: str) -> None:
    otto = Browser(cast.other, cast.otto)
    otto.post(f"triggers/{made.uid}/{path}", {}, status=404)
    made.refresh_from_db()
    assert made.archived_at is None


def test_another_tenants_customer_is_not_silenced(cast: Cast, house: House, ada: Browser) -> None:
    ada.post(f"triggers/people/{cast.other.cora.uid}/silence/", {"to": "off"}, status=404)
    assert not Silence.objects.exists()


def test_a_customer_who_is_there_is_silenced_once(house: House, ada: Browser) -> None:
    nora = Person.objects.create(name="Nora")
    nora.refresh_from_db()
    for _time in range(2):
        ada.post(f"triggers/people/{nora.uid}/silence/", {"to": "off"})
    assert [row.person for row in Silence.objects.all()] == [nora]


@pytest.mark.parametrize("number", ["", "x", "0", "9"])
def test_there_is_no_way_back_to_a_version_that_never_was(ada: Browser, made: Rule, number: str) -> None:
    ada.post(f"triggers/{made.uid}/versions/back/", {"number": number}, status=404)


def test_the_way_back_makes_a_new_version_of_the_old(house: House, ada: Browser, made: Rule) -> None:
    first = made.version.definition
    made.edit(Definition("job", "job.opened", steps=(TELL, TELL)), by=house.ada)
    ada.post(f"triggers/{made.uid}/versions/back/", {"number": "1"})
    made.refresh_from_db()
    assert (made.version.number, made.version.definition) == (3, first)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED, RunState.SKIPPED, RunState.STOPPED])
def test_what_does_not_wait_is_not_stopped(ada: Browser, run: Any, state: str) -> None:
    row = run(state)
    ada.post(f"triggers/log/{row.pk}/stop/", {})
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("state", [RunState.DONE, RunState.WAITING, RunState.SKIPPED, RunState.STOPPED])
def test_what_did_not_fail_is_not_tried_again(ada: Browser, run: Any, state: str) -> None:
    row = run(state)
    ada.post(f"triggers/log/{row.pk}/retry/", {})
    row.refresh_from_db()
    assert row.state == state


def test_a_run_that_waits_is_stopped_once(ada: Browser, run: Any) -> None:
    row = run(RunState.WAITING)
    for _time in range(2):
        ada.post(f"triggers/log/{row.pk}/stop/", {})
    row.refresh_from_db()
    assert (row.state, row.next_at) == (RunState.STOPPED, None)


def test_a_manager_stops_no_run(house: House, run: Any) -> None:
    row = run(RunState.WAITING)
    Browser(house, house.mona).post(f"triggers/log/{row.pk}/stop/", {}, status=404)
    row.refresh_from_db()
    assert row.state == RunState.WAITING


@pytest.fixture
def cause(house: House) -> str:
    """A cause that moves leads into a step."""
    return move_rows(house.stage("Reached"))[0].key


def test_a_cause_moves_leads_into_a_step_by_one_rule(house: House, cause: str) -> None:
    stage = house.stage("Reached")
    changed = [set_move(stage, cause, mode, by=house.ada) for mode in (Mode.OFF, Mode.ON, Mode.ON, Mode.PROPOSE)]
    assert (changed, Rule.objects.get().mode) == ([False, True, False, True], Mode.PROPOSE)


def test_a_cause_is_of_its_step(house: House, cause: str) -> None:
    set_move(house.stage("Reached"), cause, Mode.ON, by=house.ada)
    modes = [
        next(row.mode for row in move_rows(house.stage(name)) if row.key == cause) for name in ("Reached", "Scheduled")
    ]
    assert modes == ["on", "off"]


@pytest.mark.parametrize(("key", "mode"), [("nonesuch", Mode.ON), ("", Mode.SHADOW)])
def test_a_cause_or_mode_that_is_none_is_refused(house: House, cause: str, key: str, mode: Mode) -> None:
    with pytest.raises(Refused, match="from the list"):
        set_move(house.stage("Reached"), key or cause, mode, by=house.ada)


def test_nothing_moves_into_a_step_that_is_gone(house: House, cause: str) -> None:
    stage = house.stage("Reached")
    stage.archived_at = MONDAY
    with pytest.raises(Refused, match="no longer exists"):
        set_move(stage, cause, Mode.ON, by=house.ada)
