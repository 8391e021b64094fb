"""The team's hours: against counted minutes and working hours, who may see them, and moving work."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp
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


def present_state(house: Any, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        return FollowUp.objects.get(pk=follow_up.pk)


@pytest.mark.parametrize(("day", "to"), [("2026-11-27", "rita"), ("2026-11-25", "mona"), ("2026-11-27", "mona")])
def test_work_is_moved_to_another_day_or_member(house: Any, planned: Any, as_member: Any, day: str, to: str) -> None:
    follow_up = planned()
    member = getattr(house, to)
    data = {"version": follow_up.version, "day": day, "member": member.uid}
    as_member("mona").post(f"followups/{follow_up.uid}/rebalance/", data)
    after = present_state(house, follow_up)
    assert after.assignee_id == member.pk
    assert after.due_at == datetime.fromisoformat(f"{day}T19:00:00+00:00"), "its own time of day"


def test_a_stale_move_is_refused(house: Any, planned: Any, as_member: Any) -> None:
    follow_up = planned()
    path = f"followups/{follow_up.uid}/rebalance/"
    data = {"version": follow_up.version, "day": "2026-11-27", "member": house.rita.uid}
    mona = as_member("mona")
    mona.post(path, data)
    mona.post(path, data | {"day": "2026-11-30", "member": house.mona.uid}, status=409)
    assert present_state(house, follow_up).assignee_id == house.rita.pk


def test_spread_and_share_out_start_the_bulk_acts(house: Any, planned: Any, as_member: Any) -> None:
    planned()
    planned(assignee=None)
    mona = as_member("mona")
    page = mona.get(f"followups/team/?{urlencode({'open': house.rita.uid})}")
    assert "Spread" in page
    assert "Share them out" in page
    response = mona.client.get(f"{mona.prefix}followups/team/")
    hers = next(line for line in response.context["lines"] if line["member"] == house.rita)
    for act, line in (("assign", response.context["unowned"]), ("reschedule", hers)):
        data = {"list": "followups", "all": "1", "view": line["view"], "act": act}
        assert "/followups/bulk/" in mona.post("followups/bulk/", data).url
