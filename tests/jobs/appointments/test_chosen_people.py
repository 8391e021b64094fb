"""Whose days the calendar shows: chosen in its address, remembered, and read alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.platform.models import Team, TeamMember
from tests.jobs.appointments.conftest import TUESDAY
from tests.queries import data_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(house: Any) -> Any:
    """Open the calendar on Tuesday as Rita, by the same browser each time; return the names of its columns."""
    client = Client()
    client.force_login(house.rita.user)

    def opened(query: str = "") -> list[str]:
        answer = client.get(f"/{house.tenant.slug}/calendar/?day=2026-05-12&{query}")
        assert answer.status_code == 200
        return [column.name for column in answer.context["columns"]]

    return opened


def test_who_is_chosen_is_shown_and_remembered(house: Any, calendar: Any) -> None:
    assert calendar(f"keep=1&who={house.sam.uid}&who={house.mona.uid}") == ["Mona Manager", "Sam Service"]
    assert calendar(f"who={house.ada.uid}") == ["Ada Admin"], "a link from elsewhere"
    assert calendar() == ["Mona Manager", "Sam Service"]
    assert calendar("keep=1&who=busy")[0] == "Rita Rep"
    assert calendar()[0] == "Rita Rep"


def test_everybody_is_shown_by_choice(house: Any, calendar: Any) -> None:
    assert {"Ada Admin", "Mona Manager", "Rita Rep", "Sam Service"} <= set(calendar("who=all"))


def test_an_address_may_name_one_member_or_a_team(house: Any, calendar: Any) -> None:
    team = Team.objects.create(name="Night shift")
    TeamMember.objects.create(team=team, member=house.sam)
    assert calendar(f"member={house.mona.uid}") == ["Mona Manager"]
    assert calendar(f"team={team.pk}") == ["Sam Service", "Night shift"]


def test_nonsense_is_nobody(calendar: Any) -> None:
    assert calendar("who=nobody&who=team-999999&focus=x") == calendar("who=busy")


def test_the_opened_appointment_is_shown_whoever_is_chosen(house: Any, calendar: Any, booked: Appointment) -> None:
    client = Client()
    client.force_login(house.rita.user)
    client.get(f"/{house.tenant.slug}/calendar/?keep=1&who={house.mona.uid}")
    answer = client.get(f"/{house.tenant.slug}/calendar/{booked.uid}/")
    assert [column.name for column in answer.context["columns"]] == ["Mona Manager", "Rita Rep"]


def test_the_time_of_others_is_not_read(house: Any, calendar: Any, visit: AppointmentType) -> None:
    for _warmed in range(2):
        calendar(f"keep=1&who={house.mona.uid}")
    with data_queries() as before:
        calendar()
    for hours in (0, 3, 24):
        Appointment.book(house.job, visit, TUESDAY + timedelta(hours=hours), [house.rita], by=house.rita)
    calendar()
    with data_queries() as after:
        calendar()
    assert len(after) == len(before)
