"""Each verb of a project and of its milestones: what it changes, what it refuses, and that twice is once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event, Team
from crm.platform.work.tasks import dispatch_events
from leads.models import Lead
from service.models import Milestone, Project, ProjectTemplate
from service.models.milestone import MilestoneText
from service.projects.actual_days import note_days, note_planned_days
from service.projects.project_days import is_ahead, project_dates
from tests.cast import House
from tests.service.conftest import NOON, milestone, recorded

TUESDAY = date(2026, 12, 1)


@pytest.fixture
def first(project: Project) -> Milestone:
    """“Old roof off”, a third of the work."""
    row: Milestone = project.milestones.in_order()[0]
    return row


def test_a_job_is_set_up_once(house: House, job: Job, project: Project) -> None:
    assert Project.start(job, None, by=house.sam).template == project.template
    assert (recorded("project.started"), Milestone.objects.count()) == (1, 3)


def test_without_a_start_nothing_is_planned(house: House, job: Job) -> None:
    project = Project.start(job, ProjectTemplate.objects.get(), by=house.sam)
    assert (project.starts_on, project.ends_on, project_dates(project)) == (None, None, [])
    assert {one.planned_on for one in project.milestones.all()} == {None}


def test_the_first_date_plans_milestones_as_the_template_says(house: House, job: Job) -> None:
    project = Project.start(job, ProjectTemplate.objects.get(), by=house.sam)
    project.schedule(TUESDAY, TUESDAY, by=house.sam)
    assert [one.planned_on.day for one in project.milestones.in_order()] == [1, 1, 3]


def test_what_is_done_stays_on_its_day_when_the_work_moves(house: House, project: Project, first: Milestone) -> None:
    first.complete(by=house.sam)
    project.schedule(date(2026, 12, 8), date(2026, 12, 10), by=house.sam)
    assert [one.planned_on.day for one in project.milestones.in_order()] == [1, 8, 10]


def test_a_milestone_that_was_moved_by_hand_keeps_its_distance(house: House, project: Project) -> None:
    project.milestones.filter(name="New roof on").update(planned_on=date(2026, 12, 20))
    project.schedule(date(2026, 12, 2), date(2026, 12, 4), by=house.sam)
    assert project.milestones.get(name="New roof on").planned_on == date(2026, 12, 21)


def test_planned_for_the_same_days_nothing_is_recorded(house: House, project: Project) -> None:
    project.schedule(TUESDAY, date(2026, 12, 3), by=house.sam)
    assert recorded("project.scheduled") == 0


@pytest.mark.parametrize("ends", [date(2026, 11, 30), date(2028, 12, 2)])
def test_work_that_ends_before_it_starts_or_years_later_is_refused(house: House, project: Project, ends: date) -> None:
    with pytest.raises(Refused, match="two years"):
        project.schedule(TUESDAY, ends, by=house.sam)
    assert Project.objects.get().ends_on == date(2026, 12, 3)


def test_two_years_to_the_day_are_accepted(house: House, project: Project) -> None:
    project.schedule(TUESDAY, TUESDAY + timedelta(days=730), by=house.sam)
    assert Project.objects.get().ends_on == date(2028, 11, 30)


def test_a_crew_gets_the_work_once_and_loses_it(house: House, project: Project) -> None:
    crew = Team.create("Crew A", by=None)
    for team in (crew, crew, None, None):
        project.give_to(team, by=house.sam)
    given = Event.objects.filter(kind="project.given").order_by("pk").values_list("data", flat=True)
    assert list(given) == [{"from": None, "to": crew.pk}, {"from": crew.pk, "to": None}]


@pytest.mark.parametrize("percent", [-1, 101])
def test_no_more_than_all_of_it_is_done(house: House, project: Project, percent: int) -> None:
    with pytest.raises(Refused, match="0 to 100"):
        project.report_percent(percent, by=house.sam)


@pytest.mark.parametrize("percent", [0, 100])
def test_nothing_and_all_of_it_can_be_said(house: House, project: Project, percent: int) -> None:
    project.report_percent(50, by=house.sam)
    project.report_percent(percent, by=house.sam)
    assert Project.objects.get().percent == percent


def test_the_same_percentage_is_recorded_once(house: House, project: Project) -> None:
    for _time in range(2):
        project.report_percent(40, by=house.sam)
    assert recorded("project.progressed") == 1


def test_the_next_tick_counts_from_the_milestones_again(house: House, project: Project, first: Milestone) -> None:
    project.report_percent(90, by=house.sam)
    first.complete(by=house.sam)
    assert Project.objects.get().percent == 33


def test_milestones_without_weight_leave_the_percentage_alone(house: House, job: Job) -> None:
    project = Project.start(job, None, by=house.sam)
    row = Milestone.add(project, "Call the neighbours", by=house.sam)
    Milestone.objects.update(weight=0)
    project.report_percent(40, by=house.sam)
    row.complete(by=house.sam)
    assert Project.objects.get().percent == 40


def test_a_hold_of_the_same_reason_is_recorded_once_and_keeps_its_beginning(house: House, project: Project) -> None:
    project.hold("Rain", None, by=house.sam)
    with clock.at(NOON + timedelta(hours=2)):
        project.hold(" Rain ", None, by=house.sam)
        project.hold("Storm", TUESDAY, by=house.sam)
    assert (recorded("project.held"), project.held_at, project.hold_until) == (2, NOON, TUESDAY)


def test_resumed_it_stands_still_no_more(house: House, project: Project) -> None:
    project.hold("Rain", TUESDAY, by=house.sam)
    for _time in range(2):
        project.resume(by=house.sam)
    assert (project.is_held, project.hold_reason, project.hold_until, recorded("project.resumed")) == (
        *(False, "", None),
        1,
    )


def test_finished_twice_it_is_finished_once(house: House, project: Project) -> None:
    project.finish(by=house.sam)
    with clock.at(NOON + timedelta(hours=1)):
        project.finish(by=house.mona)
    assert (project.finished_at, recorded("project.finished")) == (NOON, 1)


@pytest.mark.parametrize(
    "verb",
    [
        lambda row, by: row.schedule(TUESDAY, TUESDAY, by=by),
        lambda row, by: row.give_to(None, by=by),
        lambda row, by: row.report_percent(50, by=by),
        lambda row, by: row.hold("Rain", None, by=by),
    ],
    ids=["schedule", "give_to", "report_percent", "hold"],
)
def test_finished_work_refuses(house: House, project: Project, verb: Callable[..., None]) -> None:
    project.finish(by=house.sam)
    with pytest.raises(Refused, match="Reopen it first"):
        verb(project, house.sam)


def test_work_that_goes_on_is_not_reopened(house: House, project: Project) -> None:
    project.reopen(by=house.sam)
    assert recorded("project.reopened") == 0


def test_work_that_has_begun_is_not_withdrawn(house: House, project: Project) -> None:
    project.report_percent(1, by=house.sam)
    with pytest.raises(Refused, match="already started"):
        project.withdraw(by=house.sam)
    assert Project.objects.exists()


def test_a_tick_is_a_beginning_whatever_it_weighs(house: House, project: Project) -> None:
    project.milestones.get(name="Order shingles").complete(by=house.sam)
    assert (project.percent, project.has_begun) == (0, True)


def test_undoing_a_hold_is_recorded_and_lets_it_go_on(house: House, project: Project) -> None:
    with undo.record_undoable("project.held", [project], by=house.sam) as change:
        project.hold("Rain", None, by=house.sam)
    undo.undo_change(change.uid, by=house.sam)
    assert (Project.objects.get().is_held, Event.objects.get(kind="project.undone").data["of"]) == (
        False,
        "project.held",
    )


def test_work_planned_for_later_is_ahead_until_its_first_day(house: House, project: Project) -> None:
    assert [is_ahead(project, day) for day in (date(2026, 11, 30), TUESDAY)] == [True, False]
    project.finish(by=house.sam)
    assert not is_ahead(project, date(2026, 11, 30))


def test_a_milestone_is_late_the_day_after_its_day(house: House, first: Milestone) -> None:
    assert [first.is_late(day) for day in (TUESDAY, date(2026, 12, 2))] == [False, True]
    first.complete(by=house.sam)
    assert not first.is_late(date(2026, 12, 2))


def test_a_milestone_is_ticked_once_by_the_first(house: House, first: Milestone) -> None:
    first.complete(by=house.sam)
    first.complete(by=house.mona)
    assert (first.done_by, first.done_at, recorded("milestone.completed")) == (house.sam, NOON, 1)


def test_a_tick_taken_off_takes_its_share_away(house: House, first: Milestone) -> None:
    first.complete(by=house.sam)
    for _time in range(2):
        first.reopen(by=house.sam)
    assert (first.done_by, Project.objects.get().percent, recorded("milestone.reopened")) == (None, 0, 1)


def test_a_milestone_of_the_team_asks_the_customer_nothing(house: House, project: Project) -> None:
    row = project.milestones.get(name="Order shingles")
    row.asks = True
    row.save(update_fields=["asks"])
    row.complete(by=house.sam)
    assert Event.objects.get(kind="milestone.completed").data["asks"] is False


def test_a_milestone_is_added_at_the_end(house: House, project: Project) -> None:
    row = Milestone.add(project, "  Clean   up ", by=house.sam, visibility="customer")
    assert (row.name, row.position, row.visibility) == ("Clean up", 3, "customer")
    with pytest.raises(Refused, match="name"):
        Milestone.add(project, " ", by=house.sam)


def test_one_milestone_more_makes_less_of_what_is_done(house: House, project: Project, first: Milestone) -> None:
    first.complete(by=house.sam)
    Milestone.add(project, "Clean up", by=house.sam)
    assert Project.objects.get().percent == 25


def test_what_the_customer_reads_is_tidied_and_recorded_once(house: House, first: Milestone) -> None:
    texts = {"en": MilestoneText(" It  comes off ", ""), "nl": MilestoneText("", " ")}
    for _time in range(2):
        first.describe(texts, by=house.sam)
    assert (first.customer_texts, recorded("milestone.described")) == ({"en": ["It comes off", ""]}, 1)
    assert first.text(["nl"]) == "It comes off"


def test_a_text_for_the_customer_has_200_characters_at_most(house: House, first: Milestone) -> None:
    first.describe({"en": MilestoneText("x" * 200)}, by=house.sam)
    with pytest.raises(Refused, match="200"):
        first.describe({"en": MilestoneText(done="x" * 201)}, by=house.sam)


def test_a_milestone_without_texts_reads_as_its_name(house: House, project: Project) -> None:
    assert project.milestones.get(name="Order shingles").text(["en"]) == "Order shingles"


def test_a_template_needs_weight_and_a_duration(house: House) -> None:
    for fields, words in (
        ({"milestones": [milestone("Nothing", 0, 0)]}, "share of the work"),
        ({"milestones": [milestone("All", 1, 0)], "days": 0}, "one day"),
        ({"milestones": [milestone("All", 1, 0)], "days": 366}, "one day"),
        ({"milestones": [milestone("All", 1, 0)] * 31}, "30 lines"),
    ):
        with pytest.raises(Refused, match=words):
            ProjectTemplate.add("Odd", by=house.ada, **fields)


def test_editing_a_template_changes_no_project_that_is_set_up(house: House, project: Project) -> None:
    ProjectTemplate.objects.get().edit("Re-roof", by=house.ada, milestones=[milestone("All", 1, 0)])
    assert project.milestones.count() == 3


def finish_on(project: Project, day: int) -> list[Event]:
    with clock.at(NOON.replace(month=12, day=day)):
        project.finish(by=None)
    return list(Event.objects.filter(kind="project.finished"))


def test_the_days_the_work_took_stand_on_the_lead(project: Project) -> None:
    note_days(finish_on(project, 4))
    assert Lead.objects.get().actual_days == 4


def test_days_that_a_person_wrote_down_stay(house: House, project: Project) -> None:
    Lead.objects.get().estimate(by=house.sam, actual_days=9)
    finish_on(project, 4)
    dispatch_events()
    assert Lead.objects.get().actual_days == 9


def test_work_without_a_start_took_no_days(project: Project) -> None:
    Project.objects.update(starts_on=None, ends_on=None)
    note_days(finish_on(Project.objects.get(), 4))
    assert Lead.objects.get().actual_days is None


def test_work_finished_before_its_first_day_took_no_days(project: Project) -> None:
    project.finish(by=None)
    note_days(list(Event.objects.filter(kind="project.finished")))
    assert Lead.objects.get().actual_days is None


def plan_again(project: Project, days: int) -> list[Event]:
    first = project.starts_on
    assert first is not None
    project.schedule(first, first + timedelta(days=days - 1), by=None)
    return list(Event.objects.filter(kind="project.scheduled"))


def test_the_days_of_the_first_plan_were_said(project: Project) -> None:
    note_planned_days(plan_again(project, 5))
    assert Lead.objects.get().quoted_days == 5
    note_planned_days(plan_again(project, 9))
    assert Lead.objects.get().quoted_days == 5


def test_a_project_without_dates_says_nothing(project: Project) -> None:
    scheduled = plan_again(project, 5)
    Project.objects.update(starts_on=None, ends_on=None)
    note_planned_days(scheduled)
    assert Lead.objects.get().quoted_days is None
