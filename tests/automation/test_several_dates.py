"""Of several dates of one lead each fires: the next one is planned when one has come, without an event in between."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.automation.models import RuleRun, RuleTimer
from crm.automation.span import Span
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from service.models import Asset
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
DAY = timedelta(days=1)
TELL = do("tell", who="owner")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def appointments(house: House) -> list[datetime]:
    kind = AppointmentType.add("Inspection", by=None)
    days = [MONDAY + 2 * DAY, MONDAY + 4 * DAY]
    for at in days:
        Appointment.book(house.job, kind, at, [house.rita], by=house.rita)
    return [at - DAY for at in days]


def warranties(house: House) -> list[datetime]:
    for name, day in (("Roof", date(2026, 3, 12)), ("Gutters", date(2026, 3, 12)), ("Vents", date(2026, 3, 20))):
        Asset.register(house.job, name, by=house.sam, warranty_until=day)
    # Nine in the morning in New York, after the clock is put forward on the 8th.
    return [datetime(2026, 3, day, 13, tzinfo=UTC) for day in (11, 11, 19)]


def follow_ups(house: House) -> list[datetime]:
    for days in (3, 5):
        plan: Any = {"kind": "call", "subject": "Call", "due_at": MONDAY + days * DAY, "by": house.rita}
        FollowUp.plan(**plan, job=house.job, assignee=house.rita)
    return [MONDAY + 2 * DAY, MONDAY + 4 * DAY]


@pytest.mark.parametrize(
    ("trigger", "several"),
    [("job.appointment", appointments), ("job.warranty_ends", warranties), ("job.next_step", follow_ups)],
)
def test_the_next_of_several_dates_waits_when_one_has_come(house: House, trigger: str, several: object) -> None:
    assert callable(several)
    rule(trigger, TELL, span=Span(1), before=True)
    expected = several(house)
    work(MONDAY)
    for at in sorted(set(expected)):
        assert RuleTimer.objects.get().at == at
        work(at)
    assert not RuleTimer.objects.exists()
    assert RuleRun.objects.count() == len(expected)
    assert set(RuleRun.objects.values_list("state", flat=True)) == {"done"}
