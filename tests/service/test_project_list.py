"""Which jobs service's list shows under each of its words, and its board moves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.platform.models import Member, Team
from service.models import HandOff, Project
from service.projects.project_list import PROJECTS
from service.work_days import work_days
from tests.cast import House
from tests.followups.conftest import Browser

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def names(house: House) -> Callable[..., list[str]]:
    """The jobs that a member's list has under some filters."""

    def read(member: Member | None = None, **filters: str) -> list[str]:
        member = member or house.sam
        rows = PROJECTS.apply(PROJECTS.filters(**filters), member)
        return sorted(rows.values_list("title", flat=True))

    return read


@pytest.fixture
def jobs(house: House) -> dict[str, Project]:
    """Mona's jobs in work: one each on site, over, held, unplanned, next week, and much later."""
    days = {
        "Site": (WEDNESDAY, WEDNESDAY),
        "Over": (date(2026, 11, 20), date(2026, 11, 24)),
        "Held": (WEDNESDAY, WEDNESDAY),
        "Unplanned": (None, None),
        "Soon": (date(2026, 12, 1), date(2026, 12, 3)),
        "Later": (date(2026, 12, 2), date(2026, 12, 3)),
    }
    rows = {}
    for title, (starts, ends) in days.items():
        job = open_job(title=title, stage=house.stage("Scheduled"), member=house.mona, by=None)
        rows[title] = Project.objects.create(job=job, starts_on=starts, ends_on=ends)
    rows["Held"].hold("Permit", None, by=None)
    return rows


def test_each_word_about_the_work(jobs: dict[str, Project], names: Any) -> None:
    assert names(work="site") == ["Site"]
    assert names(work="unplanned") == ["Unplanned"]
    assert names(work="week") == ["Held", "Site", "Soon"]
    assert names(work="risk") == ["Held", "Over"]


def test_a_late_milestone_is_a_risk_until_it_is_reached(jobs: dict[str, Project], names: Any) -> None:
    row = jobs["Site"].milestones.create(name="Permit", position=0, planned_on=date(2026, 11, 24))
    assert "Site" in names(work="risk")
    row.complete(by=None)
    assert "Site" not in names(work="risk")


def test_finished_work_is_no_longer_listed(jobs: dict[str, Project], names: Any) -> None:
    jobs["Over"].finish(by=None)
    assert "Over" not in names()
    assert "Over" not in names(work="risk")


def test_the_jobs_of_a_crew(jobs: dict[str, Project], names: Any) -> None:
    crew = Team.create("Crew A", by=None)
    jobs["Soon"].give_to(crew, by=None)
    assert names(crew=str(crew.pk)) == ["Soon"]


def test_what_waits_for_an_answer(sold: Callable[..., HandOff], jobs: dict[str, Project], names: Any) -> None:
    hand_off = sold(value=1)
    assert names(work="waiting") == ["Cora Customer"]
    hand_off.withdraw(by=None)
    assert names(work="waiting") == []


def test_sales_sees_what_it_sold_and_nothing_of_others(
    house: House, sold: Callable[..., HandOff], jobs: dict[str, Project], names: Any
) -> None:
    sold(value=1)
    Job.objects.filter(title="Cora Customer").update(member=house.sam)
    assert names(house.rita) == ["Cora Customer"]


def test_a_job_of_nobody_is_everybodys(house: House, jobs: dict[str, Project], names: Any) -> None:
    Job.objects.filter(title="Soon").update(member=None)
    assert names(house.rita) == ["Soon"]


def test_a_card_is_not_moved_to_a_step_that_is_gone(house: House, sam: Browser, jobs: dict[str, Project]) -> None:
    job = Job.objects.get(title="Soon")
    sam.post(f"service/board/{job.number}/", {"stay": job.stay, "phase": "999999"}, status=422)
    job.refresh_from_db()
    assert job.stage == house.stage("Scheduled")


def test_a_card_dropped_where_it_is_stays(house: House, sam: Browser, jobs: dict[str, Project]) -> None:
    job = Job.objects.get(title="Soon")
    sam.post(f"service/board/{job.number}/", {"stay": job.stay, "phase": str(job.stage_id)})
    assert Job.objects.get(title="Soon").stay == job.stay


def test_a_holiday_moves_no_crew_and_a_weekend_of_work_counts() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)

    def is_weekday(day: date) -> bool:
        return day.weekday() < 5

    assert work_days(friday, monday, is_weekday) == [friday, monday]
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert work_days(saturday, sunday, is_weekday) == [saturday, sunday]


def test_work_planned_for_years_by_mistake_counts_a_year() -> None:
    assert len(work_days(date(2026, 1, 1), date(2036, 1, 1), lambda day: True)) == 366


def test_follow_up_for_all_means_the_jobs_of_this_list(house: House, jobs: dict[str, Project]) -> None:
    open_job(title="A lead", by=None)
    form = {"list": "service", "all": "1", "view": "?work=unplanned"}
    answer = Browser(house, house.mona).post("followups/new/many/", form, status=200)
    assert "1 lead is selected." in answer.content.decode()
