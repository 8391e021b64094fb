"""A sequence in test mode: leads walk through it, each step is noted, and nothing is sent, planned or changed."""

from collections.abc import Callable
from typing import Any

import pytest

from comms.gate.consent import suppressions
from crm.automation.registry.actions import Firing
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from followups.models import FollowUp
from followups.neglect.features import _people_in_sequences
from followups.sequences.definition import SequenceAct, SequenceStep
from followups.sequences.engine import switching
from followups.sequences.engine.walk import walk_due
from followups.sequences.enrolling import enrol, enrol_all, preview_entry
from followups.sequences.member_acts import take_back_end
from followups.sequences.models import Enrolment, EnrolmentStep, Sequence, SequenceMode
from followups.sequences.rule_actions import ACTIONS
from followups.sequences.setup import job_kind
from tests.automation.rules import do, rule
from tests.cast import House
from tests.followups.preset_acts import MONDAY, wins
from tests.followups.sequences.scenes import (
    DAY,
    HOUR,
    another_lead,
    fork,
    lead,
    logs_call,
    message,
    pass_to,
    row,
    sent,
    sequence,
    task,
    wait,
    writes,
)
from tests.queries import data_queries


def trial(*steps: SequenceStep, name: str = "Trial", **more: Any) -> Sequence:
    """A sequence in test mode."""
    made = sequence(*steps, name=name, **more)
    made.switch(SequenceMode.SHADOW, by=None)
    return made


def noted() -> list[tuple[int, str, str]]:
    """What was noted: the position, the result, and the medium or the type."""
    rows = EnrolmentStep.objects.order_by("pk")
    return [(each.position, each.result, each.data.get("medium") or each.data.get("kind", "")) for each in rows]


def test_steps_are_noted_and_nothing_is_done(house: House) -> None:
    urgent = SequenceAct("job.prioritize", {"priority": "1", "raise_only": ""})
    enrol(trial(message(), task(holds=False), urgent), lead(house), by=house.rita)
    before = lead(house).priority
    pass_to(HOUR)
    assert (sent(), FollowUp.objects.count(), lead(house).priority) == ([], 0, before)
    assert noted() == [(0, "would", "email"), (1, "would", "call"), (2, "would", "")]
    assert (row().state, row().end_reason) == ("ended", "finished")


def test_it_says_when_a_message_would_leave_and_a_follow_up_be_due(house: House) -> None:
    enrol(trial(message(), task(days=2)), lead(house), by=house.rita)
    pass_to(HOUR)
    times = [each.data["at"] for each in EnrolmentStep.objects.order_by("pk")]
    assert times == [(MONDAY + HOUR).isoformat(), (MONDAY + HOUR + 2 * DAY).isoformat()]


def test_a_follow_up_that_holds_is_taken_to_be_done_when_it_is_due(house: House) -> None:
    enrol(trial(task(days=2), wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR)
    pass_to(3 * DAY - HOUR)
    assert len(noted()) == 1
    pass_to(3 * DAY + 2 * HOUR)
    assert noted()[1:] == [(2, "would", "email")]


def test_nothing_of_it_is_on_the_timeline_of_the_lead(house: House) -> None:
    enrol(trial(wait(1)), lead(house), by=house.rita)
    pass_to(HOUR, lambda: writes(house))
    kinds = Event.objects.of(row())
    assert list(kinds.order_by("pk").values_list("kind", "job_id")) == [
        ("sequence.entered", None),
        ("sequence.ended", None),
    ]


ENDS: list[tuple[str, Callable[[House], Any]]] = [
    ("answered", writes),
    ("won", wins),
    ("reached", lambda house: logs_call(house, "reached")),
]


@pytest.mark.parametrize(("reason", "act"), ENDS)
def test_it_ends_as_it_would_if_it_were_on(house: House, reason: str, act: Callable[[House], Any]) -> None:
    enrol(trial(wait(9)), lead(house), by=house.rita)
    pass_to(HOUR, lambda: act(house))
    assert row().end_reason == reason


def test_a_fork_goes_by_what_the_customer_did(house: House) -> None:
    enrol(trial(message(), wait(1), fork("answered", [task()], [message("sms")]), stops=()), lead(house), by=house.rita)
    pass_to(HOUR)
    pass_to(2 * HOUR, lambda: writes(house))
    pass_to(2 * DAY)
    assert noted()[1:] == [(2, "yes", ""), (3, "would", "call")]


@pytest.mark.parametrize("make", [sequence, trial])
def test_an_answer_counts_before_the_message_has_left_at_its_hour(house: House, make: Callable[..., Sequence]) -> None:
    made = make(wait(13, "hours"), message("sms"), wait(1), fork("answered", [task()], [message()]), stops=())
    enrol(made, lead(house), by=house.rita)
    pass_to(13 * HOUR)
    assert (row().next_at or MONDAY) > MONDAY + 38 * HOUR, "it leaves in the morning"
    pass_to(14 * HOUR, lambda: writes(house))
    pass_to(3 * DAY)
    assert EnrolmentStep.objects.get(position=3).result == "yes"


def test_who_wants_no_messages_leaves_it_and_who_has_no_number_is_called(house: House) -> None:
    enrol(trial(message("whatsapp", otherwise="call"), message()), lead(house), by=house.rita)
    pass_to(HOUR)
    assert noted() == [(0, "would", "call")]
    for point in house.cora.contact_points.all():
        suppressions.suppress(point.value, "hard_bounce", source="provider", medium="email", brand=None)
    suppressions.suppress("+18135550142", "stop", source="sms", medium="sms", brand=None)
    pass_to(3 * DAY)
    assert (noted()[1:], row().end_reason) == ([(1, "skipped", "")], "opted_out")


def test_it_holds_no_customer_and_one_in_another_sequence_is_not_taken(house: House) -> None:
    enrol(trial(wait(9)), lead(house), by=house.rita)
    live = sequence(wait(9), name="Live")
    assert enrol(live, lead(house), by=house.rita).is_test is False
    with pytest.raises(Refused, match="Live"):
        enrol(trial(wait(1), name="Second"), lead(house), by=house.rita)


def test_a_customer_is_in_a_test_once(house: House) -> None:
    made = trial(wait(9))
    enrol(made, lead(house), by=house.rita)
    with pytest.raises(Refused, match="already"):
        enrol(made, lead(house), by=house.rita)


def test_one_that_goes_ahead_takes_no_place_while_it_is_tested(house: House) -> None:
    live = sequence(wait(9), name="Live")
    made = trial(message())
    made.put_ahead_of(live, by=None)
    enrol_all(live, [lead(house)], by=None, entry="rule")
    assert len(enrol_all(Sequence.objects.get(pk=made.pk), [lead(house)], by=None, entry="rule").entered) == 1
    assert row(live).state == "active"


def test_the_preview_of_a_trigger_says_that_it_starts_a_test(house: House) -> None:
    made = trial(message())
    firing = Firing(job_kind(), lead(house), 0, "A rule", 0)
    [start] = [action for action in ACTIONS if action.name == "sequence.start"]
    assert start.foresee is not None
    assert "in its test mode" in start.foresee(firing, {"sequence": str(made.pk)})
    made.switch(SequenceMode.ON, by=None)
    assert start.foresee(firing, {"sequence": str(made.pk)}) == "would start the sequence “Trial”"


def test_a_trigger_starts_the_test(house: House) -> None:
    made = trial(message())
    rule("job.prioritized", do("sequence.start", sequence=made.pk), name="In")
    pass_to(HOUR, lambda: lead(house).prioritize(1, by=house.rita))
    assert (row().is_test, noted()) == (True, [(0, "would", "email")])


@pytest.mark.parametrize("mode", ["on", "off"])
def test_the_test_ends_with_its_mode_and_its_leads_may_enter_for_real(house: House, mode: str) -> None:
    made = trial(message(), wait(9))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    made.switch(mode, by=house.ada)
    assert preview_entry(Sequence.objects.get(), [lead(house)]).jobs
    pass_to(2 * HOUR)
    assert (row().state, row().end_reason, sent()) == ("ended", "test", [])
    with pytest.raises(Refused, match="test is over"):
        take_back_end(row(), by=house.rita)


def test_a_test_is_over_before_a_worker_has_heard_of_it(house: House) -> None:
    made = trial(message(), wait(9))
    enrol(made, lead(house), by=house.rita)
    made.switch(SequenceMode.ON, by=house.ada)
    with clock.at(MONDAY + HOUR):
        walk_due([row().pk])
    assert (row().end_reason, sent()) == ("test", [])


def test_those_inside_rest_while_it_is_tested_and_go_on_when_it_is_on(house: House) -> None:
    made = sequence(wait(1), message())
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    made.switch(SequenceMode.SHADOW, by=house.ada)
    pass_to(2 * DAY)
    assert (row().state, row().pause_reason, sent()) == ("paused", "sequence", [])
    made.switch(SequenceMode.ON, by=house.ada)
    pass_to(2 * DAY + HOUR)
    assert sent() == ["email"]


def test_a_test_of_many_ends_slice_by_slice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "SLICE", 2)
    made = trial(wait(9))
    enrol_all(made, [another_lead(house, f"P{n}") for n in range(5)], by=house.rita)
    made.switch(SequenceMode.OFF, by=house.ada)
    pass_to(HOUR)
    assert set(Enrolment.objects.values_list("end_reason", flat=True)) == {"test"}


def test_what_is_tested_counts_nowhere_else(house: House) -> None:
    made = trial(message(), wait(9))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    version = made.version
    assert version is not None
    assert Enrolment.objects.counts_by_position(version.pk) == {}
    assert Enrolment.objects.counts_by_position(version.pk, is_test=True) == {1: 1}
    assert EnrolmentStep.objects.counts_by_position(version.pk) == {}
    assert EnrolmentStep.objects.results_by_position(version.pk, is_test=True) == {(0, "would"): 1}
    assert _people_in_sequences([house.cora.pk]) == set()


def test_many_are_tested_with_a_fixed_number_of_queries(house: House) -> None:
    made = trial(message(), task(), wait(1))
    counts = []
    for size in (2, 2, 8):
        jobs: list[Job] = [another_lead(house, f"P{size}{n}") for n in range(size)]
        rows = enrol_all(made, jobs, by=house.rita).entered
        with data_queries() as queries:
            walk_due([each.pk for each in rows])
        counts.append(len(queries))
    assert counts[1] == counts[2], counts
