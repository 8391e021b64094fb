"""The figures of tickets: medians, p90, promises kept, backlog by age, in as many statements for any number of rows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client

from crm.jobs.models import Priority, Tag
from crm.kernel import clock
from crm.web.reader import Reader
from tests.cast import House
from tests.queries import data_queries
from tests.tickets.messages import message
from tests.tickets.test_ticket_clocks import MONDAY, begin
from tickets.figures.figures import TicketFiguresLine, figures
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Ticket

PAGE = "/suncoast-test/reports/response-times/"
pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
READER = Reader(MONDAY + timedelta(days=4), ZoneInfo("UTC"), "US", "en")


def lines(by: str) -> dict[object, TicketFiguresLine]:
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)
    return {line.value: line for line in figures(Ticket.objects.all(), since, until, READER, by)}


def test_figures_count_what_came_in_was_kept_solved_and_is_open(house: House) -> None:
    for hours in (1, 2, 3, 10):
        ticket = begin(Priority.HIGH)
        ticket.assign_to(house.rita, by=None)
        with clock.at(MONDAY + hours * HOUR):
            ticket.reply(message("out"), by=house.rita)
            if hours > 2:
                ticket.solve(by=house.rita)
    begin(Priority.URGENT)
    with data_queries() as few:
        found = lines("member")
    hers = found[house.rita.pk]
    assert (hers.came, hers.answered, hers.solved, hers.backlog) == (4, 4, 2, 2)
    assert (hers.reply_median, hers.reply_p90) == (2.5 * 3600, pytest.approx(7.9 * 3600))
    assert hers.solve_median == 6.5 * 3600
    assert (hers.promised, hers.kept, hers.met_percent) == (4, 3, 75)
    assert hers.ages == (0, 0, 2, 0, 0), "four days, counted by days"
    assert hers.priorities[Priority.HIGH] == 4
    nobodys = found[None]
    assert (nobodys.came, nobodys.answered, nobodys.reply_median, nobodys.met_percent) == (1, 0, None, None)
    by_priority = lines("priority")
    assert {rank: line.came for rank, line in by_priority.items()} == {Priority.HIGH: 4, Priority.URGENT: 1}
    begin(Priority.LOW)
    with data_queries() as more:
        lines("brand")
    assert len(few) == len(more) == 4


def test_each_number_opens_the_list_it_counts(house: House, client: Client) -> None:
    tickets = [begin(Priority.HIGH) for _ in range(3)]
    tickets[0].assign_to(house.rita, by=None)
    with clock.at(MONDAY + HOUR):
        tickets[0].reply(message("out"), by=house.rita)
        tickets[0].solve(by=house.rita)
    client.force_login(house.mona.user)
    for by in ("member", "brand", "channel", "priority", "team"):
        with clock.at(READER.now):
            answer = client.get(PAGE, {"by": by, "from": "2026-03-01", "to": "2026-03-07"})
            cells = [
                cell for _name, _mix, row in answer.context["rows"] for cell in row if cell.url and cell.text.isdigit()
            ]
            assert len(cells) >= 4
            for cell in cells:
                filters = TICKETS.read(QueryDict(cell.url.partition("?")[2]), house.mona)
                assert TICKETS.apply(filters, house.mona).count() == int(cell.text), cell
    page = answer.content.decode()
    assert "of 1 with a response time" in page
    csv = client.get(PAGE, {"by": "priority", "from": "2026-03-01", "to": "2026-03-07", "format": "csv"})
    assert "First reply, median (seconds)" in csv.content.decode()
    assert "High,3,1,3600," in csv.content.decode().replace(";", ",")
    tag = Tag.add("Storm", by=house.ada)
    tickets[1].tag([tag], by=house.mona)
    with clock.at(READER.now):
        tagged = client.get(PAGE, {"by": "priority", "from": "2026-03-01", "to": "2026-03-07", "tag": str(tag.uid)})
    [(_name, _mix, row)] = tagged.context["rows"]
    assert row[0].text == "1"
    filters = TICKETS.read(QueryDict(row[0].url.partition("?")[2]), house.mona)
    assert list(TICKETS.apply(filters, house.mona)) == [tickets[1]]
    client.force_login(house.rita.user)
    own = client.get(PAGE, {"from": "2026-03-01", "to": "2026-03-07"})
    assert [name for name, _mix, _cells in own.context["rows"]] == ["Rita Rep"]
