"""The team's hours: against counted minutes and working hours, who may see them, and moving work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from crm.kernel import clock
from crm.platform.models import Member, Team, TeamMember
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp
from followups.team.load_bar import build_bar
from followups.team.moves import move_choices
from followups.workload.day_load import DayLoad, TeamMemberDays, team_loads, unowned_load, working_days
from tests.followups.conftest import NOON


def loads_of(house: Any) -> tuple[dict[str, TeamMemberDays], tuple[int, int]]:
    with use_tenant(house.tenant):
        reader = Reader.of(house.mona, clock.now())
        loads = team_loads(working_days(reader.today), reader.zone, FollowUp.objects.all())
        return {load.member.name: load for load in loads}, unowned_load(FollowUp.objects.all())


def test_hours_are_the_minutes_of_the_types_on_the_readers_day(house: Any, planned: Any) -> None:
    midnight = (datetime(2026, 11, 26, 5, tzinfo=UTC) - NOON) / timedelta(hours=1)
    planned(hours=1)
    planned(hours=midnight - 0.01)
    planned(hours=midnight)
    planned(hours=2, assignee=None)
    loads, unowned = loads_of(house)
    call = loads["Rita Rep"].days[1].planned
    assert call > 0
    assert [one.planned for one in loads["Rita Rep"].days[:3]] == [2 * call, call, 0]
    assert unowned == (1, call)
    assert loads["Mona Manager"].planned == 0


@pytest.mark.parametrize(
    ("planned_minutes", "capacity", "states"),
    [
        (84, 100, (False, False, False)),
        (85, 100, (True, False, False)),
        (101, 100, (False, True, False)),
        (0, 0, (False, False, True)),
        (5, 0, (False, True, True)),
    ],
)
def test_how_full_a_day_is(planned_minutes: int, capacity: int, states: tuple[bool, bool, bool]) -> None:
    load = DayLoad(NOON.date(), capacity, movable=planned_minutes)
    assert (load.is_nearly_full, load.is_over, load.is_off) == states


def test_a_number_opens_the_list_of_that_day(house: Any, planned: Any, as_member: Any) -> None:
    planned(hours=1)
    planned(hours=2)
    planned(hours=26)
    response = as_member("mona").client.get(f"/{house.tenant.slug}/followups/team/?open={house.rita.uid}")
    (line,) = (one for one in response.context["lines"] if one["member"] == house.rita)
    for cell in line["cells"]:
        with use_tenant(house.tenant):
            filters = FOLLOW_UPS.read(QueryDict(cell["url"].partition("?")[2]), house.mona)
            assert FOLLOW_UPS.apply(filters, house.mona).count() == cell["count"]
    assert [cell["count"] for cell in line["cells"]][:2] == [2, 1]


def test_reps_find_neither_the_page_nor_its_tab(house: Any, planned: Any, as_member: Any) -> None:
    follow_up = planned()
    rita = as_member("rita")
    for path in ("followups/team/", f"followups/{follow_up.uid}/rebalance/"):
        assert rita.client.get(rita.prefix + path).status_code in (403, 404)
    assert "followups/team/" not in rita.get("followups/")
    assert "followups/team/" in as_member("mona").get("followups/")


def test_share_out_starts_the_bulk_act(house: Any, planned: Any, as_member: Any) -> None:
    planned(assignee=None)
    mona = as_member("mona")
    response = mona.client.get(f"{mona.prefix}followups/team/")
    assert "Share them out" in response.content.decode()
    data = {"list": "followups", "all": "1", "view": response.context["unowned"]["view"], "act": "assign"}
    assert "/followups/bulk/" in mona.post("followups/bulk/", data).url


@pytest.mark.parametrize(
    ("fixed", "movable", "capacity", "bar"),
    [
        (120, 240, 480, (25, 50, 0, 100)),
        (240, 360, 480, (50, 50, 25, 100)),
        (600, 0, 480, (100, 0, 25, 100)),
        (0, 60, 0, (0, 0, 12, 0)),
    ],
)
def test_what_does_not_fit_is_too_much(fixed: int, movable: int, capacity: int, bar: tuple[int, ...]) -> None:
    load = DayLoad(NOON.date(), capacity, fixed=fixed, movable=movable)
    assert tuple(build_bar(load, 480)) == bar


def test_the_panel_lists_the_work_of_a_day(house: Any, planned: Any, as_member: Any) -> None:
    first = planned("Ask about the roof", hours=1)
    planned("Another day", hours=26)
    with use_tenant(house.tenant):
        first.note("She is in after five", by=house.rita)
    mona = as_member("mona")
    opened = f"{mona.prefix}followups/team/?open={house.rita.uid}"
    panel = mona.client.get(f"{opened}&on=2026-11-25").context["panel"]
    assert [slot["subject"] for day in panel["days"] for slot in day["entries"]] == ["Ask about the roof"]
    assert "She is in after five" in mona.get(f"followups/team/?open={house.rita.uid}")
    assert len(mona.client.get(opened).context["panel"]["days"]) == 6


def test_a_team_is_shown_alone(house: Any, planned: Any, as_member: Any) -> None:
    with use_tenant(house.tenant):
        team = Team.objects.create(name="Tampa")
        TeamMember.objects.create(team=team, member=house.rita)
        configuration_changed(house.tenant.pk)
    mona = as_member("mona")
    response = mona.client.get(f"{mona.prefix}followups/team/?team={team.uid}")
    assert [line["member"] for line in response.context["lines"]] == [house.rita]


def test_the_menu_offers_days_and_members_with_room(house: Any, planned: Any, as_member: Any) -> None:
    follow_up = planned()
    mona = as_member("mona")
    response = mona.post(f"followups/{follow_up.uid}/rebalance/", {"do": "menu"}, status=200, htmx=True)
    menu = response.content.decode()
    assert f'value="2026-11-27 {house.rita.uid}"' in menu
    to = f"2026-11-25 {house.mona.uid}"
    assert f'value="{to}"' in menu


def test_a_full_day_is_not_offered() -> None:
    rita, mona = Member(pk=1), Member(pk=2)
    today, tomorrow = NOON.date(), NOON.date() + timedelta(days=1)
    loads = [
        TeamMemberDays(rita, [DayLoad(today, 480), DayLoad(tomorrow, 480, movable=470)]),
        TeamMemberDays(mona, [DayLoad(today, 480, fixed=465), DayLoad(tomorrow, 480)]),
    ]
    choices = move_choices(loads, rita.pk, str(today), 15, first=today)
    assert [(choice.member, choice.day, choice.planned) for choice in choices] == [(mona, today, 480)]
