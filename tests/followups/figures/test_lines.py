"""Figures of follow-ups: against rows counted by hand, at the border of the reader's day, and each number's list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.charts.figure_table import FigureCell
from followups.figures.lines import FollowUpLine, count_lines
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp, FollowUpOutcome
from tests.followups.conftest import NOON
from tests.queries import data_queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def done(house: Any, planned: Any) -> Any:
    """Plan one that is due in `due` hours, and complete it `after` hours from now."""

    def complete(after: float, due: float = 4, outcome: str = "successful", **columns: Any) -> FollowUp:
        follow_up: FollowUp = planned(hours=due, **columns)
        with use_tenant(house.tenant), clock.at(NOON + after * HOUR):
            FollowUp.objects.get(pk=follow_up.pk).complete(FollowUpOutcome(outcome), by=house.rita)
        return follow_up

    return complete


def lines(house: Any, by: str, first: datetime, last: datetime, now: datetime) -> tuple[FollowUpLine, dict[Any, Any]]:
    with use_tenant(house.tenant):
        everything, found = count_lines(FollowUp.objects.all(), first, last, now, by)
    return everything, {line.value: line for line in found}


def test_they_agree_with_rows_counted_by_hand(house: Any, done: Any, planned: Any) -> None:
    done(1)
    done(3, outcome="no_answer")
    done(6, due=4)
    done(2, kind="email", assignee=house.mona)
    planned(hours=5)
    everything, by_type = lines(house, "type", NOON, NOON + DAY, NOON + 8 * HOUR)
    assert (everything.done, everything.in_time, everything.late, everything.missed) == (4, 3, 1, 1)
    call = by_type["call"]
    assert (call.done, call.in_time, call.on_time_percent, call.missed) == (3, 2, 67, 1)
    assert (call.median, call.p90) == (3 * 3600, pytest.approx(5.4 * 3600))
    assert (call.successful, call.success_percent, call.no_answer) == (2, 67, 1)
    _everything, by_member = lines(house, "member", NOON, NOON + DAY, NOON + 8 * HOUR)
    assert {pk: line.done for pk, line in by_member.items()} == {house.rita.pk: 3, house.mona.pk: 1}


def test_the_period_is_of_the_readers_days(house: Any, done: Any, client: Client) -> None:
    midnight = datetime(2026, 11, 26, 5, tzinfo=UTC)
    for seconds in (-1, 0):
        done((midnight - NOON + timedelta(seconds=seconds)) / HOUR, due=40)
    with clock.at(NOON + 2 * DAY):
        client.force_login(house.mona.user)
        for day in ("2026-11-25", "2026-11-26"):
            response = client.get(page(house), {"from": day, "to": day})
            assert response.context["rows"][0][2][0].text == "1", f"one was done on {day} in New York"


def page(house: Any) -> str:
    return f"/{house.tenant.slug}/reports/follow-ups/"


def list_count(house: Any, url: str) -> int:
    """How many rows the list of a number has."""
    with use_tenant(house.tenant):
        filters = FOLLOW_UPS.read(QueryDict(url.partition("?")[2]), house.mona)
        assert not filters.dropped, url
        count: int = FOLLOW_UPS.apply(filters, house.mona).count()
        return count


def cells(response: Any) -> list[FigureCell]:
    tables = [response.context[name] for name in ("rows", "weeks", "weekdays")]
    return [cell for rows in tables for _name, _about, row in rows for cell in row if cell.url]


@pytest.mark.parametrize("by", ["type", "member"])
def test_each_number_opens_its_list(house: Any, done: Any, planned: Any, client: Client, by: str) -> None:
    done(1)
    done(6, outcome="no_answer")
    done(2, kind="email", assignee=None)
    planned(hours=-30)
    planned(hours=200, assignee=None)
    client.force_login(house.mona.user)
    with clock.at(NOON + 8 * HOUR):
        response = client.get(page(house), {"by": by})
        counted = [cell for cell in cells(response) if cell.text.isdigit()]
        assert len(counted) > 8
        for cell in counted:
            assert list_count(house, cell.url) == int(cell.text), cell
        shares = [cell for cell in cells(response) if cell.text.endswith("%")]
        for cell in shares:
            assert list_count(house, cell.url) == int(cell.note.split()[0]), cell


def test_adoption_and_its_lists(house: Any, planned: Any, client: Client) -> None:
    planned()
    planned(assignee=None)
    planned(by=house.mona)
    client.force_login(house.mona.user)
    context = client.get(page(house)).context
    adoption = context["adoption"]
    assert (adoption.active_count, adoption.owned, adoption.opened) == (2, 2, 3)
    counts = {name: (int(cell.text), list_count(house, cell.url)) for name, cell in context["planners"]}
    assert counts == {"Rita Rep": (2, 2), "Mona Manager": (1, 1)}
    assert (list_count(house, context["owned_url"]), list_count(house, context["open_url"])) == (2, 3)


def test_what_is_typically_added_counts_by_the_readers_weekday(house: Any, planned: Any, client: Client) -> None:
    sunday = datetime(2026, 11, 16, 4, 59, tzinfo=UTC)
    for at in (sunday, sunday, sunday + timedelta(minutes=1), sunday + timedelta(minutes=2)):
        with clock.at(at):
            planned()
    client.force_login(house.mona.user)
    context = client.get(page(house)).context
    assert [row[2][0].text for row in context["weekdays"]] == ["2", "0", "0", "0", "0", "0", "2"]
    typical = context["weeks"][0][2][1]
    assert typical.text == "0.5"
    assert list_count(house, typical.url) == 4


def test_a_rep_finds_no_page(house: Any, client: Client) -> None:
    client.force_login(house.rita.user)
    assert client.get(page(house)).status_code in (403, 404)


def test_the_page_costs_the_same_for_more_lines(house: Any, done: Any, client: Client) -> None:
    client.force_login(house.mona.user)
    client.get(page(house))
    done(1)
    with data_queries() as few:
        client.get(page(house))
    done(1, kind="email", assignee=house.mona)
    done(1, kind="visit", assignee=None)
    with data_queries() as more:
        client.get(page(house))
    assert len(few) == len(more)


def test_the_file_has_the_table_in_seconds(house: Any, done: Any, client: Client) -> None:
    done(1)
    client.force_login(house.mona.user)
    with clock.at(NOON + 2 * HOUR):
        response = client.get(page(house), {"format": "csv", "by": "member"})
    assert "Rita Rep,1,1,0,3600,3600,1,0,0" in response.content.decode()
