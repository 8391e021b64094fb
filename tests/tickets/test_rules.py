"""What rules do with conversations: by what happens to one, by how long it waits, and whose it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.models import RuleRun, RuleTimer, RunState
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Priority, Tag
from crm.kernel import clock
from crm.platform.models import Team
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House
from tests.tickets.messages import message
from tickets.models import Status, Ticket

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def received(ticket: Ticket, at: datetime = MONDAY, **more: Any) -> Ticket:
    """Have the customer write, and the workers hear of it."""
    with clock.at(at):
        ticket.receive(message("in", at=at, **more))
    work(at)
    ticket.refresh_from_db()
    return ticket


def test_it_is_given_out_tagged_and_made_urgent_and_never_less(house: House, ticket: Ticket) -> None:
    tag, team = Tag.add("Fire", by=house.ada), Team.objects.create(name="Desk")
    steps = (
        do("ticket.assign", member=house.sam.pk),
        do("ticket.team", team=team.pk),
        do("ticket.tag", tag=tag.pk),
        do("ticket.prioritize", priority=Priority.HIGH, raise_only="on"),
    )
    rule("ticket.received", *steps, record="ticket")
    ticket = received(ticket)
    assert (ticket.member_id, ticket.team_id, ticket.tag_ids) == (house.sam.pk, team.pk, [tag.pk])
    assert ticket.priority == Priority.HIGH
    ticket.prioritize(Priority.URGENT, by=house.ada)
    assert received(ticket, MONDAY + HOUR).priority == Priority.URGENT


def test_a_promise_that_is_missed_tells_the_manager_once(house: House) -> None:
    rule("ticket.missed", do("tell", who="managers", text="Late"), record="ticket")
    ticket = Ticket.begin(brand=house.job.brand, medium="email", priority=Priority.URGENT, by=None)
    ticket.receive(message("in", at=MONDAY))
    for days in (1, 2, 3):
        work(MONDAY + timedelta(days=days))
    run = RuleRun.objects.order_by("pk").first()
    assert run is not None
    assert run.state == RunState.DONE
    assert Notice.objects.filter(kind="rule.told", member=house.mona).exists()


def test_two_days_without_an_answer_of_theirs_unless_they_answer(house: House, ticket: Ticket) -> None:
    made = rule("ticket.their_move", do("ticket.stand", status="open"), record="ticket", span=Span(48, SpanUnit.HOURS))
    ticket.turn_to("customer", by=house.sam)
    work(MONDAY)
    assert RuleTimer.objects.get(rule=made).at == MONDAY + timedelta(hours=48)
    received(ticket, MONDAY + HOUR)
    assert not RuleTimer.objects.exists(), "they answered: it is our move"
    with clock.at(MONDAY + 2 * HOUR):
        ticket.turn_to("customer", by=house.sam)
    work(MONDAY + 2 * HOUR)
    work(MONDAY + timedelta(hours=51))
    ticket.refresh_from_db()
    assert (ticket.status, RuleRun.objects.get().state) == (Status.OPEN, RunState.DONE)


def test_what_nobody_has_is_not_solved_and_it_says_so(house: House, ticket: Ticket) -> None:
    rule("ticket.upset", do("ticket.stand", status="solved"), record="ticket")
    assert received(ticket, text="Unacceptable!").is_open
    assert RuleRun.objects.get().log[0]["words"] == "It is unassigned. Assign it first."


def test_its_conditions_are_the_filters_of_the_inbox(house: House, ticket: Ticket) -> None:
    rule("ticket.received", do("tell", who="owner"), record="ticket", where="where=partner:is:1&where=who:is:nobody")
    received(ticket)
    [run] = RuleRun.objects.all()
    assert run.judged == [[["who:is:nobody", True]], [["partner:is:1", False]]]
