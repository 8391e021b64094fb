"""A project: its days, milestones, percentage, holds, and how each is taken back."""

from datetime import date, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from service.models import Milestone, Project, ProjectTemplate
from service.projects.project_days import project_dates, project_day_number
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def project(house: House, job: Job) -> Project:
    return Project.start(job, ProjectTemplate.objects.get(), by=house.sam, starts_on=date(2026, 12, 1))


def test_work_planned_for_a_later_day_tells_no_share_of_it(house: House, project: Project) -> None:
    project.percent, project.starts_on = 10, clock.now().date() + timedelta(days=7)
    project.save(update_fields=["percent", "starts_on"])
    page = Browser(house, house.sam).get(f"service/projects/{project.uid}/")
    assert ("Work hasn’t begun" in page, "10%" in page) == (True, False)


def test_days_milestones_and_percentage(house: House, project: Project) -> None:
    assert [project_day_number(project, date(2026, 12, day)) for day in (1, 3, 4)] == [1, 3, 0]
    # Friday to Tuesday: the weekend does not count, as on the customer's page.
    project.starts_on, project.ends_on = date(2026, 12, 4), date(2026, 12, 8)
    assert ([project_day_number(project, date(2026, 12, day)) for day in (4, 6, 8)], len(project_dates(project))) == (
        [1, 1, 3],
        3,
    )
    project.refresh_from_db()
    first, _order, last = project.milestones.in_order()
    assert last.text(["en"]) == "The new roof goes on"
    last.done_at = clock.now()
    assert last.text(["nl", "en"]) == "Your new roof is on", "in any language before in none"
    last.done_at = None
    with undo.record_undoable("milestone.completed", [first], by=house.sam) as change:
        first.complete(by=house.sam)
    assert Project.objects.get().percent == 33
    undo.undo_change(change.uid, by=house.sam)
    assert Project.objects.get().percent == 0
    # One marked so asks the customer how it goes, the first time it is reached and no more.
    last.asks = True
    last.save(update_fields=["asks"])
    for row in (first, last, last):
        row.complete(by=house.sam)
        row.reopen(by=house.sam)
    told = Event.objects.filter(kind="milestone.completed").order_by("pk")
    assert [event.data["asks"] for event in told] == [False, False, True, False]
    project.report_percent(66, by=house.sam)
    with pytest.raises(Refused):
        project.report_percent(101, by=house.sam)
    with undo.record_undoable("project.scheduled", [project], by=house.sam) as change:
        project.schedule(date(2026, 12, 8), date(2026, 12, 10), by=house.sam)
    assert Milestone.objects.get(pk=last.pk).planned_on == date(2026, 12, 10)
    undo.undo_change(change.uid, by=house.sam)
    project.refresh_from_db()
    assert (project.starts_on, Milestone.objects.get(pk=last.pk).planned_on) == (date(2026, 12, 1), date(2026, 12, 3))
    assert project.percent == 66


def test_a_milestone_is_for_the_team_until_somebody_shows_it(house: House, project: Project) -> None:
    added = Milestone.add(project, "Order the crane", by=house.sam)
    seen = project.milestones.customers()
    assert added.pk not in seen.values_list("pk", flat=True)
    with undo.record_undoable("milestone.shown", [added], by=house.sam) as change:
        added.show(by=house.sam)
        added.show(by=house.sam)
    assert added.pk in seen.values_list("pk", flat=True)
    undo.undo_change(change.uid, by=house.sam)
    assert added.pk not in seen.values_list("pk", flat=True)
    first = project.milestones.in_order()[0]
    first.hide(by=house.sam)
    kinds = [event.kind for event in Event.objects.filter(kind__in=("milestone.shown", "milestone.hidden"))]
    assert (sorted(kinds), seen.count()) == (["milestone.hidden", "milestone.shown"], 1)


def test_a_hold_has_a_reason_and_finishing_ends_it(house: House, project: Project) -> None:
    with pytest.raises(Refused):
        project.hold(" ", None, by=house.sam)
    project.hold("Rain", date(2026, 12, 4), by=house.sam)
    assert project_day_number(project, date(2026, 12, 2)) == 0
    project.finish(by=house.sam)
    assert (project.is_held, project.percent) == (False, 100)
    with pytest.raises(Refused, match="finished"):
        project.hold("Rain", None, by=house.sam)
    project.reopen(by=house.sam)
    assert project.finished_at is None


def test_a_template_is_of_its_type_and_says_something(house: House) -> None:
    with pytest.raises(Refused, match="milestone"):
        ProjectTemplate.add("Empty", by=house.ada, milestones=[])
    row = ProjectTemplate.objects.get()
    row.edit("Re-roof, shingles", by=house.ada, days=4)
    assert (row.name, row.days) == ("Re-roof, shingles", 4)
