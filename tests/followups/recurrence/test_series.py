"""A series stores its next occurrences: on the wall clock, around holidays, once each, for as long as it runs."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import BusinessCalendar
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.due import run_due_work
from followups.models import FollowUp, FollowUpSeries, HolidayPolicy, TenantKind
from followups.recurrence.edits import create_series, end_series, resume_series
from followups.recurrence.fill import fill_for_events, fill_series
from tests.cast import House
from tests.followups.recurrence.conftest import days, values

Repeat = Callable[..., FollowUpSeries]


@pytest.fixture(autouse=True)
def _inside(house: House) -> Iterator[None]:
    with use_tenant(house.tenant):
        yield


def test_only_the_next_two_are_stored(repeat: Repeat, house: House) -> None:
    series = repeat()
    assert days(series) == ["11-30 15:30", "12-07 15:30"]
    assert fill_series(series) == []
    assert Job.objects.get(pk=house.job.pk).next_step_label == "Check the permit"


def test_completing_one_brings_the_next(repeat: Repeat, house: House) -> None:
    series = repeat()
    first = FollowUp.objects.filter(series=series).order_by("due_at")[0]
    first.complete("successful", by=house.rita)
    fill_series(series)
    assert days(series, status="pending") == ["12-07 15:30", "12-14 15:30"]
    assert days(series, status="completed") == ["11-30 15:30"]


def test_missing_one_brings_the_next_and_keeps_the_missed(repeat: Repeat) -> None:
    series = repeat()
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        run_due_work()
        fill_series(series)
        assert days(series, missed_at__isnull=False) == ["11-30 15:30"]
        assert days(series, missed_at__isnull=True) == ["12-07 15:30", "12-14 15:30"]


def test_the_due_work_alone_keeps_it_going(repeat: Repeat) -> None:
    series = repeat()
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        run_due_work()
        assert days(series) == ["11-30 15:30", "12-07 15:30", "12-14 15:30"]


def test_events_may_come_twice(repeat: Repeat, house: House) -> None:
    from crm.platform.models import Event

    series = repeat()
    FollowUp.objects.filter(series=series).order_by("due_at")[0].complete("successful", by=house.rita)
    completed = list(Event.objects.filter(kind="followup.completed"))
    fill_for_events(completed)
    fill_for_events(completed)
    assert len(days(series)) == 3


def test_after_an_outage_nobody_finds_those_that_have_passed(repeat: Repeat) -> None:
    series = repeat(rule="FREQ=DAILY")
    with clock.at(datetime(2027, 1, 15, 12, tzinfo=UTC)):
        fill_series(series)
        assert days(series, due_at__gt=clock.now()) == ["01-15 15:30", "01-16 15:30"]
        assert len(days(series)) == 4


def test_the_wall_clock_stays_when_the_clocks_change_both_ways(repeat: Repeat) -> None:
    spring = repeat(start_day=date(2027, 3, 8))
    autumn = repeat(start_day=date(2027, 11, 1))
    assert days(spring) == ["03-08 15:30", "03-15 15:30"]
    assert days(autumn) == ["11-01 15:30", "11-08 15:30"]
    instants = [row.due_at for row in FollowUp.objects.filter(series=spring).order_by("due_at")]
    assert instants[1] - instants[0] == timedelta(days=7, hours=-1)


def test_another_time_zone_of_the_member_changes_nothing(repeat: Repeat, house: House) -> None:
    series = repeat()
    house.rita.time_zone = "Australia/Melbourne"
    house.rita.save(update_fields=["time_zone"])
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        fill_series(series)
        assert days(series)[-1] == "12-14 15:30"


def test_a_series_goes_on_with_an_archived_type(repeat: Repeat, house: House) -> None:
    series = repeat()
    kind = TenantKind.of("call")
    assert kind
    kind.archive(by=house.ada)
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        fill_series(series)
    assert set(FollowUp.objects.filter(series=series).values_list("kind", flat=True)) == {"call"}
    assert len(days(series)) == 3


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (HolidayPolicy.NEXT, ["12-01 15:30", "12-07 15:30"]),
        (HolidayPolicy.BEFORE, ["11-27 15:30", "12-07 15:30"]),
        (HolidayPolicy.SKIP, ["12-07 15:30", "12-14 15:30"]),
        (HolidayPolicy.ANYWAY, ["11-30 15:30", "12-07 15:30"]),
    ],
)
def test_a_holiday_moves_an_occurrence_as_chosen(repeat: Repeat, policy: str, expected: list[str]) -> None:
    calendar = BusinessCalendar.objects.get(is_default=True)
    calendar.close_on(date(2026, 11, 30), "Stocktaking", by=None)
    assert days(repeat(holidays=policy)) == expected


def test_a_holiday_does_not_double_a_daily_follow_up(repeat: Repeat) -> None:
    calendar = BusinessCalendar.objects.get(is_default=True)
    calendar.close_on(date(2026, 11, 30), "Stocktaking", by=None)
    assert days(repeat(rule="FREQ=DAILY")) == ["12-01 15:30", "12-02 15:30"]


def test_it_ends_after_so_many(repeat: Repeat) -> None:
    series = repeat(rule="FREQ=WEEKLY;BYDAY=MO;COUNT=1")
    with clock.at(datetime(2026, 12, 20, tzinfo=UTC)):
        fill_series(series)
    assert days(series) == ["11-30 15:30"]


def test_it_ends_with_its_lead_if_it_says_so(repeat: Repeat, house: House) -> None:
    from crm.platform.models import Event
    from followups.recurrence.fill import fill_for_jobs

    ending = repeat(ends_with_job=True)
    other = repeat()
    Job.objects.get(pk=house.job.pk).finish(by=house.rita)
    fill_for_jobs(list(Event.objects.filter(kind="job.finished")))
    assert days(ending, status="pending") == []
    assert len(days(other, status="pending")) == 2


def test_a_lost_lead_stops_its_series(repeat: Repeat, house: House) -> None:
    series = repeat()
    Job.objects.filter(pk=house.job.pk).update(state="lost", ended_at=clock.now())
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        assert fill_series(series) == []


def test_ending_cancels_what_is_to_come_and_continuing_brings_it_back(repeat: Repeat, house: House) -> None:
    series = repeat()
    end_series(series, by=house.rita)
    assert days(series, status="pending") == []
    resume_series(series, by=house.rita)
    assert days(series, status="pending") == ["11-30 15:30", "12-07 15:30"]


def test_whoever_owns_the_lead_gets_it(repeat: Repeat, house: House) -> None:
    series = repeat()
    assert {row.assignee_id for row in FollowUp.objects.filter(series=series)} == {house.rita.pk}
    other = repeat(assignee=house.mona)
    assert {row.assignee_id for row in FollowUp.objects.filter(series=other)} == {house.mona.pk}


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "FREQ=HOURLY"},
        {"rule": "FREQ=DAILY;BYHOUR=9,15"},
        {"rule": "sometimes"},
        {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
        {"rule": "FREQ=DAILY;UNTIL=20200101"},
        {"zone": "Mars/Base"},
        {"subject": " "},
        {"kind": "nothing"},
    ],
)
def test_what_is_no_series_is_refused(repeat: Repeat, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        repeat(**changed)
    assert not FollowUpSeries.objects.exists()


def test_a_personal_series_has_no_lead_to_end_with(house: House) -> None:
    with pytest.raises(Refused, match="no lead"):
        create_series(values(ends_with_job=True), by=house.rita)
    mine = create_series(values(), by=house.rita)
    assert {row.is_personal for row in FollowUp.objects.filter(series=mine)} == {True}


def test_a_planned_follow_up_becomes_the_first_occurrence(house: House) -> None:
    at = datetime.combine(date(2026, 11, 30), time(20, 30), UTC)
    first = FollowUp.plan(kind="call", subject="Call", due_at=at, by=house.rita, job=house.job, assignee=house.rita)
    series = create_series(values(), by=house.rita, first=first)
    first.refresh_from_db()
    assert (first.series_id, len(days(series))) == (series.pk, 2)
