"""Another time zone moves what days and hours of the day decide, and it is said from when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.automation.definition import WaitStep
from crm.automation.models import RuleRun, RuleTimer
from crm.automation.span import Span, SpanUnit
from crm.kernel import clock
from crm.platform.models import BusinessCalendar, Due
from crm.platform.tenancy.context import use_tenant
from service.models import Asset
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House
from tests.followups.preset_acts import adds_passport

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
DAY = timedelta(days=1)
TELL = do("tell", who="owner")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def test_another_time_zone_moves_days_and_hours_and_says_so(house: House) -> None:
    rule("job.warranty_ends", TELL, span=Span(1), before=True, name="Day")
    rule("job.stays", TELL, options={"step": ""}, span=Span(3), at_hour=9, name="Hour")
    rule("job.stays", TELL, options={"step": ""}, span=Span(72, SpanUnit.HOURS), name="Hours pass")
    house.job.move_to(house.stage("Reached"), by=house.rita)  # at ten; the cast's lead came in at any hour
    Asset.register(house.job, "Roof", by=house.sam, warranty_until=date(2026, 3, 5))
    work(MONDAY)
    before = dict(RuleTimer.objects.values_list("rule__name", "at"))
    calendar = BusinessCalendar.objects.get(is_default=True)
    calendar.change_hours(time_zone="America/Los_Angeles", by=house.ada)
    work(MONDAY)
    after = {timer.rule.name: timer for timer in RuleTimer.objects.select_related("rule")}
    assert {name: timer.at - before[name] for name, timer in after.items()} == {
        "Day": timedelta(hours=3),
        # Ten in New York is past nine; seven in Los Angeles is not, so it is a day less, and three hours more.
        "Hour": timedelta(hours=-21),
        "Hours pass": timedelta(),
    }
    assert {name: timer.was_at for name, timer in after.items()} == before | {"Hours pass": None}
    calendar.change_hours(time_zone="America/New_York", by=house.ada)
    work(MONDAY)
    assert dict(RuleTimer.objects.values_list("rule__name", "at")) == before


def test_another_time_zone_of_the_organization_moves_what_counts_by_its_clock(house: House) -> None:
    rule("job.round", TELL, weekdays=(1,), at_hour=8, name="Round")
    rule("document.expires", TELL, record="document", span=Span(1), before=True, name="Expiry")
    adds_passport(house)
    work(MONDAY)

    def planned() -> tuple[datetime, datetime]:
        return Due.objects.get(kind="automation.round").due_at, RuleTimer.objects.get().at

    before = planned()
    house.tenant.edit(time_zone="America/Los_Angeles", by=house.ada)
    work(MONDAY)
    assert [after - was for after, was in zip(planned(), before, strict=True)] == [timedelta(hours=3)] * 2


def test_another_time_zone_moves_waits_of_days_across_a_change_of_the_clock(house: House) -> None:
    rule("job.heard", WaitStep(Span(7)), TELL)
    house.job.hear("email")
    work(MONDAY)
    run = RuleRun.objects.get()
    assert run.next_at == MONDAY + 7 * DAY - timedelta(hours=1)
    BusinessCalendar.objects.get(is_default=True).change_hours(time_zone="America/Phoenix", by=house.ada)
    work(MONDAY)
    run.refresh_from_db()
    assert run.next_at == MONDAY + 7 * DAY
    assert [entry["state"] for entry in run.log] == ["moved"]
