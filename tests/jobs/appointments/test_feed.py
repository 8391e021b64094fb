"""A member's calendar feed: by a secret address that is shown once, theirs alone, right on both sides of a change."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from crm.jobs.appointments.feed.feed import render
from crm.jobs.models.appointments import Appointment
from crm.platform.models.accounts.token import Token
from followups.models import FollowUp

pytestmark = pytest.mark.django_db


def test_it_holds_their_own_until_it_is_revoked(house: Any, visit: Any, booked: Appointment) -> None:
    client, url = Client(), f"/{house.tenant.slug}/calendar/feed/"
    client.force_login(house.rita.user)
    Appointment.book(house.job, visit, booked.starts_at, [house.mona], by=house.mona)
    due = booked.starts_at + timedelta(days=1)
    FollowUp.plan(kind="call", subject="Ring back", due_at=due, by=house.rita, job=house.job, assignee=house.rita)
    FollowUp.plan(kind="call", subject="Another’s", due_at=due, by=house.rita, job=house.job, assignee=house.mona)

    def made() -> str:
        found = re.search(r'value="[^"]+(/public/calendar/[^"]+\.ics)"', client.post(url).content.decode())
        assert found
        return found[1]

    address = made()
    assert address not in client.get(url).content.decode()
    assert not Token.objects.filter(digest__in=address.split("/")).exists()
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Inspection: Cora Customer", "Ring back: Cora Customer"]
    assert events[0]["DTSTART"].dt == booked.starts_at
    renewed = made()
    assert Client().get(address).status_code == 404
    assert Client().get(renewed).status_code == 200
    client.post(url, {"revoke": "1"})
    assert Client().get(renewed).status_code == 404
    again = made()
    house.rita.deactivate(by=house.ada)
    assert Client().get(again).status_code == 404


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Nine o'clock on the days around 1 November and 14 March of the next year.
        (datetime(2026, 10, 30, 13, tzinfo=UTC), datetime(2026, 11, 2, 14, tzinfo=UTC)),
        (datetime(2027, 3, 12, 14, tzinfo=UTC), datetime(2027, 3, 15, 13, tzinfo=UTC)),
    ],
)
def test_nine_is_nine_on_both_sides_of_a_change(house: Any, visit: Any, before: datetime, after: datetime) -> None:
    for at in (before, after):
        Appointment.book(house.job, visit, at, [house.rita], by=house.rita)
    events = Calendar.from_ical(render(house.rita)).walk("VEVENT")
    zone = Appointment.objects.first().zone
    assert [event["DTSTART"].dt.astimezone(zone).hour for event in events] == [9, 9]
    assert [event["DTEND"].dt - event["DTSTART"].dt for event in events] == [timedelta(hours=1)] * 2
