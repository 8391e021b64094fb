"""Forecasts and weather holds: what is noted, moved, left where it is, and put back; and who may."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.jobs.appointments.setup import begin, offered_types
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import BusinessCalendar, Event, Tenant
from crm.platform.models.tenant import configuration_changed
from service.models import Forecast, Project, WeatherHold
from service.models.weather import NewTime
from service.weather.views import PURPOSE
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import NOON, recorded, said

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
AT = datetime(2026, 11, 26, 15, tzinfo=UTC)
WEATHER = "service/weather/"


@pytest.fixture
def visit(house: House, job: Job) -> Appointment:
    """Sam's visit to Cora on Thursday, on the first day of the work."""
    begin()
    Project.start(job, None, by=house.sam, starts_on=THURSDAY)
    type_ = next(one for one in offered_types() if one.minutes == 60)
    return Appointment.book(job, type_, AT, [house.sam], by=house.sam)


def hold(house: House, *times: NewTime, reason: str = "Rain") -> WeatherHold:
    return WeatherHold.carry_out(THURSDAY, reason, times, by=house.sam)


def test_the_newest_word_on_a_day_stands(house: House) -> None:
    Forecast.note(THURSDAY, 80, "Rain", hours={11: 80, 10: 40}, by=house.sam)
    Forecast.note(THURSDAY, 20, "  A  drop ", by=None)
    row = Forecast.objects.get()
    assert (row.chance, row.words, row.hours, row.noted_by) == (20, "A drop", [], None)


@pytest.mark.parametrize(("chance", "hours"), [(101, {}), (-1, {}), (50, {-1: 5}), (50, {24: 5}), (50, {3: 101})])
def test_a_forecast_beyond_the_possible_is_refused(house: House, chance: int, hours: dict[int, int]) -> None:
    with pytest.raises(Refused):
        Forecast.note(THURSDAY, chance, "", hours=hours, by=None)


def test_from_half_on_a_day_of_the_week_is_threatened(house: House) -> None:
    for day, chance in ((24, 90), (25, 49), (26, 50), (27, 90), (30, 90)):
        Forecast.note(date(2026, 11, day), chance, "", by=None)
    Forecast.note(date(2026, 12, 2), 90, "", by=None)
    assert [row.day.day for row in Forecast.objects.threatening(date(2026, 11, 25))] == [26, 27, 30]


def test_a_hold_needs_visits_and_a_reason(house: House, visit: Appointment) -> None:
    for times, reason in (((), "Rain"), ((NewTime(visit, AT + timedelta(days=1)),), " ")):
        with pytest.raises(Refused, match="Select the visits"):
            hold(house, *times, reason=reason)
    assert not WeatherHold.objects.exists()


def test_the_work_of_the_day_rests_until_the_new_time(house: House, visit: Appointment) -> None:
    hold(house, NewTime(visit, AT + timedelta(days=1)))
    project = Project.objects.get()
    assert (project.hold_reason, project.hold_until) == ("Rain", FRIDAY)


def test_work_rests_until_the_day_of_the_tenants_clock(house: House, visit: Appointment) -> None:
    """Early on a Friday in Sydney it is still Thursday in Greenwich."""
    BusinessCalendar.objects.update(time_zone="Australia/Sydney")
    Tenant.objects.filter(pk=house.tenant.pk).update(time_zone="Australia/Sydney")
    configuration_changed()
    hold(house, NewTime(visit, datetime(2026, 11, 26, 22, 30, tzinfo=UTC)))
    assert Project.objects.get().hold_until == FRIDAY


def test_work_that_is_not_of_the_day_goes_on(house: House, visit: Appointment) -> None:
    Project.objects.update(starts_on=FRIDAY, ends_on=FRIDAY)
    hold(house, NewTime(visit, AT + timedelta(days=1)))
    assert not Project.objects.get().is_held


def test_a_hold_of_before_keeps_its_reason(house: House, visit: Appointment) -> None:
    Project.objects.get().hold("Permit", None, by=house.sam)
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    row.take_back(by=house.sam)
    assert Project.objects.get().hold_reason == "Permit"


def test_a_time_that_somebody_took_stays_unmoved(house: House, visit: Appointment) -> None:
    other = open_job(title="Otis Other", by=house.rita, member=house.rita)
    Appointment.book(other, visit.type, AT + timedelta(days=1), [house.sam], by=house.sam)
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    assert (row.moved.get().moved_to, Appointment.objects.get(pk=visit.pk).starts_at) == (None, AT)
    assert (Project.objects.get().is_held, Event.objects.get(kind="weather_hold.done").data["moved"]) == (False, 0)


def test_a_hold_that_moved_nothing_is_taken_back_all_the_same(house: House, visit: Appointment) -> None:
    other = open_job(title="Otis Other", by=house.rita, member=house.rita)
    Appointment.book(other, visit.type, AT + timedelta(days=1), [house.sam], by=house.sam)
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    assert (row.take_back(by=house.sam), recorded("weather_hold.undone")) == (None, 1)


def test_taken_back_twice_it_is_taken_back_once(house: House, visit: Appointment) -> None:
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    assert row.take_back(by=house.mona) is not None
    assert row.take_back(by=house.sam) is None
    assert (Appointment.objects.get().starts_at, recorded("weather_hold.undone")) == (AT, 1)


def test_after_a_quarter_of_an_hour_it_is_not_taken_back(house: House, visit: Appointment) -> None:
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    with clock.at(NOON + timedelta(minutes=15)):
        assert row.may_undo
    with clock.at(NOON + timedelta(minutes=15, seconds=1)), pytest.raises(Refused, match="15 minutes"):
        row.take_back(by=house.sam)
    assert Appointment.objects.get().starts_at == AT + timedelta(days=1)


def test_the_page_says_what_stays_that_was_changed_since(house: House, sam: Browser, visit: Appointment) -> None:
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    Appointment.objects.get().reschedule(AT + timedelta(days=4), by=house.mona)
    answer = sam.client.post(f"{sam.prefix}{WEATHER}{row.uid}/take-back/")
    assert said(answer) != ""
    assert Appointment.objects.get().starts_at == AT + timedelta(days=4)


def test_too_late_on_the_page(house: House, sam: Browser, visit: Appointment) -> None:
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    with clock.at(NOON + timedelta(hours=1)):
        assert "15 minutes" in said(sam.post(f"{WEATHER}{row.uid}/take-back/", {}))


@pytest.mark.parametrize("path", ["", "panel/", "note/", "connect/"])
def test_sales_moves_nothing_for_the_weather(rita: Browser, path: str) -> None:
    rita.post(f"{WEATHER}{path}", {"day": "2026-11-26"}, status=404)


def test_only_an_administrator_connects_a_weather_service(sam: Browser, mona: Browser) -> None:
    for who in (sam, mona):
        who.post(f"{WEATHER}connect/", {}, status=404)


def test_another_tenants_hold_is_not_found(cast: Cast, house: House, visit: Appointment) -> None:
    row = hold(house, NewTime(visit, AT + timedelta(days=1)))
    otto = Browser(cast.other, cast.otto)
    otto.get(f"{WEATHER}{row.uid}/", status=404)
    otto.post(f"{WEATHER}{row.uid}/take-back/", {}, status=404)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": ""}, "Choose a day"),
        ({"chance": ""}, "Choose a day"),
        ({"chance": "101"}, "0 to 100"),
        ({"hours": "25 10"}, "0 to 23"),
        ({"hours": "rain"}, ""),
    ],
)
def test_a_forecast_that_means_nothing_is_not_noted(sam: Browser, typed: dict[str, str], words: str) -> None:
    answer = sam.post(f"{WEATHER}note/", {"day": "2026-11-26", "chance": "80"} | typed)
    assert words in said(answer)
    assert not Forecast.objects.exists()


def test_a_visit_that_was_not_offered_that_time_is_not_moved(sam: Browser, visit: Appointment) -> None:
    form = {"day": "2026-11-26", "pick": str(visit.uid), f"to-{visit.uid}": "2026-11-27T03:00:00+00:00"}
    sam.post(WEATHER, form | {"reason": "Rain"}, status=422)
    assert Appointment.objects.get().starts_at == AT


@pytest.fixture
def post(house: House) -> Any:
    """Post to the secret address as a weather service does."""
    ada = Browser(house, house.ada)
    ada.post(f"{WEATHER}connect/", {})
    address = ada.client.session["forecast_url"]

    def send(body: str | bytes) -> int:
        return Client().post(address, body, content_type="application/json").status_code

    return send


@pytest.mark.parametrize(
    "body",
    [
        *("", "[1]", '{"day": "2026-11-26"}', '{"day": "x", "chance": 1}', '{"day": "2026-11-26", "chance": "much"}'),
        *('{"day": "2026-11-26", "chance": 1, "hours": 7}', "[" * 20_000, b"\xff\xfe"),
    ],
)
def test_what_is_no_forecast_is_refused(post: Any, body: str | bytes) -> None:
    assert post(body) == 422
    assert not Forecast.objects.exists()


def test_a_forecast_that_is_too_long_is_refused(post: Any) -> None:
    assert post(" " * 20_001) == 413


def test_a_month_of_days_is_noted_at_most(post: Any) -> None:
    days = [f'{{"day": "{THURSDAY + timedelta(days=at)}", "chance": 1}}' for at in range(40)]
    assert post(f"[{','.join(days)}]") == 200
    assert Forecast.objects.count() == 31


def test_one_bad_day_notes_none(post: Any) -> None:
    assert post('[{"day": "2026-11-26", "chance": 1}, {"day": "2026-11-27", "chance": 101}]') == 422
    assert not Forecast.objects.exists()


def test_the_address_before_the_last_works_no_more(house: House, post: Any) -> None:
    Browser(house, house.ada).post(f"{WEATHER}connect/", {})
    assert post('{"day": "2026-11-26", "chance": 1}') == 404


def test_an_address_is_of_its_purpose(post: Any) -> None:
    assert PURPOSE == "forecast"
    assert Client().post(f"/public/forecast/{'x' * 200}/", "{}", content_type="application/json").status_code == 404
