"""Which promises are open on a ticket, and which policy holds: tables of cases, without a database."""

from datetime import UTC, datetime

import pytest

from crm.jobs.models.job_record import Priority
from tickets.models.metric import Metric
from tickets.models.open_promises import PromiseState, open_promises
from tickets.models.sla_terms import LAST, Case, Conditions, Policy, Target, choose_policy, default_matrix
from tickets.models.status import Status


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


FIRST, NEXT, UPDATE, DONE = Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.UPDATE, Metric.RESOLUTION


@pytest.mark.parametrize(
    ("standing", "open_ones"),
    [
        pytest.param({}, {DONE: 8}, id="nothing said yet"),
        pytest.param({"waiting_since": at(9)}, {DONE: 8, FIRST: 9}, id="they wrote"),
        pytest.param(
            {"first_reply_at": at(10), "replied_at": at(10), "status": Status.PENDING},
            {DONE: 8, UPDATE: 10},
            id="answered",
        ),
        pytest.param(
            {"first_reply_at": at(10), "replied_at": at(10), "waiting_since": at(11), "status": Status.OPEN},
            {DONE: 8, UPDATE: 10, NEXT: 11},
            id="they wrote again: from their oldest unanswered message",
        ),
        pytest.param({"waiting_since": at(9), "status": Status.ON_HOLD}, {DONE: 8, FIRST: 9}, id="on hold stays open"),
        pytest.param({"waiting_since": at(9), "status": Status.SOLVED}, {}, id="solved"),
        pytest.param({"waiting_since": at(9), "status": Status.CLOSED}, {}, id="closed"),
        pytest.param({"waiting_since": at(9), "is_merged": True}, {}, id="merged is never escalated (zammad#904)"),
    ],
)
def test_where_a_ticket_stands_decides_what_is_promised(standing: dict, open_ones: dict) -> None:
    given = {"status": Status.NEW, "created_at": at(8)} | standing
    assert open_promises(PromiseState(**given)) == {metric: at(hour) for metric, hour in open_ones.items()}


MAIL = Case(brand_id=1, priority=Priority.NORMAL, channel="email", team_id=7)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        (Conditions(), True),
        (Conditions(brand_id=1, channel="email", priorities=frozenset({Priority.NORMAL}), team_id=7), True),
        (Conditions(brand_id=2), False),
        (Conditions(channel="sms"), False),
        (Conditions(priorities=frozenset({Priority.URGENT, Priority.HIGH})), False),
        (Conditions(team_id=8), False),
        (Conditions(partners_only=True), False),
    ],
)
def test_a_policy_holds_where_all_its_conditions_match(conditions: Conditions, holds: bool) -> None:
    assert conditions.match(MAIL) is holds


def test_the_first_policy_that_matches_wins_and_below_them_stands_the_matrix() -> None:
    quick = Policy("Quick", Conditions(channel="email"), {(FIRST.value, Priority.NORMAL): Target(60)})
    assert choose_policy([Policy("Text", Conditions(channel="sms")), quick, Policy("All")], MAIL) is quick
    assert choose_policy([Policy("Text", Conditions(channel="sms"))], MAIL) is LAST
    hours = [LAST.promises(rank)[FIRST].seconds // 3600 for rank in Priority]
    assert hours == [1, 4, 24, 48]
    assert DONE not in LAST.promises(Priority.URGENT)
    assert default_matrix().keys() == {(metric.value, rank) for metric in (FIRST, NEXT) for rank in Priority}


def test_our_move_allows_as_much_as_an_answer_where_nothing_is_promised() -> None:
    assert quick_turn({(FIRST.value, Priority.LOW): Target(60)}) == 60
    assert quick_turn({(NEXT.value, Priority.LOW): Target(90), (FIRST.value, Priority.LOW): Target(60)}) == 90
    assert quick_turn({}) == 24 * 3600


def quick_turn(targets: dict) -> int:
    return Policy(targets=targets).turn(Priority.LOW).seconds
