"""Each verb of a hand-off from each state: what it changes, what it refuses, and that a worker may run it twice."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.models.due import Due
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from leads.models import Lead
from service.hand_offs import lateness, notices, sale
from service.hand_offs.waiting import count_unanswered
from service.models import HandOff, HandOffState, Project, ProjectTemplate, Promise
from tests.cast import House
from tests.service.conftest import NOON, milestone, recorded
from tests.service.test_hand_off import ready

Sell = Callable[..., HandOff]


@pytest.fixture
def hand_off(house: House, sold: Sell) -> HandOff:
    """Cora's hand-off with nothing left to answer or to tick."""
    row = sold(value=2_385_000)
    ready(house, row)
    return row


def due(row: HandOff) -> set[str]:
    return set(Due.objects.filter(subject_id=row.pk, kind__startswith="handoff.").values_list("kind", flat=True))


def test_a_sale_told_of_twice_opens_one_hand_off(hand_off: HandOff) -> None:
    won = list(Event.objects.filter(kind="lead.won"))
    sale.open_sold(won)
    sale.open_sold(won)
    assert (HandOff.objects.count(), Promise.objects.count(), recorded("handoff.opened")) == (1, 1, 1)


def test_a_sale_without_a_price_promises_none(sold: Sell) -> None:
    assert not sold(value=None).promises.exists()


def test_the_price_is_promised_in_the_currency_of_the_job(sold: Sell) -> None:
    assert sold(value=1_250_050, currency="EUR").promises.get().text == "€12,500.50"


def test_who_has_the_job_sold_it_where_the_lead_has_no_rep(house: House, job: Job, sold: Sell) -> None:
    Lead.objects.update(rep=None)
    assert sold(member=house.mona).seller == house.mona


def test_a_sale_told_of_late_opens_nothing_on_a_job_that_ended(house: House, hand_off: HandOff) -> None:
    Job.objects.get(pk=hand_off.pk).lose("price", by=house.rita)
    dispatch_events()
    sale.open_sold(list(Event.objects.filter(kind="lead.won")))
    assert HandOff.objects.get().state == "withdrawn"


def test_accepting_stops_the_clock_of_the_answer(house: House, hand_off: HandOff) -> None:
    assert due(hand_off) == {"handoff.late", "handoff.far"}
    hand_off.accept(by=house.sam)
    assert due(hand_off) == set()


def test_accepting_says_who_when_and_how_long_it_waited(house: House, hand_off: HandOff) -> None:
    with clock.at(NOON + timedelta(hours=3)):
        hand_off.accept(by=house.sam)
    hand_off.refresh_from_db()
    assert (hand_off.accepted_by, hand_off.answered_at) == (house.sam, NOON + timedelta(hours=3))
    assert Event.objects.get(kind="handoff.accepted").data == {"owed": 0, "waited": 3 * 3600}


def test_accepted_twice_there_is_one_project(house: House, hand_off: HandOff) -> None:
    first = hand_off.accept(by=house.sam)
    assert HandOff.objects.get().accept(by=house.mona).pk == first.pk
    assert (Project.objects.count(), recorded("project.started")) == (1, 1)


def test_accepting_without_a_contact_leaves_the_job_to_who_has_it(house: House, hand_off: HandOff) -> None:
    hand_off.accept(by=house.sam)
    assert Job.objects.get(pk=hand_off.pk).member == house.rita


@pytest.mark.parametrize(
    "verb",
    [
        lambda row, by: row.send_back("date", "Agree on a date", by=by),
        lambda row, by: row.resubmit("Again", by=by),
        lambda row, by: row.choose_template(None, by=by),
        lambda row, by: Promise.add(row, "scope", "Gutters, too", by=by),
        lambda row, by: row.promises.get().reply("no", "Too dear", by=by),
        lambda row, by: row.promises.get().remove(by=by),
    ],
    ids=["send_back", "resubmit", "choose_template", "promise", "reply", "remove"],
)
@pytest.mark.parametrize(("state", "words"), [("accepted", "already accepted"), ("withdrawn", "no longer sold")])
def test_an_answered_hand_off_refuses(
    house: House, hand_off: HandOff, verb: Callable[..., object], state: str, words: str
) -> None:
    HandOff.objects.update(state=state, answered_at=NOON)
    with pytest.raises(Refused, match=words):
        verb(HandOff.objects.get(), house.sam)


def test_a_withdrawn_hand_off_is_not_accepted(house: House, hand_off: HandOff) -> None:
    hand_off.withdraw(by=house.rita)
    with pytest.raises(Refused, match="no longer sold"):
        hand_off.accept(by=house.sam)
    assert not Project.objects.exists()


def test_withdrawn_twice_it_is_withdrawn_once(house: House, hand_off: HandOff) -> None:
    hand_off.withdraw(by=house.rita)
    hand_off.withdraw(by=house.rita)
    assert (recorded("handoff.withdrawn"), due(hand_off)) == (1, set())
    assert not Job.objects.get(pk=hand_off.pk).awaits_acceptance


def test_an_accepted_hand_off_stays_when_the_sale_is_withdrawn(house: House, hand_off: HandOff) -> None:
    hand_off.accept(by=house.sam)
    hand_off.withdraw(by=house.rita)
    assert HandOff.objects.get().state == HandOffState.ACCEPTED


def test_sent_back_twice_it_is_sent_back_once(house: House, hand_off: HandOff) -> None:
    for _time in range(2):
        hand_off.send_back("scope", "How many layers?", by=house.sam)
    assert (hand_off.returned, recorded("handoff.returned"), hand_off.return_reason) == (1, 1, "scope")


def test_sending_back_needs_a_known_reason(house: House, hand_off: HandOff) -> None:
    with pytest.raises(ValueError, match="mood"):
        hand_off.send_back("mood", "I don't like it", by=house.sam)


def test_sending_back_that_is_undone_counts_for_nothing(house: House, hand_off: HandOff) -> None:
    with undo.record_undoable("handoff.returned", [hand_off], by=house.sam) as change:
        hand_off.send_back("scope", "How many layers?", by=house.sam)
    undo.undo_change(change.uid, by=house.sam)
    hand_off.refresh_from_db()
    assert (hand_off.state, hand_off.return_note, hand_off.returned) == ("open", "", 0)


def test_what_waits_for_service_is_not_handed_off_again(house: House, hand_off: HandOff) -> None:
    hand_off.resubmit("Again", by=house.rita)
    assert (hand_off.return_note, recorded("handoff.resubmitted")) == ("", 0)


def test_handed_off_again_it_has_the_notes_of_both(house: House, hand_off: HandOff) -> None:
    hand_off.send_back("scope", "How many layers?", by=house.sam)
    hand_off.resubmit("Two.", by=house.rita)
    assert (hand_off.return_note, hand_off.answered_by) == ("How many layers?\n\nTwo.", None)


def test_handed_off_again_service_has_a_day_anew(house: House, hand_off: HandOff) -> None:
    hand_off.send_back("scope", "How many layers?", by=house.sam)
    with clock.at(NOON + timedelta(hours=3)):
        hand_off.resubmit("Two.", by=house.rita)
    assert hand_off.due_at == NOON + timedelta(days=1, hours=3)
    assert Due.objects.get(kind="handoff.late").due_at == hand_off.due_at


def test_a_template_is_chosen_once(house: House, hand_off: HandOff) -> None:
    other = ProjectTemplate.add("Repair", by=None, milestones=[milestone("Done", 1, 0)])
    version = hand_off.version
    for _time in range(2):
        hand_off.choose_template(other, by=house.sam)
    assert (hand_off.template, hand_off.version) == (other, version + 1)


def test_without_a_template_the_project_is_a_day_with_no_milestones(house: House, hand_off: HandOff) -> None:
    hand_off.choose_template(None, by=house.sam)
    project = hand_off.accept(by=house.sam, starts_on=date(2026, 12, 1))
    assert (project.ends_on, project.milestones.count()) == (date(2026, 12, 1), 0)


def test_an_archived_template_is_offered_to_no_sale(house: House, sold: Sell) -> None:
    ProjectTemplate.objects.get().archive(by=house.ada)
    assert sold().template is None


def test_the_template_of_the_pipeline_comes_before_that_of_any(house: House, job: Job, sold: Sell) -> None:
    own = ProjectTemplate.add("Zinc", by=None, pipeline=job.pipeline, milestones=[milestone("Done", 1, 0)])
    assert sold().template == own


def test_lateness_is_recorded_only_while_nobody_has_answered(house: House, hand_off: HandOff) -> None:
    hand_off.accept(by=house.sam)
    with clock.at(NOON + timedelta(days=3)):
        lateness.note_late([hand_off.pk])
        lateness.note_far([hand_off.pk])
    assert (recorded("handoff.overdue"), recorded("handoff.far_overdue")) == (0, 0)


def test_lateness_that_came_too_soon_is_not_recorded(hand_off: HandOff) -> None:
    lateness.note_late([hand_off.pk])
    with clock.at(NOON + timedelta(days=1)):
        lateness.note_late([hand_off.pk])
        lateness.note_far([hand_off.pk])
    assert (recorded("handoff.overdue"), recorded("handoff.far_overdue")) == (1, 0)


def test_a_notice_told_twice_comes_once(house: House, hand_off: HandOff) -> None:
    opened = list(Event.objects.filter(kind="handoff.opened"))
    notices.tell_opened(opened)
    notices.tell_opened(opened)
    assert Notice.objects.filter(kind="handoff.opened").count() == 1


def test_service_is_not_told_of_what_was_withdrawn_meanwhile(house: House, hand_off: HandOff) -> None:
    Notice.objects.all().delete()
    hand_off.withdraw(by=house.rita)
    notices.tell_opened(list(Event.objects.filter(kind="handoff.opened")))
    assert not Notice.objects.filter(kind="handoff.opened").exists()


def test_the_number_in_the_navigation_is_what_waits_for_each(house: House, hand_off: HandOff) -> None:
    assert [count_unanswered(member) for member in (house.sam, house.mona, house.rita)] == ["1", "1", ""]
    hand_off.send_back("scope", "How many layers?", by=house.sam)
    assert [count_unanswered(member) for member in (house.sam, house.rita)] == ["1", "1"]
    hand_off.resubmit("Two.", by=house.rita)
    hand_off.accept(by=house.sam)
    assert [count_unanswered(member) for member in (house.sam, house.rita)] == ["", ""]


def test_a_job_lost_for_good_withdraws_and_one_reopened_hands_off_again(house: House, hand_off: HandOff) -> None:
    Job.objects.get(pk=hand_off.pk).lose("price", by=house.rita)
    lost = list(Event.objects.filter(kind="job.lost"))
    for _time in range(2):
        sale.withdraw_ended(lost)
    assert recorded("handoff.withdrawn") == 1
    Job.objects.get(pk=hand_off.pk).reopen(by=house.rita)
    sale.withdraw_ended(lost)
    for _time in range(2):
        sale.follow_reopened(list(Event.objects.filter(kind="job.reopened")))
    assert (HandOff.objects.get().state, recorded("handoff.opened")) == ("open", 2)


def test_reopening_an_accepted_job_opens_no_hand_off(house: House, hand_off: HandOff) -> None:
    hand_off.accept(by=house.sam)
    Job.objects.get(pk=hand_off.pk).lose("price", by=house.rita)
    Job.objects.get(pk=hand_off.pk).reopen(by=house.rita)
    dispatch_events()
    assert HandOff.objects.get().state == "accepted"
