"""The plan of the team page: nothing is moved before it is saved, old and new hours stand side by side, one undo."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from followups.bulk.spread import SpreadItem, SpreadRefusal, spread_among
from followups.bulk.work_days import WorkDay
from followups.models import FollowUp
from followups.team.plan import PlannedMove, TeamPlan, loads_after
from followups.team.plan_saving import save_plan
from followups.workload.day_load import team_loads, working_days

ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 11, 30, 9, tzinfo=UTC)


def present_state(house: Any, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        row: FollowUp = FollowUp.objects.get(pk=follow_up.pk)
        return row


@pytest.fixture
def mona(as_member: Any) -> Any:
    return as_member("mona")


@pytest.fixture
def move(house: Any, mona: Any) -> Callable[..., Any]:
    """Add a move to the plan of Mona's page, which has Rita's work open; returns the response."""

    def post(follow_up: FollowUp, day: str, to: str = "rita", *, status: int = 200, **more: Any) -> Any:
        data = {
            "version": follow_up.version,
            "day": day,
            "member": getattr(house, to).uid,
            "next": f"/{house.tenant.slug}/followups/team/?open={house.rita.uid}",
        }
        return mona.post(f"followups/{follow_up.uid}/rebalance/", data | more, status=status)

    return post


@pytest.fixture
def act(house: Any, mona: Any) -> Callable[..., Any]:
    """Act on the plan of that page; returns the response."""

    def post(do: str, *, status: int = 200, **more: Any) -> Any:
        data = {"do": do, "next": f"/{house.tenant.slug}/followups/team/?open={house.rita.uid}"}
        return mona.post("followups/team/plan/", data | more, status=status)

    return post


def moves_of(response: Any) -> list[str]:
    return [line["value"] for line in response.context["plan"]["lines"]]


@pytest.mark.parametrize(("day", "to"), [("2026-11-27", "rita"), ("2026-11-25", "mona"), ("2026-11-27", "mona")])
def test_a_move_is_saved_with_the_plan_and_not_before(
    house: Any, planned: Any, move: Any, act: Any, day: str, to: str
) -> None:
    follow_up = planned()
    shown = move(follow_up, day, to)
    assert present_state(house, follow_up).version == follow_up.version
    act("save", status=302, move=moves_of(shown))
    after = present_state(house, follow_up)
    assert after.assignee_id == getattr(house, to).pk
    assert after.due_at == datetime.fromisoformat(f"{day}T19:00:00+00:00"), "its own time of day"


def test_old_and_new_hours_stand_in_the_cells(house: Any, planned: Any, move: Any) -> None:
    follow_up = planned(own_minutes=60)
    response = move(follow_up, "2026-11-27", "mona")
    cells = {line["member"]: line["cells"] for line in response.context["lines"]}
    assert [(cell["planned"], cell["after"]) for cell in cells[house.rita][:3]] == [
        ("1h", "0m"),
        ("0m", ""),
        ("0m", ""),
    ]
    assert [cell["after"] for cell in cells[house.mona][:3]] == ["", "", "1h"]
    assert "becomes" in response.content.decode()
    assert response.context["plan"]["later"] == "2.0"


def test_a_plan_takes_further_moves_and_gives_them_up_again(planned: Any, move: Any, act: Any) -> None:
    first, second = planned("First"), planned("Second", hours=5)
    one = moves_of(move(first, "2026-11-27"))
    both = moves_of(move(second, "2026-11-27", move=one))
    assert len(both) == 2
    assert moves_of(act("show", move=both[:1])) == both[:1]
    assert moves_of(move(first, "2026-11-25", move=both)) == both[1:], "back to its own day"


def test_one_undo_takes_the_whole_plan_back(house: Any, planned: Any, move: Any, act: Any, mona: Any) -> None:
    first, second = planned("First"), planned("Second", hours=5)
    both = moves_of(move(second, "2026-11-27", "mona", move=moves_of(move(first, "2026-11-30"))))
    act("save", status=302, move=both)
    with use_tenant(house.tenant):
        change = Change.objects.get()
    mona.post(f"undo/{change.uid}/", {})
    for before in (first, second):
        after = present_state(house, before)
        assert (after.due_at, after.assignee_id) == (before.due_at, before.assignee_id)


def test_what_changed_meanwhile_stays_and_the_rest_is_moved(
    house: Any, planned: Any, move: Any, act: Any, mona: Any
) -> None:
    first, second = planned("First"), planned("Second", hours=5)
    both = moves_of(move(second, "2026-11-27", move=moves_of(move(first, "2026-11-27"))))
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=first.pk).prioritize(1, by=house.rita)
    act("save", status=302, move=both)
    page = mona.get("followups/team/")
    assert "Moved 1 follow-up. 1 was changed by somebody in the meantime and stays." in page
    assert present_state(house, first).due_at == first.due_at
    assert present_state(house, second).due_at != second.due_at


def test_a_stale_or_past_move_is_no_part_of_the_plan(house: Any, planned: Any, move: Any) -> None:
    follow_up = planned()
    assert move(follow_up, "2026-11-24", status=422).context["plan"]["lines"] == []
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=follow_up.pk).prioritize(1, by=house.rita)
    assert move(follow_up, "2026-11-27", status=409).context["plan"]["lines"] == []


def test_a_plan_takes_nothing_malformed_or_closed(house: Any, planned: Any, act: Any) -> None:
    follow_up = planned()
    value = f"{follow_up.pk} 1 {house.rita.uid} 2026-11-30T15:00:00+00:00"
    wrong = ["x", "1 2 3", f"{follow_up.pk} 1 {house.rita.uid} soon", value.replace("+00:00", ""), f"-{value}"]
    assert moves_of(act("show", move=[*wrong, value])) == [value]
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=follow_up.pk).cancel(by=house.rita)
    assert moves_of(act("show", move=[value])) == []


def test_a_time_that_passed_meanwhile_is_not_saved(house: Any, planned: Any) -> None:
    follow_up = planned()
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(hours=3)):
        saved = save_plan([PlannedMove(follow_up, 1, house.rita, clock.now() - timedelta(hours=1))], by=house.mona)
    assert (saved.moved, saved.past) == (0, 1)
    assert present_state(house, follow_up).due_at == follow_up.due_at


def test_reps_have_no_plan(as_member: Any) -> None:
    as_member("rita").post("followups/team/plan/", {"do": "save"}, status=404)


def test_a_spread_is_shown_with_what_it_leaves(house: Any, planned: Any, act: Any) -> None:
    for nth in range(4):
        planned(f"Call {nth}", hours=1 + nth / 4, own_minutes=120)
    promised = planned("Promised", hours=1, own_minutes=120)
    with use_tenant(house.tenant):
        FollowUp.objects.filter(pk=promised.pk).update(limit_at=clock.now() + timedelta(minutes=1))
    response = act("spread", over="3", most="2", **{"with": ""})
    plan = response.context["plan"]
    assert len(plan["lines"]) == 2
    assert {line["after"].partition(", ")[0] for line in plan["lines"]} == {"tomorrow", "Fri"}
    assert plan["fullest"] == "6h", "today, with what it leaves there"
    assert "Promised" in {line["subject"] for line in plan["left"]}
    assert present_state(house, promised).version == promised.version


def test_a_spread_to_others_gives_them_a_part(house: Any, planned: Any, act: Any) -> None:
    for nth in range(4):
        planned(f"Call {nth}", hours=1 + nth / 4, own_minutes=120)
    response = act("spread", over="1", most="4", **{"with": str(house.mona.uid)})
    assert [line["after"] for line in response.context["plan"]["lines"]] == ["today, Mona", "today, Mona"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"over": "0"}, "between 1 and 30"), ({"most": "many"}, "how many hours"), ({"most": "NaN"}, "how many hours")],
)
def test_a_wrong_spread_says_so(planned: Any, act: Any, wrong: dict[str, str], sentence: str) -> None:
    planned()
    page = act("spread", status=422, **({"over": "3", "most": "", "with": ""} | wrong)).content.decode()
    assert sentence in page


def test_the_menu_counts_with_the_plan(house: Any, planned: Any, move: Any, mona: Any) -> None:
    first, second = planned("First", own_minutes=450), planned("Second", hours=5, own_minutes=120)
    value = moves_of(move(first, "2026-11-27", "mona"))[0]
    choice = f'value="2026-11-27 {house.mona.uid}"'
    path = f"followups/{second.uid}/rebalance/"
    response = mona.post(path, {"do": "menu", "move": value}, status=200, htmx=True)
    assert choice not in response.content.decode()
    assert value in response.content.decode()


def test_saving_costs_as_many_statements_for_two_as_for_ten(house: Any, planned: Any) -> None:
    costs = []
    for size in (2, 10):
        rows = [planned(f"Call {nth}", hours=1 + nth / 10) for nth in range(size)]
        with use_tenant(house.tenant):
            moves = [PlannedMove(row, 1, house.mona, row.due_at + timedelta(days=2)) for row in rows]
            with CaptureQueriesContext(connection) as captured:
                save_plan(moves, by=house.mona)
        costs.append(len(captured))
    assert costs[1] <= costs[0]


def test_hours_after_a_plan_are_of_both_days(house: Any, planned: Any) -> None:
    follow_up = planned(own_minutes=60)
    with use_tenant(house.tenant):
        days = working_days(clock.now().date())
        loads = team_loads(days, ZONE, FollowUp.objects.all())
        plan = TeamPlan()
        plan.add(PlannedMove(follow_up, 1, house.mona, follow_up.due_at))
        after = loads_after(loads, plan.moves, ZONE)
    assert (after[house.rita.pk, days[0]].planned, after[house.mona.pk, days[0]].planned) == (0, 60)


def test_days_of_several_members_are_filled_by_day_and_the_owner_first() -> None:
    def day(nth: int, hours: int) -> WorkDay:
        start = START + timedelta(days=nth)
        return WorkDay(start.date(), [(start, start + timedelta(hours=hours))])

    items = [SpreadItem(pk, 1, 60, (3, START, pk)) for pk in range(5)]
    places = spread_among(items, {1: [day(0, 1), day(1, 1)], 2: [day(0, 1), day(1, 1)]}, 1)
    members = [place[0] for place in places.values() if not isinstance(place, SpreadRefusal)]
    assert members == [1, 2, 1, 2]
    assert places[4] == SpreadRefusal.ROOM


def test_without_scripts_the_menu_is_the_page_of_the_follow_up(planned: Any, mona: Any) -> None:
    follow_up = planned("Ring the mason")
    assert "Reschedule" in mona.get(f"followups/{follow_up.uid}/rebalance/")
