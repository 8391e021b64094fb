"""Who may enter a sequence, by hand, many at once and by triggers; and who holds whom."""

from datetime import timedelta

import pytest

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from followups.sequences.definition import SequenceDefinition
from followups.sequences.enrolling import enrol, enrol_all, preview_entry
from followups.sequences.member_acts import stop_enrolments
from followups.sequences.models import Enrolment, EnrolmentStep, Reentry, Sequence, SequenceMode
from tests.automation.rules import do, rule, work
from tests.cast import House
from tests.followups.preset_acts import MONDAY, opens
from tests.followups.sequences.scenes import HOUR, another_lead, lead, message, pass_to, row, sent, sequence, wait


def test_the_refusal_names_the_sequence_that_holds_the_customer(house: House) -> None:
    enrol(sequence(wait(9), name="Quote follow-up"), lead(house), by=house.rita)
    with pytest.raises(Refused, match="Quote follow-up"):
        enrol(sequence(message(), name="Nudge"), lead(house), by=house.rita)


def test_a_sequence_of_another_purpose_takes_them_as_well(house: House) -> None:
    enrol(sequence(wait(9)), lead(house), by=house.rita)
    enrol(sequence(wait(9), name="Papers", purpose="news"), lead(house), by=house.rita)
    assert Enrolment.objects.inside().count() == 2


def test_another_lead_of_the_same_customer_is_held_too(house: House) -> None:
    made = sequence(wait(9))
    enrol(made, lead(house), by=house.rita)
    opens(house)
    other = type(house.job).objects.get(title="New")
    with pytest.raises(Refused, match="in this sequence already"):
        enrol(made, other, by=house.rita)


@pytest.mark.parametrize(
    ("reentry", "days", "may"),
    [(Reentry.ONCE, 400, False), (Reentry.DAYS, 29, False), (Reentry.DAYS, 31, True), (Reentry.ALWAYS, 0, True)],
)
def test_whether_a_lead_may_enter_again_is_said_by_the_sequence(
    house: House, reentry: Reentry, days: int, may: bool
) -> None:
    made = sequence(wait(9))
    made.set_rules(purpose="quotes", reentry=reentry, reentry_days=30, by=None)
    enrol(made, lead(house), by=house.rita)
    stop_enrolments([row().pk], by=house.rita)
    with clock.at(MONDAY + timedelta(days=days)):
        assert bool(preview_entry(made, [lead(house)]).jobs) is may


def test_off_and_without_a_customer_nobody_enters(house: House) -> None:
    made = Sequence.add("Off", "quotes", SequenceDefinition((message(),)), by=None)
    with pytest.raises(Refused, match="off"):
        enrol(made, lead(house), by=house.rita)
    made.switch(SequenceMode.ON, by=None)
    Person.objects.filter(pk=house.cora.pk).update(erased_at=clock.now())
    with pytest.raises(Refused, match="erased"):
        enrol(made, lead(house), by=house.rita)


def test_many_enter_at_once_spread_over_hours(house: House) -> None:
    jobs = [another_lead(house, f"P{n}") for n in range(4)]
    outcome = enrol_all(sequence(message(), wait(1)), jobs, by=house.rita, spread=timedelta(hours=4))
    assert [each.next_at - MONDAY for each in outcome.entered] == [n * HOUR for n in range(4)]
    pass_to(2 * HOUR + HOUR / 2)
    assert len(sent()) == 3


def test_a_trigger_starts_it_and_another_stops_it(house: House) -> None:
    made = sequence(wait(9), message())
    rule("job.prioritized", do("sequence.start", sequence=made.pk), name="In")
    rule("job.tagged", do("sequence.stop", sequence="all"), name="Out")
    pass_to(HOUR, lambda: lead(house).prioritize(1, by=house.rita))
    assert (row().entry, row().state) == ("rule", "active")


def test_of_two_that_begin_by_themselves_the_one_ahead_goes_first(house: House) -> None:
    behind, ahead = sequence(message(), name="Behind"), sequence(message(), wait(1), name="Ahead")
    ahead.put_ahead_of(behind, by=house.ada)
    enrol_all(Sequence.objects.get(pk=behind.pk), [lead(house)], by=None, entry="rule")
    enrol_all(Sequence.objects.get(pk=ahead.pk), [lead(house)], by=None, entry="rule")
    assert [(each.sequence.name, each.end_reason) for each in Enrolment.objects.order_by("pk")] == [
        ("Behind", "replaced"),
        ("Ahead", ""),
    ]


def test_one_that_has_begun_is_not_replaced(house: House) -> None:
    behind, ahead = sequence(message(), wait(9), name="Behind"), sequence(message(), name="Ahead")
    ahead.put_ahead_of(behind, by=house.ada)
    enrol_all(Sequence.objects.get(pk=behind.pk), [lead(house)], by=None, entry="rule")
    pass_to(HOUR)
    outcome = enrol_all(Sequence.objects.get(pk=ahead.pk), [lead(house)], by=None, entry="rule")
    assert (outcome.refused[0].holder, outcome.entered) == (behind, [])


def test_counts_of_each_step(house: House) -> None:
    made = sequence(message(), wait(1), message("sms"))
    jobs = [another_lead(house, f"P{n}") for n in range(3)]
    enrol_all(made, jobs, by=house.rita)
    work(MONDAY)
    version = made.version
    assert version is not None
    assert EnrolmentStep.objects.counts_by_position(version.pk) == {0: 3}
    assert Enrolment.objects.counts_by_position(version.pk) == {1: 3}


def test_a_rule_set_is_checked_and_a_name_is_taken_once(house: House) -> None:
    made = sequence(wait(1))
    with pytest.raises(Refused, match="3650"):
        made.set_rules(purpose="quotes", reentry="days", reentry_days=0, by=None)
    with pytest.raises(Refused, match="already exists"):
        sequence(wait(1))
    with pytest.raises(Refused, match="Add a step"):
        made.edit(SequenceDefinition(()), by=None)
    with pytest.raises(Refused, match="30 steps"):
        made.edit(SequenceDefinition((wait(1),) * 31), by=None)
