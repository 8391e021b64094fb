"""A lead walks through a sequence: messages, waits, follow-ups, forks, and its end."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from followups.models import FollowUp, Reminder, TenantKind
from followups.sequences.engine.walk import walk_due
from followups.sequences.enrolling import enrol, enrol_all
from followups.sequences.models import Enrolment, EnrolmentStep
from tests.cast import House
from tests.followups.sequences.scenes import (
    DAY,
    HOUR,
    another_lead,
    fork,
    lead,
    logs_call,
    message,
    open_tasks,
    pass_to,
    row,
    sent,
    sequence,
    task,
    wait,
)
from tests.queries import data_queries


def test_a_message_leaves_at_once_and_the_next_after_its_wait(house: House) -> None:
    enrol(sequence(message(), wait(2), message("sms", template="welcome")), lead(house), by=house.rita)
    pass_to(HOUR)
    assert sent() == ["email"]
    pass_to(2 * DAY - HOUR)
    assert sent() == ["email"]
    pass_to(2 * DAY + HOUR)
    assert (len(sent()), row().state, row().end_reason) == (1, "ended", "finished")


def test_working_days_pass_over_the_weekend(house: House) -> None:
    enrol(sequence(wait(5, "working_days"), message()), lead(house), by=house.rita)
    pass_to(6 * DAY)
    assert sent() == []
    pass_to(7 * DAY + HOUR)
    assert sent() == ["email"]


@pytest.mark.parametrize(
    ("before", "hours"), [(datetime(2026, 3, 7, 15, tzinfo=UTC), 23), (datetime(2026, 10, 31, 14, tzinfo=UTC), 25)]
)
def test_a_wait_of_days_keeps_the_clock_time_when_the_clocks_change(house: House, before: datetime, hours: int) -> None:
    with clock.at(before):
        enrol(sequence(wait(1), message()), lead(house), by=house.rita)
        walk_due([row().pk])
    assert row().next_at == before + timedelta(hours=hours)


def test_a_step_with_an_archived_type_is_noted_and_the_walk_goes_on(house: House) -> None:
    enrol(sequence(wait(1), task("visa"), message()), lead(house), by=house.rita)
    kind = TenantKind.of("visa")
    assert kind
    pass_to(HOUR, lambda: kind.archive(by=house.ada))
    pass_to(DAY + HOUR)
    step = EnrolmentStep.objects.get(position=1)
    assert (step.result, step.reason, sent()) == ("failed", "Its follow-up type no longer exists.", ["email"])


def test_a_follow_up_of_a_step_reminds_its_assignee(house: House) -> None:
    enrol(sequence(task()), lead(house), by=house.rita)
    pass_to(HOUR)
    assert Reminder.objects.get().follow_up == FollowUp.objects.get()


def test_a_follow_up_holds_until_it_is_done_and_the_next_wait_counts_from_then(house: House) -> None:
    enrol(sequence(task(), wait(1), message()), lead(house), by=house.rita)
    pass_to(3 * DAY)
    assert (open_tasks(), sent()) == (["call"], [])
    pass_to(4 * DAY, lambda: FollowUp.objects.get().complete("no_answer", by=house.rita))
    pass_to(5 * DAY - HOUR)
    assert sent() == []
    pass_to(5 * DAY + HOUR)
    assert sent() == ["email"]


def test_a_call_logged_by_hand_completes_the_call_step(house: House) -> None:
    enrol(sequence(task(days=9), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: logs_call(house, "no_answer"))
    assert (open_tasks(), sent()) == ([], ["email"])


def test_a_call_in_vain_may_end_it(house: House) -> None:
    enrol(sequence(task(unanswered="end"), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: FollowUp.objects.get().complete("no_answer", by=house.rita))
    assert (row().end_reason, sent()) == ("in_vain", [])


def test_a_follow_up_that_does_not_hold_lets_it_go_on(house: House) -> None:
    enrol(sequence(task(holds=False), message()), lead(house), by=house.rita)
    pass_to(HOUR)
    assert (open_tasks(), sent()) == (["call"], ["email"])


@pytest.mark.parametrize(("value", "way"), [(9_000_00, "yes"), (100_00, "no")])
def test_a_fork_asks_the_conditions_of_the_lead_list(house: House, value: int, way: str) -> None:
    Job.objects.filter(pk=house.job.pk).update(value=value, currency="USD")
    asked = fork("", [message()], [task()], where="where=value:min:5000")
    enrol(sequence(asked, wait(1)), lead(house), by=house.rita)
    pass_to(HOUR)
    assert (sent(), open_tasks()) == ((["email"], []) if way == "yes" else ([], ["call"]))
    assert EnrolmentStep.objects.get(position=0).result == way


def test_both_ways_of_a_fork_meet_again(house: House) -> None:
    enrol(sequence(fork("clicked", [message()], []), task()), lead(house), by=house.rita)
    pass_to(HOUR)
    assert (sent(), open_tasks(), row().position) == ([], ["call"], 2)


def test_a_step_is_written_once_however_often_the_work_is_redelivered(house: House) -> None:
    enrol(sequence(message(), wait(1)), lead(house), by=house.rita)
    for _time in range(3):
        walk_due([row().pk])
        Enrolment.objects.update(position=0, begun_at=None, next_at=clock.now())
        EnrolmentStep.objects.all().delete()
    assert sent() == ["email"]


def test_many_walk_with_a_fixed_number_of_queries(house: House) -> None:
    made = sequence(message(), wait(1))
    counts = []
    for size in (2, 2, 8):
        jobs = [another_lead(house, f"P{size}{n}") for n in range(size)]
        rows = enrol_all(made, jobs, by=house.rita).entered
        with data_queries() as queries:
            walk_due([each.pk for each in rows])
        counts.append(len(queries))
    assert counts[1] == counts[2], counts
