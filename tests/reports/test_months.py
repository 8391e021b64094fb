"""Forecast by month: its arithmetic, the nightly count it is made of, and its pages."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.web.shell.navigation import current_page
from leads.models import Lead
from reports.forecast.months import (
    BookedMonth,
    BookedSeries,
    CountSeries,
    LeadSnapshot,
    OpenLeads,
    WonSeries,
    forecast_month,
)
from reports.models import LeadMonth, WorkMonth
from reports.months import night
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.queries import data_queries

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)
MARCH, FEBRUARY, JANUARY = date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1)


def snapshot(count: int, won: int, later: int = 0) -> LeadSnapshot:
    cell = OpenLeads(count, count, count, [won] * 3, [won] * 3)
    return LeadSnapshot({(1, 0): cell}, [later] * 3, [later] * 3)


def test_open_leads_are_won_at_the_rate_of_earlier_ones() -> None:
    series = WonSeries([*[snapshot(100, 25)] * 8, snapshot(200, 0)])
    forecast = forecast_month(series, 8)
    assert forecast is not None
    assert forecast.likely == pytest.approx(50, rel=0.02)


def test_leads_that_come_in_later_are_added() -> None:
    forecast = forecast_month(WonSeries([*[snapshot(100, 25, later=10)] * 8, snapshot(0, 0)]), 8)
    assert forecast is not None
    assert forecast.likely == pytest.approx(10)


def test_a_month_is_forecast_from_months_that_were_over() -> None:
    months = [snapshot(100, 25)] * 8
    assert forecast_month(WonSeries([*months, snapshot(100, 90)]), 8) == forecast_month(
        WonSeries([*months, snapshot(100, 0)]), 8
    )


def test_few_months_are_not_enough_history() -> None:
    assert forecast_month(WonSeries([snapshot(100, 25)] * 6), 5) is None
    assert forecast_month(WonSeries([snapshot(100, 3)] * 7), 6) is None, "eighteen were won"
    assert forecast_month(CountSeries([3] * 7), 6) is None
    assert forecast_month(BookedSeries([BookedMonth([0, 0, 0], 3)] * 7), 6) is None


def test_a_phase_with_few_leads_is_taken_as_all_are() -> None:
    now = snapshot(0, 0)._replace(cells={(9, 0): OpenLeads(100, 100, 100, [0] * 3, [0] * 3)})
    forecast = forecast_month(WonSeries([*[snapshot(100, 25)] * 8, now]), 8)
    assert forecast is not None
    assert forecast.likely == pytest.approx(25, rel=0.02)


def test_new_leads_are_those_of_the_year_before_times_the_growth() -> None:
    year = [30, 30, 30, 60, 60, 60, 90, 90, 90, 30, 30, 30]
    counts: list[float] = [*year, *(2 * count for count in year[:6])]
    forecast = forecast_month(CountSeries(counts), len(counts))
    assert forecast is not None
    assert forecast.likely == pytest.approx(180)


def test_new_leads_of_a_short_history_are_the_recent_average() -> None:
    forecast = forecast_month(CountSeries([10, 20, 30, 40, 50, 60]), 6)
    assert forecast is not None
    assert forecast.likely == pytest.approx(35)


def test_hours_are_those_booked_and_those_usually_added() -> None:
    months = [BookedMonth([40, 10, 0], 100 + place % 2) for place in range(8)]
    forecast = forecast_month(BookedSeries([*months, BookedMonth([80, 0, 0], 0)]), 8)
    assert forecast is not None
    assert forecast.likely == pytest.approx(140.5)


def test_wrong_forecasts_widen_the_next_range() -> None:
    steady = CountSeries([100.0] * 14)
    wild = CountSeries([100.0] * 8 + [400.0, 20.0, 390.0, 30.0, 100.0, 100.0])
    ranges = [forecast_month(series, 14) for series in (steady, wild)]
    widths = [forecast.high - forecast.low for forecast in ranges if forecast]
    assert widths[1] > 2 * widths[0]


def test_four_of_five_months_are_within_their_range() -> None:
    chance = random.Random(36)
    within = []
    for _organization in range(60):
        months = []
        for _month in range(20):
            won = [sum(chance.random() < 0.2 for _lead in range(80)) for _ahead in range(3)]
            later = [sum(chance.random() < 0.1 for _lead in range(60)) for _ahead in range(3)]
            cell = OpenLeads(80, 80, 80, won, won)
            months.append(LeadSnapshot({(1, 0): cell}, later, later))
        series = WonSeries(months)
        for at in range(12, 20):
            forecast = forecast_month(series, at)
            assert forecast is not None
            within.append(forecast.holds(series.actual(at)))
    assert 0.75 <= sum(within) / len(within) <= 0.93


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(NOON):
        yield cast.house


def open_lead(house: House, at: datetime, value: int = 500) -> Job:
    with clock.at(at):
        job = open_job(title="Ann", stage=house.stage("New"), member=house.rita, by=house.rita)
        Job.objects.filter(pk=job.pk).update(value=value)
        return job


def win(job: Job, house: House, at: datetime) -> None:
    with clock.at(at):
        Lead.objects.get_or_create(job=job)[0].win(by=house.rita)


def count_rows(month: date, **filters: object) -> list[tuple[int, int, int, int]]:
    night.count_month(month)
    rows = LeadMonth.objects.filter(month=month, **filters).exclude(count=0, won=0, won_next=0)
    return sorted(rows.values_list("count", "won", "won_next", "won_value"))


def test_a_lead_counts_in_the_months_it_was_open_in(house: House) -> None:
    job = open_lead(house, datetime(2026, 1, 10, 12, tzinfo=UTC))
    win(job, house, datetime(2026, 2, 20, 12, tzinfo=UTC))
    assert count_rows(FEBRUARY, phase_id__isnull=False) == [(1, 1, 0, 500)]
    assert count_rows(JANUARY, phase_id__isnull=True) == [(1, 0, 1, 0)]
    assert count_rows(MARCH, phase_id=house.stage("New").phase_id, age=2) == []


def test_a_lead_counts_by_its_time_in_the_step(house: House) -> None:
    open_lead(house, datetime(2026, 2, 25, 12, tzinfo=UTC))
    open_lead(house, datetime(2026, 1, 10, 12, tzinfo=UTC))
    night.count_month(MARCH)
    rows = LeadMonth.objects.filter(month=MARCH, phase_id=house.stage("New").phase_id, age__in=(0, 2))
    assert dict(rows.values_list("age", "count")) == {0: 1, 2: 1}


def test_a_month_counted_again_replaces_itself(house: House) -> None:
    open_lead(house, datetime(2026, 2, 10, 12, tzinfo=UTC))
    assert count_rows(MARCH) == count_rows(MARCH)


def test_leads_of_another_house_are_not_counted(cast: Cast, house: House) -> None:
    open_lead(house, datetime(2026, 2, 10, 12, tzinfo=UTC))
    with use_tenant(cast.other.tenant):
        night.count_months([JANUARY, FEBRUARY])
        assert sum(LeadMonth.objects.values_list("count", flat=True)) == 0


def test_a_night_counts_all_months_and_schedules_the_next(house: House) -> None:
    open_lead(house, datetime(2025, 12, 10, 12, tzinfo=UTC))
    Due.objects.filter(kind=night.NIGHT).delete()
    night.count_night([0])
    months = set(LeadMonth.objects.values_list("month", flat=True))
    assert months == {date(2025, 12, 1), JANUARY, FEBRUARY, MARCH}
    assert Due.objects.get(kind=night.NIGHT).due_at > NOON


def test_an_upgrade_counts_at_once(house: House) -> None:
    Due.objects.filter(kind=night.NIGHT).delete()
    night.begin_again()
    assert Due.objects.get(kind=night.NIGHT).due_at == NOON


def write_months(house: House, months: int = 14) -> None:
    """Store months in which twenty of a hundred open leads were won."""
    month = MARCH
    for _month in range(months):
        kept = {"month": month, "brand_id": house.job.brand_id, "pipeline_id": house.job.pipeline_id}
        won = {"won": 20, "won_next": 9, "won_third": 4, "won_value": 90_000}
        won |= {"won_value_next": 9000, "won_value_third": 4000}
        LeadMonth.objects.create(**kept, **won, currency="USD", phase_id=1, count=100, value=500_000, squares=25e8)
        LeadMonth.objects.create(
            **kept, **dict.fromkeys(won, 0), currency="USD", phase_id=None, count=40, value=0, squares=0
        )
        booked = {"booked": 600, "booked_next": 60, "booked_third": 0}
        WorkMonth.objects.create(**kept, **booked, worked=6000, accepted=12)
        month = (month - DAY).replace(day=1)


def test_the_page_shows_what_is_expected_and_in_which_range(house: House) -> None:
    write_months(house)
    text = Browser(house, house.mona).get("reports/forecast/")
    for words in ("Leads won", "Value won in USD", "New leads", "Hours of appointments", "expected in March 2026"):
        assert words in text


def test_without_history_the_page_says_so(house: House) -> None:
    write_months(house, 3)
    text = Browser(house, house.mona).get("reports/forecast/")
    assert text.count("Not enough history") >= 4
    assert "expected in" not in text


def test_before_the_first_night_the_page_says_so(house: House) -> None:
    assert "Nothing to forecast yet" in Browser(house, house.mona).get("reports/forecast/")


def test_past_months_are_compared_with_their_forecast(house: House) -> None:
    write_months(house)
    text = Browser(house, house.mona).get("reports/forecast/checked/")
    assert "within the range: 7 of 7 months" in " ".join(text.split())


def test_both_pages_of_the_forecast_are_its_tab(house: House) -> None:
    for page in ("reports/forecast/", "reports/forecast/checked/"):
        assert current_page(house.mona, house.tenant.slug, f"/{house.tenant.slug}/{page}") == "reports:forecast"


def test_a_pipeline_without_leads_has_no_forecast(house: House) -> None:
    write_months(house)
    LeadMonth.objects.update(pipeline_id=house.job.pipeline_id + 1)
    text = Browser(house, house.mona).get(f"reports/forecast/?pipeline={house.job.pipeline.uid}")
    assert "Not enough history" in text


def test_the_file_has_the_forecast_and_the_comparison(house: House) -> None:
    write_months(house)
    text = Browser(house, house.mona).get("reports/forecast/?format=csv")
    assert "Leads won,February 2026,Actual,20" in text
    assert "Leads won,March 2026" in text


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_reps_and_service_see_no_forecast(house: House, name: str) -> None:
    Browser(house, getattr(house, name)).get("reports/forecast/", status=404)


def test_the_page_asks_as_often_for_many_months_as_for_few(house: House) -> None:
    browser = Browser(house, house.mona)
    counts = []
    for months in (3, 14):
        LeadMonth.objects.all().delete()
        WorkMonth.objects.all().delete()
        write_months(house, months)
        browser.get("reports/forecast/")
        with data_queries() as queries:
            browser.get("reports/forecast/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
