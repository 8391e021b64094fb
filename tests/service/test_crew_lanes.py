"""Crews in the calendar: which day of how many, what is planned for it, what stands still, and two on one day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.models import BusinessCalendar, Team, TeamMember
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from service.models import Project, ProjectTemplate
from tests.cast import House
from tests.queries import data_queries
from tests.service.conftest import NOON

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def crew(house: House) -> Team:
    team: Team = Team.objects.create(name="Crew A")
    TeamMember.objects.create(team=team, member=house.sam)
    return team


def plan(job: Job, crew: Team, starts_on: date = FRIDAY) -> Project:
    """Give a job's work to a crew, for three days."""
    project = Project.start(job, ProjectTemplate.objects.get(), by=None, starts_on=starts_on)
    project.schedule(starts_on, starts_on + timedelta(days=4), by=None)
    project.give_to(crew, by=None)
    return project


def another(house: House, name: str = "Otis Other") -> Job:
    """A second job of the house, Mona's."""
    return open_job(title=name, stage=house.stage("Scheduled"), member=house.mona, by=None)


def calendar(house: House, query: str, member: Any = None) -> str:
    client = Client()
    client.force_login((member or house.sam).user)
    answer = client.get(f"/{house.tenant.slug}/calendar/?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_day_shows_the_crew_its_work_and_what_is_planned_for_it(house: House, job: Job, crew: Team) -> None:
    project = plan(job, crew)
    page = calendar(house, "day=2026-11-27")
    assert "Old roof off, day 1 of 3" in page
    assert f"/service/projects/{project.uid}/" in page
    assert "New roof on" not in page
    assert "Day 2 of 3" in calendar(house, "day=2026-11-30")
    assert "Crew A" not in calendar(house, "day=2026-12-09").partition("cal-panes")[2]


def test_the_week_shows_each_day_and_the_holiday(house: House, job: Job, crew: Team) -> None:
    plan(job, crew)
    BusinessCalendar.objects.update(holiday_country="US")
    configuration_changed()
    page = calendar(house, "view=week&day=2026-11-27")
    assert "Cora Customer</bdi> <span>1/3</span>" in page
    assert "Thanksgiving" in page


def test_work_that_stands_still_says_so(house: House, job: Job, crew: Team) -> None:
    plan(job, crew).hold("Permit", None, by=None)
    assert "On hold: Permit" in calendar(house, "day=2026-11-27")


def test_two_projects_of_a_crew_on_one_day_are_pointed_out(house: House, job: Job, crew: Team) -> None:
    plan(job, crew)
    assert "two projects on one day" not in calendar(house, "day=2026-11-27")
    plan(another(house), crew)
    assert "two projects on one day" in calendar(house, "day=2026-11-27")
    assert "two projects on one day" in calendar(house, "view=week&day=2026-11-27")


def test_what_its_people_have_besides_stands_in_its_lane(house: House, job: Job, crew: Team) -> None:
    plan(job, crew)
    type_ = AppointmentType.add("Measure", by=None, minutes=60)
    Appointment.book(job, type_, NOON + timedelta(days=2, hours=1), [house.sam], by=house.sam, anyway=True)
    page = calendar(house, "day=2026-11-27")
    assert 'class="slot inside-0' in page
    assert page.count("Old roof off, day 1 of 3") == 1, "one piece of the bar says what it is"


def test_who_may_not_see_a_job_reads_that_the_crew_is_busy(house: House, job: Job, crew: Team) -> None:
    plan(another(house), crew)
    page = calendar(house, f"day=2026-11-27&who=team-{crew.pk}", house.rita)
    assert "Otis Other" not in page
    assert "Busy" in page


def test_the_queries_of_a_page_do_not_grow_with_crews_work(house: House, job: Job, crew: Team) -> None:
    plan(job, crew)
    counts = []
    for _time in range(2):
        calendar(house, "view=week&day=2026-11-27")
        with data_queries() as queries:
            calendar(house, "view=week&day=2026-11-27")
        counts.append(len(queries))
        for week in range(4):
            with use_tenant(house.tenant), clock.at(NOON):
                plan(another(house), crew, FRIDAY + timedelta(days=week))
    assert counts[0] == counts[1]
