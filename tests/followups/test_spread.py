"""Spreading over working days: the most urgent first, no day overfull, never past what was promised."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.models.assignment import Absence
from crm.kernel import clock
from crm.platform.models import BusinessCalendar, ClosingDay
from crm.platform.tenancy.context import use_tenant
from followups.bulk.spread import SpreadItem, SpreadRefusal, spread_items
from followups.bulk.work_days import WorkDay, add_work_days, list_work_days
from followups.models import FollowUp
from tests.cast import Cast, House

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def days(*hours: float, planned: int = 0) -> list[WorkDay]:
    mornings = [START + timedelta(days=number) for number in range(len(hours))]
    stretches = [[(start, start + timedelta(hours=length))] for start, length in zip(mornings, hours, strict=True)]
    return [WorkDay(start.date(), free, planned) for start, free in zip(mornings, stretches, strict=True)]


def item(pk: int, minutes: int = 30, *, priority: int = 3, limit: datetime | None = None) -> SpreadItem:
    return SpreadItem(pk, 1, minutes, (priority, START, pk), limit)


def day_numbers(times: dict[int, Any]) -> dict[int, int]:
    return {pk: (at - START).days for pk, at in times.items() if isinstance(at, datetime)}


def test_they_are_shared_out_evenly_one_after_the_other() -> None:
    times = spread_items([item(pk) for pk in range(6)], {1: days(8, 8, 8)})
    assert day_numbers(times) == {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2}
    assert times[1] == START + timedelta(minutes=30)


def test_the_most_urgent_come_first() -> None:
    times = spread_items([item(1), item(2, priority=1), item(3, priority=2)], {1: days(1, 1, 1)})
    assert sorted(times, key=lambda pk: str(times[pk])) == [2, 3, 1]


def test_a_day_that_is_full_takes_no_more() -> None:
    work_days = days(1, 8)
    times = spread_items([item(pk, 60) for pk in range(4)], {1: work_days})
    assert list(day_numbers(times).values()).count(0) == 1
    assert all(day.room_minutes >= 0 for day in work_days)


def test_what_is_planned_already_takes_its_time() -> None:
    work_days = days(1, 1, planned=45)
    assert spread_items([item(1, 30)], {1: work_days}) == {1: SpreadRefusal.ROOM}
    assert isinstance(spread_items([item(1, 15)], {1: work_days})[1], datetime)


def test_what_is_promised_is_never_later() -> None:
    limit = START + timedelta(hours=2)
    items = [*(item(pk, priority=1) for pk in range(8)), item(9, priority=4, limit=limit)]
    times = spread_items(items, {1: days(8, 8, 8, 8)})
    assert times[9] <= limit
    assert spread_items([item(1, limit=START - timedelta(hours=1))], {1: days(8)}) == {1: SpreadRefusal.LIMIT}


@pytest.fixture
def house(cast: Cast) -> Any:
    with use_tenant(cast.house.tenant), clock.at(datetime(2026, 11, 25, 15, tzinfo=UTC)):
        yield cast.house


def work_days(house: House, count: int = 3, **more: Any) -> list[WorkDay]:
    return list_work_days([house.rita.pk], clock.now(), count, besides=(), **more)[house.rita.pk]


def test_holidays_and_weekends_are_no_working_days(house: House) -> None:
    ClosingDay.objects.create(calendar=BusinessCalendar.objects.get(), day=date(2026, 11, 26), name="Thanksgiving")
    assert [one.day.day for one in work_days(house)] == [25, 27, 30]
    assert work_days(house)[0].free[0][0] == datetime(2026, 11, 25, 15, 5, tzinfo=UTC), "today begins now"
    moved = add_work_days(clock.now(), 1, house.rita.pk)
    assert moved == datetime(2026, 11, 27, 10, 0, tzinfo=NEW_YORK)


def test_days_of_an_absence_are_left_out(house: House) -> None:
    away = {"starts_at": datetime(2026, 11, 25, 5, tzinfo=UTC), "ends_at": datetime(2026, 11, 28, 5, tzinfo=UTC)}
    Absence.objects.create(member=house.rita, **away)
    assert [one.day.day for one in work_days(house, 1)] == [30]


def test_a_day_has_no_more_hours_than_asked_for(house: House) -> None:
    FollowUp.plan(
        kind="call", subject="Call", due_at=clock.now() + timedelta(days=1), assignee=house.rita, by=house.rita
    )
    assert [one.room_minutes for one in work_days(house, 2, most=60)] == [60, 45]


def test_hours_keep_their_clock_time_when_the_clocks_change(house: House) -> None:
    # Clocks go back on Sunday, November 1, 2026.
    friday = datetime(2026, 10, 30, 9, 30, tzinfo=NEW_YORK)
    assert add_work_days(friday, 1, house.rita.pk) == datetime(2026, 11, 2, 9, 30, tzinfo=NEW_YORK)
    with clock.at(friday):
        second = work_days(house, 2)[1]
    assert second.free[0][0].astimezone(NEW_YORK).hour == 8
    assert (second.capacity_minutes, second.free[0][0].utcoffset()) == (9 * 60, timedelta())
    assert second.next_start() == datetime(2026, 11, 2, 13, tzinfo=UTC)


def test_a_member_without_days_gets_nothing(house: House) -> None:
    Absence.objects.create(member=house.rita, starts_at=datetime(2026, 11, 25, 5, tzinfo=UTC))
    assert work_days(house) == []
    assert spread_items([item(1)._replace(member_id=house.rita.pk)], {house.rita.pk: []}) == {1: SpreadRefusal.ROOM}
