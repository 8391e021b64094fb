"""What each part of the dashboard says of a few leads: what needs somebody, what waiting costs, who has how much."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead
from reports.dashboard.ages import ages
from reports.dashboard.page import Dashboard, dashboard
from reports.dashboard.scope import Scope
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Thursday morning in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
DAY = timedelta(days=1)
Open = Callable[..., Job]
Read = Callable[..., Dashboard]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def opened(house: House) -> Open:
    """Open a lead of Mona's, days ago; of $5,000 unless said otherwise."""

    def make(title: str = "Ann", days: float = 0, value: int | None = 500_000, **more: Any) -> Job:
        with clock.at(NOW - days * DAY):
            given = {"stage": house.stage("New"), "member": house.mona, "by": house.mona, "value": value} | more
            job = open_job(title=title, **given)
            Lead.objects.create(job=job, rep=house.mona)
            return job

    return make


@pytest.fixture
def read(house: House) -> Read:
    """The dashboard of Mona's own leads, by an address."""

    def page(query: str = "rep=me", member: Any = None) -> Dashboard:
        return dashboard(Scope.read(QueryDict(query), member or house.mona, house.tenant.slug))

    return page


def needs(page: Dashboard) -> dict[str, int]:
    return {str(need.words): need.number.count for need in page.needs}


def test_where_nothing_waits_nobody_is_needed(read: Read) -> None:
    assert needs(read()) == {}


def test_a_lead_with_no_contact_and_no_plan_needs_both(read: Read, opened: Open) -> None:
    opened()
    assert needs(read()) == {"with no contact yet": 1, "with no next step": 1}


def test_a_planned_step_that_is_over_needs_somebody(house: House, read: Read, opened: Open) -> None:
    job = opened(days=2)
    with clock.at(NOW - DAY):
        job.plan_next(kind="call", label="Call", at=NOW - timedelta(minutes=1), by=house.mona)
    found = needs(read())
    assert (found["with an overdue next step"], "with no next step" in found) == (1, False)


def test_a_step_planned_for_later_needs_nobody(house: House, read: Read, opened: Open) -> None:
    opened().plan_next(kind="call", label="Call", at=NOW + timedelta(minutes=1), by=house.mona)
    assert "with an overdue next step" not in needs(read())


def test_who_wrote_waits_until_they_are_answered(house: House, read: Read, opened: Open) -> None:
    job = opened()
    job.hear("sms")
    assert needs(read())["waiting for our reply"] == 1
    job.answer("sms", by=house.mona, turn=False)
    assert "waiting for our reply" not in needs(read())


def test_what_nobody_has_is_told_with_its_worth(house: House, read: Read, opened: Open) -> None:
    opened().assign_to(None, by=house.mona)
    [alone] = [need for need in read("").needs if str(need.words) == "unclaimed"]
    assert (alone.number.count, alone.note) == (1, "$5K")


@pytest.mark.parametrize("query", ["rep=me", "rep=nobody"])
def test_a_dashboard_of_somebody_tells_of_nothing_unclaimed(house: House, read: Read, opened: Open, query: str) -> None:
    opened().assign_to(None, by=house.mona)
    assert "unclaimed" not in needs(read(query))


def test_a_lead_that_ended_needs_nobody(house: House, read: Read, opened: Open) -> None:
    opened().lose("Price", by=house.mona)
    assert (needs(read()), read().open) == ({}, 0)


def costs(page: Dashboard) -> list[tuple[int, list[str]]]:
    """Open and late, open and very late, lost after waiting, all lost."""
    return [(cost.number.count, cost.worth) for cost in page.neglect]


def test_waiting_costs_nothing_in_time(read: Read, opened: Open) -> None:
    opened()
    assert costs(read()) == [(0, [])] * 4


def test_a_lead_lost_in_time_is_no_cost_of_waiting(house: House, read: Read, opened: Open) -> None:
    opened().lose("Price", by=house.mona)
    assert costs(read())[2:] == [(0, []), (1, ["$5K"])]


def test_a_lead_lost_after_waiting_is_among_all_lost(house: House, read: Read, opened: Open) -> None:
    opened(days=40).lose("Price", by=house.mona)
    assert costs(read())[2:] == [(1, ["$5K"]), (1, ["$5K"])]


def test_amounts_of_two_currencies_are_two_amounts(house: House, read: Read, opened: Open) -> None:
    for title, currency in (("One", "USD"), ("Two", "EUR")):
        job = opened(title)
        job.lose("Price", by=house.mona)
        Job.objects.filter(pk=job.pk).update(currency=currency)
    assert costs(read())[3] == (2, ["€5K", "$5K"])


def test_what_was_lost_before_the_days_is_not_theirs(house: House, read: Read, opened: Open) -> None:
    job = opened(days=20)
    with clock.at(NOW - 10 * DAY):
        job.lose("Price", by=house.mona)
    assert (costs(read("rep=me&days=7"))[3], costs(read("rep=me&days=30"))[3]) == ((0, []), (1, ["$5K"]))


def tiles(page: Dashboard) -> dict[str, tuple[str, str]]:
    return {tile.name: (f"{tile.number.text}{tile.unit}", tile.change) for tile in page.tiles}


def test_of_nothing_decided_there_is_no_win_rate(read: Read, opened: Open) -> None:
    opened()
    found = tiles(read())
    assert (found["Win rate"], found["Sold"]) == (("–", ""), ("–", ""))


def test_the_win_rate_is_of_what_was_decided(house: House, read: Read, opened: Open) -> None:
    for title in ("Won", "Lost", "Open"):
        opened(title)
    Lead.objects.get(job__title="Won").win(by=house.mona)
    Job.objects.get(title="Lost").lose("Price", by=house.mona)
    found = tiles(read())
    assert (found["Win rate"][0], found["Sold"][0], found["New leads"][0]) == ("50%", "$5K", "3")


def test_a_dropped_lead_lowers_no_win_rate(house: House, read: Read, opened: Open) -> None:
    for title in ("Won", "Spam"):
        opened(title)
    Lead.objects.get(job__title="Won").win(by=house.mona)
    Job.objects.get(title="Spam").drop("Spam", by=house.mona)
    assert tiles(read())["Win rate"][0] == "100%"


def test_new_leads_stand_beside_those_of_as_many_days_before(read: Read, opened: Open) -> None:
    for days in (1, 2, 3, 8, 9):
        opened(f"{days}", days=days)
    assert tiles(read("rep=me&days=7"))["New leads"] == ("3", "50% more than before")


def test_the_team_has_who_has_the_most_first_and_nobody_last(house: House, read: Read, opened: Open) -> None:
    for title in ("One", "Two", "Three"):
        opened(title).assign_to(None, by=house.mona)
    opened("Hers")
    assert [line.name for line in read("").team] == ["Mona Manager", "Rita Rep", "Nobody"]


def test_a_member_who_left_keeps_a_line_without_lists(house: House, read: Read, opened: Open) -> None:
    opened(member=house.rita)
    house.rita.active = False
    house.rita.save()
    clear_configuration_caches()
    [line] = [line for line in read("").team if line.name == "Rita Rep"]
    assert (line.open.count > 0, line.open.url, line.came.url) == (True, "", "")


def test_the_share_of_a_member_is_of_what_was_decided(house: House, read: Read, opened: Open) -> None:
    for title in ("Won", "Lost", "Open"):
        opened(title)
    Lead.objects.get(job__title="Won").win(by=house.mona)
    Job.objects.get(title="Lost").lose("Price", by=house.mona)
    [mine] = read().team
    assert (mine.share, mine.won.count, mine.worth) == ("50%", 1, "$10K")


def test_of_nothing_decided_a_member_has_no_share(read: Read, opened: Open) -> None:
    opened(value=None)
    [mine] = read().team
    assert (mine.share, mine.won.text, mine.worth) == ("–", "–", "")


def ageing(page: Dashboard) -> dict[str, list[int]]:
    return {row.name: [cell.count for cell in row.cells] for row in page.ageing.rows if row.total}


@pytest.mark.parametrize(("days", "column"), [(0.9, 0), (1.1, 1), (3.1, 2), (6.1, 3), (11.1, 4), (21.1, 5), (300, 5)])
def test_a_lead_stands_in_the_column_of_its_days(read: Read, opened: Open, days: float, column: int) -> None:
    opened(days=days)
    [cells] = ageing(read()).values()
    assert cells == [int(at == column) for at in range(6)]


def test_leads_without_a_step_have_a_line_of_their_own(read: Read, opened: Open) -> None:
    opened(stage=None)
    assert ageing(read()) == {"No status": [1, 0, 0, 0, 0, 0]}


def test_a_cell_is_marked_by_its_worst_lead(house: House, read: Read, opened: Open) -> None:
    for title in ("Fine", "Late"):
        Job.objects.filter(pk=opened(title).pk).update(level=2 if title == "Late" else 4)
    [row] = [row for row in read().ageing.rows if row.total]
    assert (row.cells[0].count, row.cells[0].css.split()[0], row.cells[0].note) == (2, "late", "$10K")


def test_a_lead_that_came_far_is_in_each_bar_before(house: House, read: Read, opened: Open) -> None:
    opened("New")
    opened("Far").move_to(house.stage("Scheduled"), by=house.mona)
    cells = [row.cells[0].text for row in read().funnel.table.rows]
    assert (cells[0], cells[1], cells[-1]) == ("2 (100%)", "1 (50%)", "0 (0%)")


def test_of_no_leads_there_is_no_funnel(read: Read) -> None:
    assert read("rep=me").funnel.is_empty


def test_leads_worth_nothing_have_no_forecast(read: Read, opened: Open) -> None:
    opened(value=None)
    assert read().forecasts == []


def test_a_forecast_of_few_decided_leads_says_it_is_unsure(read: Read, opened: Open) -> None:
    opened()
    [one] = read().forecasts
    assert (one.currency, one.lines[0].open.count, one.lines[0].worth) == ("USD", 1, "$5K")
    assert one.unsure.startswith("Not enough decided leads after ")


def test_each_currency_has_a_forecast_without_a_list_of_both(house: House, read: Read, opened: Open) -> None:
    for title, currency in (("One", "USD"), ("Two", "EUR")):
        Job.objects.filter(pk=opened(title).pk).update(currency=currency)
    dollars = [one for one in read().forecasts if one.currency == "USD"]
    euros = [one for one in read().forecasts if one.currency == "EUR"]
    assert (len(dollars), bool(dollars[0].lines[0].open.url)) == (1, True)
    assert (len(euros), euros[0].lines[0].open.url) == (1, ""), "no brand is of euros: the list would be of all"


def test_a_sold_phase_is_no_part_of_the_forecast(house: House, read: Read, opened: Open) -> None:
    opened().move_to(house.stage("Scheduled"), by=house.mona)
    assert all(not one.lines for one in read().forecasts)


def test_without_a_whole_week_nothing_is_said_of_the_next(read: Read, opened: Open) -> None:
    opened()
    assert read().demand is None


def test_the_next_weeks_bring_what_the_last_ones_did(read: Read, opened: Open) -> None:
    for days in (3, 10, 17, 24):
        for number in range(2):
            opened(f"{days} {number}", days=days)
    found = read().demand
    assert found
    assert (found.likely, found.unsure) == ("8", True)


def line_of(house: House, by: str, name: str) -> Any:
    scope = Scope.read(QueryDict("rep=me"), house.mona, house.tenant.slug)
    return next(line for line in ages(scope, by) if line.name.startswith(name))


def test_half_of_the_leads_are_younger_than_the_median(house: House, opened: Open) -> None:
    for days in (1, 2, 12):
        opened(f"{days}", days=days)
    line = line_of(house, "rep", "Mona")
    assert (line.open.count, line.median, line.oldest) == (3, "2d", "12d")


def test_ages_by_source_have_a_line_of_those_without(house: House, opened: Open) -> None:
    ads = Source.objects.create(name="Ads")
    clear_configuration_caches()
    opened("One", source=ads)
    opened("Two")
    assert (line_of(house, "source", "Ads").open.count, line_of(house, "source", "No source").open.count) == (1, 1)


def test_ages_by_step_open_the_leads_of_the_step(house: House, opened: Open) -> None:
    opened()
    line = line_of(house, "step", "New")
    assert (line.open.count, "step=New" in line.open.url, line.over.text) == (1, True, "–")


def test_leads_over_their_time_are_counted_apart(house: House, opened: Open) -> None:
    Job.objects.filter(pk=opened(days=9).pk).update(level=1)
    opened("Fine")
    line = line_of(house, "rep", "Mona")
    assert (line.open.count, line.over.count) == (2, 1)


@pytest.mark.parametrize("by", ["", "nonesuch", "step"])
def test_ages_by_what_is_nothing_are_by_step(house: House, opened: Open, by: str) -> None:
    opened()
    page = Browser(house, house.mona).get(f"reports/ages/?by={by}&format=csv")
    assert page.lstrip("\ufeff").startswith("Step,")


@pytest.mark.parametrize(("name", "status"), [("mona", 200), ("rita", 404), ("sam", 404)])
def test_what_sources_cost_is_for_who_may_see_it(house: House, name: str, status: int) -> None:
    Browser(house, getattr(house, name)).get("reports/overview/sources/", status=status)


def test_the_file_has_a_line_of_each_need_and_cost(house: House, opened: Open) -> None:
    opened(days=40).lose("Price", by=house.mona)
    opened("Alone")
    rows = Browser(house, house.mona).client.get(f"/{house.tenant.slug}/reports/?format=csv&rep=me").content.decode()
    assert "Needs you now,,with no contact yet,1" in rows
    assert "Cost of waiting,All lost in this period,Worth,$5K" in rows


def test_a_rep_reads_the_sums_of_their_own_leads_alone(house: House, read: Read, opened: Open) -> None:
    opened("Monas")
    page = read("", house.rita)
    assert ({line.name for line in page.team}, page.oddities) == ({"Rita Rep"}, [])
    assert "unclaimed" not in needs(page)
