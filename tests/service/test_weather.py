"""The weather hold: what it proposes, that it moves a day at once, and that taking it back puts the dates back."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlparse

import pytest
from django.test import Client

from crm.jobs.appointments.setup import begin, offered_types
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from service.models import Forecast, HandOff, Project, Promise, WeatherHold
from service.weather.hours import bars_of, hours_in
from service.weather.proposals import names_weekday, proposals
from tests.cast import House
from tests.followups.conftest import Browser
from tests.queries import data_queries
from tests.service.conftest import NOON

THURSDAY = date(2026, 11, 26)


def test_a_wish_names_a_weekday() -> None:
    assert names_weekday(["No work before 8:00", "not Mondays"], date(2026, 11, 30))
    assert not names_weekday(["not Mondays"], date(2026, 12, 1))


def test_bars_by_the_hour() -> None:
    assert hours_in("10 40, 11:80%,") == {10: 40, 11: 80}
    for typed in ("10", "ten 40", "10 40 50"):
        with pytest.raises(Refused):
            hours_in(typed)
    drawn = bars_of([[6, 0], [10, 50], [12, 100]], (8, 17))
    # From six to twelve, shaded from eight on; nothing is a line, all the full height.
    assert (drawn.width, drawn.work_x, drawn.work_width) == (142, 41, 100)
    assert [(one.x, one.y, one.height, one.is_named) for one in drawn.bars] == [
        (2, 45, 1, True),
        (82, 24, 22, True),
        (122, 2, 44, True),
    ]


@pytest.fixture
def visits(house: House, job: Job) -> list[Appointment]:
    """Two visits of Sam's on Thursday; Cora asked for no work on Fridays, and her project is in work."""
    begin()
    Promise.add(HandOff.open(job, seller=house.rita, by=None), "on_site", "Not on Fridays", by=house.rita)
    Project.start(job, None, by=house.sam, starts_on=THURSDAY)
    other = open_job(title="Otis Boyd", by=house.rita, member=house.rita)
    type_ = next(one for one in offered_types() if one.minutes == 60)
    at = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    times = ((job, at), (other, at + timedelta(hours=3)))
    return [Appointment.book(one, type_, when, [house.sam], by=house.sam) for one, when in times]


def test_a_day_is_moved_and_put_back(house: House, visits: list[Appointment]) -> None:
    first, second = proposals(THURSDAY, house.sam)
    # A time on a Friday comes last for who asked for none, and no two are proposed alike.
    assert first.times[0].date() > date(2026, 11, 27)
    assert first.times[0] not in second.times[:1]
    here, was = house.tenant, [visit.starts_at for visit in visits]
    sam = Browser(house, house.sam)
    page = sam.get("service/weather/?day=2026-11-26")
    assert "Not on Fridays" in page
    # Beside the list stands the next day the weather threatens; its statements do not grow with the visits.
    assert "weather/panel" not in sam.get("service/")
    with use_tenant(here):
        Forecast.note(THURSDAY, 80, "Rain", hours={10: 40, 11: 80}, by=house.sam)
    assert "weather/panel/?day=2026-11-26" in sam.get("service/")
    panel = "service/weather/panel/?day=2026-11-26"
    assert ("rainbars" in (page := sam.get(panel, htmx=True)), "2 of 2" in page) == (True, True)
    with data_queries() as of_two:
        sam.get(panel, htmx=True)
    with use_tenant(here):
        type_, at = visits[0].type, visits[0].starts_at
        for name, who in (("Ann Lee", house.ada), ("Bo Lee", house.mona)):
            booked = open_job(title=name, by=house.rita, member=house.rita, person=house.cora)
            Appointment.book(booked, type_, at, [who], by=house.sam)
    with data_queries() as of_four:
        assert "Bo Lee" in sam.get(panel, htmx=True)
    assert len(of_four) == len(of_two)
    with use_tenant(here):
        Appointment.objects.filter(job__title__endswith=" Lee").delete()
    form = {"day": "2026-11-26", "pick": [str(visit.uid) for visit in visits], "reason": "Rain on Thursday"}
    form |= {f"to-{one.appointment.uid}": one.times[0].isoformat() for one in (first, second)}
    sam.post("service/weather/", form | {"reason": ""}, status=422)
    answer = sam.post("service/weather/", form)
    with use_tenant(here):
        assert [one.starts_at for one in Appointment.objects.order_by("pk")] == [first.times[0], second.times[0]]
        assert Project.objects.get().hold_reason == "Rain on Thursday"
        hold = WeatherHold.objects.get()
    assert "Restore the dates" in sam.client.get(answer["Location"]).content.decode()
    sam.post(f"service/weather/{hold.uid}/take-back/", {})
    with use_tenant(here):
        assert [one.starts_at for one in Appointment.objects.order_by("pk")] == was
        assert not Project.objects.get().is_held
        again = WeatherHold(day=THURSDAY, reason="Storm", done_at=NOON, done_by=house.sam)
        with clock.at(NOON + timedelta(minutes=16)):
            assert not again.may_undo


def test_a_forecast_is_typed_or_posted(house: House) -> None:
    here = house.tenant
    ada = Browser(house, house.ada)
    ada.post("service/weather/note/", {"day": "2026-11-26", "chance": "80", "words": "Rain from 10"})
    ada.post("service/weather/connect/", {})
    page = ada.get("service/weather/?day=2026-11-26")
    assert "80%" in page
    address = urlparse(page.split('id="url" readonly value="')[1].split('"')[0]).path
    machine = Client()

    def send(body: str) -> int:
        return machine.post(address, body, content_type="application/json").status_code

    days = '[{"day": "2026-11-26", "chance": 20, "hours": {"11": 30, "10": 20}},'
    days += ' {"day": "2026-11-27", "chance": 90, "words": "Storm"}]'
    assert [send(body) for body in (days, "{}", "x", '{"day": "2026-11-26", "chance": 101}')] == [200, 422, 422, 422]
    assert machine.post("/public/forecast/made-up/", "{}", content_type="application/json").status_code == 404
    with use_tenant(here):
        assert list(Forecast.objects.order_by("day").values_list("chance", flat=True)) == [20, 90]
        assert Forecast.objects.get(day=THURSDAY).hours == [[10, 20], [11, 30]]
        for chance, hours in ((-1, {}), (1, {24: 1}), (1, {1: 101})):
            with pytest.raises(Refused):
                Forecast.note(THURSDAY, chance, "", hours=hours, by=None)
