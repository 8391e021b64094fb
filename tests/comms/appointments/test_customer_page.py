"""The customer's page of an appointment: a GET changes nothing, a POST confirms, moves, asks or cancels; no account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.appointments.links import AppointmentLink, appointment_url
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from tests.comms.appointments.conftest import NOW, WEDNESDAY

pytestmark = pytest.mark.django_db


def test_they_confirm_choose_another_time_and_cancel(house: Any, booked: Appointment) -> None:
    client, path = Client(), "/" + appointment_url(booked).partition("://")[2].partition("/")[2]

    def act(status: int = 302, **data: Any) -> str:
        booked.refresh_from_db()
        answer = client.post(path, {"version": booked.version} | data)
        assert answer.status_code == status
        booked.refresh_from_db()
        return str(answer.content.decode())

    shown = client.get(path)
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    page = shown.content.decode()
    assert "Wednesday, May 13, 9:00\xa0AM" in page
    assert "2207 Bayshore Ct" in page
    assert "Eastern" not in page, "they are where we are"
    assert "until 24 hours before" in page
    booked.refresh_from_db()
    assert booked.version == 1
    act(act="confirm")
    assert booked.is_confirmed
    assert "You confirmed this appointment." in client.get(path).content.decode()
    # A button of a page that was shown before does nothing.
    assert client.post(path, {"version": "1", "act": "cancel"}).status_code == 422
    offered = re.findall(r'name="slot" value="([^"]+)"', client.get(path).content.decode())
    assert len(offered) == 6
    act(slot=offered[2])
    assert booked.starts_at.isoformat() == offered[2].partition(" ")[0]
    assert booked.is_confirmed
    assert "just now" in act(422, slot=f"2026-05-16T03:00:00+00:00 {house.rita.uid}")
    act(act="ask", words="Only on Fridays")
    assert booked.asked_words == "Only on Fridays"
    act(act="cancel")
    assert booked.state == "cancelled"
    assert "is cancelled" in client.get(path).content.decode()


def test_a_time_of_tomorrow_morning_is_too_late(house: Any, booked: Appointment) -> None:
    path = "/" + appointment_url(booked).partition("://")[2].partition("/")[2]
    slot = f"{(NOW + timedelta(hours=5)).isoformat()} {house.rita.uid}"
    refused = Client().post(path, {"version": booked.version, "slot": slot})
    assert refused.status_code == 422
    assert "It is too late for that time" in refused.content.decode()


def test_links_that_are_no_links_and_too_late(house: Any, booked: Appointment) -> None:
    client = Client()
    path = "/" + appointment_url(booked).partition("://")[2].partition("/")[2]
    assert client.get("/public/appointment/nonsense/").status_code == 410
    other = AppointmentLink(booked.tenant_id + 1, str(booked.uid)).token()
    assert client.get(f"/public/appointment/{other}/").status_code == 410
    with clock.at(WEDNESDAY):
        assert client.post(path, {"version": "1", "act": "confirm"}).status_code == 422
    house.cora.language = "nl"
    house.cora.save(update_fields=["language"])
    assert 'lang="nl"' in client.get(path).content.decode()
