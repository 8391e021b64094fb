"""A team's calendar feed: everybody's entries under one secret address, and 304 while nothing changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from crm.jobs.models.appointments import Appointment
from crm.platform.models import Team
from followups.models import FollowUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(house: Any) -> Team:
    team = Team.create("Roof crew", by=house.ada)
    team.add(house.rita, by=house.ada)
    team.add(house.sam, by=house.ada)
    return team


def make_link(client: Client, url: str, team: Team) -> str:
    page = client.post(url, {"team": str(team.uid), "make": "1"}).content.decode()
    link = re.search(r'value="[^"]+(/public/calendar/[^"]+\.ics)"', page)
    assert link
    return link[1]


def signed_in(house: Any, member: Any) -> tuple[Client, str]:
    client = Client()
    client.force_login(member.user)
    return client, f"/{house.tenant.slug}/calendar/feed/"


def test_it_holds_the_entries_of_all_members(house: Any, crew: Team, booked: Appointment) -> None:
    due = booked.starts_at + timedelta(days=1)
    FollowUp.plan(kind="call", subject="Ring back", due_at=due, by=house.mona, job=house.job, assignee=house.sam)
    FollowUp.plan(kind="call", subject="Not theirs", due_at=due, by=house.mona, job=house.job, assignee=house.ada)
    link = make_link(*signed_in(house, house.mona), crew)
    events = Calendar.from_ical(Client().get(link).content).walk("VEVENT")
    names = [str(event["SUMMARY"]) for event in events]
    assert names == ["Rita Rep: Inspection: Cora Customer", "Sam Service: Ring back: Cora Customer"]


def test_it_ends_when_it_is_revoked_and_with_its_team(house: Any, crew: Team) -> None:
    client, url = signed_in(house, house.mona)
    first = make_link(client, url, crew)
    client.post(url, {"team": str(crew.uid), "revoke": "1"})
    assert Client().get(first).status_code == 404
    second = make_link(client, url, crew)
    assert Client().get(second).status_code == 200
    crew.archive(by=house.ada)
    assert Client().get(second).status_code == 404


def test_a_rep_creates_none(house: Any, crew: Team) -> None:
    client, url = signed_in(house, house.rita)
    assert "Roof crew" not in client.get(url).content.decode()
    assert client.post(url, {"team": str(crew.uid), "make": "1"}).status_code == 404


def test_an_unchanged_feed_is_not_sent_again(house: Any, crew: Team, booked: Appointment) -> None:
    link = make_link(*signed_in(house, house.mona), crew)
    etag = Client().get(link).headers["ETag"]
    assert Client().get(link, headers={"If-None-Match": etag}).status_code == 304
    booked.reschedule(booked.starts_at + timedelta(days=1), by=house.rita)
    assert Client().get(link, headers={"If-None-Match": etag}).status_code == 200
