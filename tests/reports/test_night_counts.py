"""What a night counts: acts by who did them, the days that are left to count, and how long leads stayed in a step."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Side
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from leads.lead_list import LEADS
from reports.models import ActDay, CountedAct, StayLeads, StepStay
from reports.work import nightly_counts
from reports.work.steps import step_lines
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Monday noon in New York, and the morning after, when its night has counted it.
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
Open = Callable[..., Job]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(NOON):
        yield cast.house


@pytest.fixture
def opened(house: House) -> Open:
    """Open a lead of Rita's in the first step, days before."""

    def make(days: float = 0, title: str = "Ann") -> Job:
        with clock.at(NOON - days * DAY):
            return open_job(title=title, stage=house.stage("New"), member=house.rita, by=house.rita)

    return make


def counts(act: CountedAct, day: date = MONDAY) -> tuple[int, int, int]:
    """By hand, with a template, by itself, of a day that is counted now."""
    nightly_counts.count_day(day)
    row = ActDay.objects.get(day=day, act=act)
    return row.by_hand, row.by_template, row.by_itself


def test_a_move_by_a_member_is_by_hand(house: House, opened: Open) -> None:
    opened(1).move_to(house.stage("Reached"), by=house.rita)
    assert counts(CountedAct.MOVE) == (1, 0, 0)


def test_a_move_of_nobody_is_by_itself(house: House, opened: Open) -> None:
    opened(1).move_to(house.stage("Reached"), by=None)
    assert counts(CountedAct.MOVE) == (0, 0, 1)


def test_what_a_rule_did_in_a_members_name_is_by_itself(house: House, opened: Open) -> None:
    job = opened(1)
    with events.caused_by(17):
        job.move_to(house.stage("Reached"), by=house.rita)
    assert counts(CountedAct.MOVE) == (0, 0, 1)


def test_a_lead_given_to_somebody_is_an_assignment(house: House, opened: Open) -> None:
    opened(1).assign_to(house.mona, by=house.mona)
    assert counts(CountedAct.ASSIGNMENT) == (1, 0, 0)


def test_a_follow_up_that_is_planned_counts_on_its_day(house: House, opened: Open) -> None:
    FollowUp.plan(job=opened(1), kind="call", subject="Ring", due_at=NOON + 5 * DAY, assignee=house.rita, by=house.rita)
    assert (counts(CountedAct.FOLLOW_UP), counts(CountedAct.FOLLOW_UP, MONDAY + 5 * DAY)) == ((1, 0, 0), (0, 0, 0))


def test_a_day_ends_at_midnight_where_the_house_is(house: House, opened: Open) -> None:
    for minutes in (-1, 1):
        job = opened(1)
        with clock.at(datetime(2026, 3, 3, 5, tzinfo=UTC) + timedelta(minutes=minutes)):
            job.move_to(house.stage("Reached"), by=house.rita)
    assert (counts(CountedAct.MOVE), counts(CountedAct.MOVE, MONDAY + DAY)) == ((1, 0, 0), (1, 0, 0))


def test_acts_of_another_house_are_not_counted(cast: Cast, house: House, opened: Open) -> None:
    opened(1).move_to(house.stage("Reached"), by=house.rita)
    with use_tenant(cast.other.tenant):
        assert counts(CountedAct.MOVE) == (0, 0, 0)


def test_a_day_without_acts_has_a_row_of_each_kind(house: House) -> None:
    nightly_counts.count_day(MONDAY)
    assert set(ActDay.objects.filter(day=MONDAY).values_list("act", "by_hand")) == {(act, 0) for act in CountedAct}


def test_the_first_night_looks_back_as_far_as_the_page_shows(house: House) -> None:
    nightly_counts.count_until(MONDAY)
    days = ActDay.objects.order_by("day").values_list("day", flat=True)
    assert (days[0], days.last()) == (MONDAY - nightly_counts.MOST_DAYS * DAY, MONDAY - DAY)


def test_a_night_goes_on_where_the_last_one_ended(house: House) -> None:
    nightly_counts.count_day(MONDAY - 3 * DAY)
    ActDay.objects.update(by_hand=99)
    nightly_counts.count_until(MONDAY)
    days = set(ActDay.objects.exclude(by_hand=99).values_list("day", flat=True))
    assert days == {MONDAY - 2 * DAY, MONDAY - DAY}


def test_a_house_that_counted_nothing_counts_at_once(house: House) -> None:
    Due.objects.filter(kind=nightly_counts.NIGHT).delete()
    nightly_counts.begin_again()
    assert Due.objects.get(kind=nightly_counts.NIGHT).due_at == NOON


def test_a_house_that_counts_is_left_alone(house: House, opened: Open) -> None:
    opened(2).move_to(house.stage("Reached"), by=house.rita)
    with clock.at(NOON + DAY):
        nightly_counts.count_night([0])
        Due.objects.filter(kind=nightly_counts.NIGHT).delete()
        nightly_counts.begin_again()
    assert not Due.objects.filter(kind=nightly_counts.NIGHT).exists()


def test_half_of_the_stays_were_as_short_as_the_median(house: House, opened: Open) -> None:
    for days in (1, 2, 9):
        opened(days).move_to(house.stage("Reached"), by=house.rita)
    nightly_counts.count_stays(NOON + DAY)
    row = StepStay.objects.get(stage=house.stage("New"))
    assert (row.is_latest, row.stays, row.median) == (True, 3, 2 * 86_400)


def test_stays_of_the_days_before_stand_beside_the_latest(house: House, opened: Open) -> None:
    job = opened(4)
    job.move_to(house.stage("Reached"), by=house.rita)
    nightly_counts.count_stays(NOON + (nightly_counts.STAY_DAYS + 1) * DAY)
    row = StepStay.objects.get(stage=house.stage("New"))
    assert (row.is_latest, row.turns, StayLeads.objects.exists()) == (False, {}, False)


def test_a_step_that_nobody_left_has_no_stays(house: House, opened: Open) -> None:
    opened(4)
    nightly_counts.count_stays(NOON + DAY)
    assert not StepStay.objects.exists()


def test_stays_counted_again_replace_the_others(house: House, opened: Open) -> None:
    opened(1).move_to(house.stage("Reached"), by=house.rita)
    for _time in range(2):
        nightly_counts.count_stays(NOON + DAY)
    assert (StepStay.objects.count(), StepStay.objects.get().stays) == (1, 1)


@pytest.fixture
def handed_over(house: House, opened: Open) -> Job:
    """A lead that left the first step after two days, the second of them the customer's; and one that is ours alone."""
    job = opened(2)
    with clock.at(NOON - DAY):
        job.turn_to(Side.CUSTOMER, by=house.rita)
    for left in (job, opened(1, "Bob")):
        left.move_to(house.stage("Reached"), by=house.rita)
    nightly_counts.count_stays(NOON + DAY)
    return job


def test_the_time_of_a_stay_is_told_by_whose_move_it_was(house: House, handed_over: Job) -> None:
    turns = StepStay.objects.get(stage=house.stage("New")).turns
    assert turns == {"us": [2 * 86_400, 86_400], "customer": [86_400, 86_400]}


def test_the_leads_of_a_side_are_kept_for_its_list(house: House, handed_over: Job) -> None:
    sides = dict(StayLeads.objects.filter(stage=house.stage("New")).values_list("side", "leads"))
    assert sides == {"": 2, "us": 2, "customer": 1}
    assert StayLeads.objects.get(stage=None, side="customer").job_ids == [handed_over.pk]


@pytest.mark.parametrize(
    ("asked", "titles"), [("{step}.", ["Ann", "Bob"]), ("{step}.customer", ["Ann"]), ("all.us", ["Ann", "Bob"])]
)
def test_a_number_of_stays_opens_its_leads(house: House, handed_over: Job, asked: str, titles: list[str]) -> None:
    query = QueryDict(f"closed=all&stayed={asked.format(step=house.stage('New').pk)}")
    rows = LEADS.apply(LEADS.read(query, house.mona), house.mona)
    assert sorted(rows.values_list("title", flat=True)) == titles


def test_a_number_of_stays_opens_no_lead_that_a_rep_does_not_see(house: House, handed_over: Job) -> None:
    handed_over.assign_to(house.mona, by=house.mona)
    rows = LEADS.apply(LEADS.read(QueryDict("closed=all&stayed=all.customer"), house.rita), house.rita)
    assert not rows.exists()


@pytest.mark.parametrize(
    ("asked", "words"), [("all.", "left lately"), ("all.paused", "on hold"), ("{step}.customer", "left New lately")]
)
def test_the_list_says_which_stays_it_is_of(house: House, handed_over: Job, asked: str, words: str) -> None:
    value = asked.format(step=house.stage("New").pk)
    assert words in Browser(house, house.mona).get(f"leads/?closed=all&stayed={value}")


def test_what_holds_up_most_comes_first(house: House, opened: Open) -> None:
    slow, quick = house.stage("Reached"), house.stage("New")
    for stage, seconds in ((slow, 9 * 86_400), (quick, 60)):
        StepStay.objects.create(stage=stage, is_latest=True, stays=3, median=seconds, p90=seconds)
    opened().move_to(slow, by=house.rita)
    assert [line.stage for line in step_lines(house.mona)][:2] == [slow, quick]


def test_a_step_is_compared_with_as_long_before(house: House) -> None:
    stage = house.stage("New")
    for is_latest, seconds in ((True, 150), (False, 100)):
        StepStay.objects.create(stage=stage, is_latest=is_latest, stays=3, median=seconds, p90=seconds)
    [line] = [line for line in step_lines(house.mona) if line.stage == stage]
    assert (line.median, line.before, line.trend) == (150, 100, 50)


def test_leads_that_stand_in_a_step_are_those_the_reader_sees(house: House, opened: Open) -> None:
    opened()
    opened().assign_to(house.mona, by=house.mona)
    standing: dict[str, Any] = {
        reader.name: sum(line.standing.all for line in step_lines(reader)) for reader in (house.mona, house.rita)
    }
    assert standing == {"Mona Manager": 3, "Rita Rep": 2}, "one of each, and that of the cast"


def test_steps_of_an_archived_pipeline_are_left_out(house: House) -> None:
    pipeline = house.job.pipeline
    pipeline.archived_at = NOON
    pipeline.save(update_fields=["archived_at"])
    assert all(line.stage.pipeline_id != pipeline.pk for line in step_lines(house.mona))


@pytest.mark.parametrize("minutes", ["-1", "121", "", "many"])
def test_minutes_that_are_none_change_nothing(house: House, minutes: str) -> None:
    given = {"message": 6, "template": 4, "follow_up": 2, "move": minutes, "assignment": 2, "update": 10}
    Browser(house, house.mona).post("reports/workload/minutes/", given, status=422)
    assert not Event.objects.filter(kind="work_policy.minutes_set").exists()


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_only_who_leads_sets_minutes(house: House, name: str) -> None:
    Browser(house, getattr(house, name)).post("reports/workload/minutes/", {"move": "1"}, status=404)
