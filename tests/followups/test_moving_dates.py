"""A follow-up planned before a date moves with the date, goes when it is cleared, and is planned once for each date."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.automation.span import Span
from crm.jobs.correction import entitle, fill_in
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.automation.rules import do, rule, work
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
FIRES = datetime(2026, 3, 7, 14, 0, tzinfo=UTC)
CALL = {"kind": "call", "title": "Renew it", "who": "owner", "count": 2, "unit": "days", "priority": 2}
SetDate = Callable[[str], None]


@pytest.fixture
def set_date(cast: Cast) -> Iterator[SetDate]:
    """Fill in the passport date of the lead; a rule plans a follow-up five days before it."""
    house = cast.house
    with use_tenant(house.tenant), clock.at(MONDAY):
        field = OwnField.add("Passport ends", kind="date", by=None)
        options = {"field": field.key}
        rule("job.own_date", do("followup.plan", **CALL), span=Span(5), before=True, options=options)

        def fill(day: str) -> None:
            fill_in(Job.objects.get(pk=house.job.pk), field, day, by=house.rita)
            work()

        fill("2026-03-12")
        work(FIRES)
        yield fill


def _days() -> list[tuple[str, date]]:
    return [(row.status, row.due_at.date()) for row in FollowUp.objects.order_by("pk")]


def test_it_is_planned_before_the_date(set_date: SetDate) -> None:
    assert _days() == [("pending", date(2026, 3, 9))]


def test_it_moves_with_the_date_and_is_not_planned_twice(set_date: SetDate) -> None:
    with clock.at(FIRES):
        set_date("2026-04-20")
    assert _days() == [("pending", date(2026, 4, 17))]
    work(datetime(2026, 4, 16, tzinfo=UTC))
    assert _days() == [("pending", date(2026, 4, 17))]


def test_it_moves_as_often_as_the_date_and_back_again(set_date: SetDate) -> None:
    with clock.at(FIRES):
        for day in ("2026-04-20", "2026-05-21", "2026-03-12"):
            set_date(day)
            due = FollowUp.objects.get().due_at
            assert due.date() == date.fromisoformat(day) - timedelta(3), day


def test_a_time_that_a_member_chose_stays_until_the_date_moves(set_date: SetDate, cast: Cast) -> None:
    chosen = datetime(2026, 4, 1, 15, tzinfo=UTC)
    with clock.at(FIRES):
        for day in ("", "2026-04-20"):
            if day:
                set_date(day)
            FollowUp.objects.get().reschedule(chosen, by=cast.house.rita)
            entitle(Job.objects.get(pk=cast.house.job.pk), f"New title {day}", by=cast.house.rita)
            work()
            assert FollowUp.objects.get().due_at == chosen


def test_it_is_cancelled_when_the_date_is_cleared_and_comes_with_another_date(set_date: SetDate) -> None:
    with clock.at(FIRES):
        set_date("")
        assert _days() == [("cancelled", date(2026, 3, 9))]
        set_date("2026-04-20")
    work(datetime(2026, 4, 16, tzinfo=UTC))
    assert [status for status, _day in _days()] == ["cancelled", "pending"]


def test_a_completed_one_stays_and_the_next_date_brings_another(set_date: SetDate, cast: Cast) -> None:
    with clock.at(FIRES):
        FollowUp.objects.get().complete("successful", by=cast.house.rita)
        set_date("2026-04-20")
    work(datetime(2026, 4, 16, tzinfo=UTC))
    assert [status for status, _day in _days()] == ["completed", "pending"]
