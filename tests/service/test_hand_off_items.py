"""What stands on a hand-off: promises, ticked and owed lines, questions; each verb, twice and too late."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.jobs.models import Note
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.work.tasks import dispatch_events
from followups.models import FollowUp
from service.hand_offs.items import follow
from service.models import HandOff, HandOffItem, HandOffQuestion, ProjectTemplate, Promise
from service.models.hand_off_checklist import check_of
from tests.cast import House
from tests.service.conftest import NOON, recorded

LETTER = "line:HOA letter"
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def hand_off(sold: Callable[..., HandOff]) -> HandOff:
    return sold(value=2_385_000)


@pytest.fixture
def owed(house: House, hand_off: HandOff) -> HandOffItem:
    """The letter, which Rita brings by tomorrow."""
    return HandOffItem.owe(hand_off, LETTER, "HOA letter", owner=house.rita, due_at=TOMORROW, by=house.sam)


def missing(hand_off: HandOff, code: str) -> bool:
    line = check_of(hand_off, code)
    return line is not None and line.is_missing


def test_a_promise_is_kept_on_one_line(house: House, hand_off: HandOff) -> None:
    promise = Promise.add(hand_off, "date", "  Before\n June ", words="We'll  be there", by=house.rita)
    assert (promise.text, promise.words, promise.answer) == ("Before June", "We'll be there", "")


def test_a_promise_of_nothing_is_refused(house: House, hand_off: HandOff) -> None:
    with pytest.raises(Refused, match="what was promised"):
        Promise.add(hand_off, "date", " ", by=house.rita)


def test_a_promise_is_of_a_known_kind(house: House, hand_off: HandOff) -> None:
    with pytest.raises(ValueError, match="gift"):
        Promise.add(hand_off, "gift", "A hat", by=house.rita)


def test_the_same_answer_to_a_promise_is_recorded_once(house: House, hand_off: HandOff) -> None:
    promise = hand_off.promises.get()
    for _time in range(2):
        promise.reply("no", "Too dear", by=house.sam)
    assert recorded("handoff.promise_answered") == 1


def test_a_yes_takes_the_reason_of_a_no_away(house: House, hand_off: HandOff) -> None:
    promise = hand_off.promises.get()
    promise.reply("no", "Too dear", by=house.sam)
    promise.reply("yes", "Too dear", by=house.sam)
    assert (promise.answer, promise.why_not) == ("yes", "")


def test_a_promise_that_cant_be_kept_has_to_be_agreed_with_the_customer(house: House, hand_off: HandOff) -> None:
    promise = hand_off.promises.get()
    promise.reply("no", "Too dear", by=house.sam)
    line = check_of(hand_off, f"promise:{promise.pk}")
    assert line is not None
    assert (line.label, line.is_missing, line.asks) == ("Agree with the customer: Too dear", True, True)


def test_a_removed_promise_is_gone_and_recorded(house: House, hand_off: HandOff) -> None:
    hand_off.promises.get().remove(by=house.rita)
    assert (hand_off.promises.count(), recorded("handoff.promise_removed")) == (0, 1)


def test_promises_are_listed_price_first(house: House, hand_off: HandOff) -> None:
    for kind in ("on_site", "extras", "date", "scope"):
        Promise.add(hand_off, kind, kind, by=house.rita)
    assert [one.kind for one in hand_off.promises.in_order()] == ["price", "date", "scope", "extras", "on_site"]


def test_a_tick_says_who_and_is_recorded_once(house: House, hand_off: HandOff) -> None:
    for member in (house.rita, house.sam):
        HandOffItem.tick(hand_off, LETTER, "HOA letter", by=member)
    assert (hand_off.items.get().done_by, recorded("handoff.item_ticked")) == (house.rita, 1)
    assert not missing(hand_off, LETTER)


def test_a_tick_taken_off_leaves_the_line_missing(house: House, hand_off: HandOff) -> None:
    HandOffItem.tick(hand_off, LETTER, "HOA letter", by=house.rita)
    for _time in range(2):
        HandOffItem.untick(hand_off, LETTER, by=house.rita)
    assert (missing(hand_off, LETTER), recorded("handoff.item_unticked")) == (True, 1)


def test_ticking_what_is_owed_completes_its_follow_up(house: House, hand_off: HandOff, owed: HandOffItem) -> None:
    HandOffItem.tick(hand_off, LETTER, "HOA letter", by=house.rita)
    assert (FollowUp.objects.get().status, hand_off.items.get().is_owed) == ("completed", False)


def test_taking_a_debt_away_cancels_its_follow_up(house: House, hand_off: HandOff, owed: HandOffItem) -> None:
    HandOffItem.untick(hand_off, LETTER, by=house.sam)
    assert (FollowUp.objects.get().status, hand_off.items.count()) == ("cancelled", 0)


def test_somebody_else_owes_it_and_is_reminded_alone(house: House, hand_off: HandOff, owed: HandOffItem) -> None:
    HandOffItem.owe(hand_off, LETTER, "HOA letter", owner=house.mona, due_at=TOMORROW, by=house.sam)
    reminders = FollowUp.objects.order_by("pk").values_list("assignee", "status")
    assert list(reminders) == [(house.rita.pk, "cancelled"), (house.mona.pk, "pending")]
    assert hand_off.items.get().owner == house.mona


def test_nothing_is_owed_until_a_time_that_has_passed(house: House, hand_off: HandOff) -> None:
    with pytest.raises(Refused, match="future"):
        HandOffItem.owe(hand_off, LETTER, "HOA letter", owner=house.rita, due_at=NOON, by=house.sam)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("state", ["accepted", "withdrawn"])
def test_nothing_is_owed_on_what_is_answered(house: House, hand_off: HandOff, state: str) -> None:
    HandOff.objects.update(state=state, answered_at=NOON)
    row = HandOff.objects.get()
    with pytest.raises(Refused):
        HandOffItem.owe(row, LETTER, "HOA letter", owner=house.rita, due_at=TOMORROW, by=house.sam)
    with pytest.raises(Refused):
        HandOffItem.untick(row, LETTER, by=house.sam)


def test_a_follow_up_done_brings_what_was_owed_once(house: House, hand_off: HandOff, owed: HandOffItem) -> None:
    FollowUp.objects.get().complete("successful", by=house.rita)
    done = list(Event.objects.filter(kind="followup.completed"))
    for _time in range(2):
        follow(done)
    owed.refresh_from_db()
    assert (owed.done_by, recorded("handoff.item_brought")) == (house.rita, 1)


def test_a_follow_up_reopened_is_owed_again_once(house: House, hand_off: HandOff, owed: HandOffItem) -> None:
    follow_up = FollowUp.objects.get()
    follow_up.complete("successful", by=house.rita)
    dispatch_events()
    follow_up.refresh_from_db()
    follow_up.reopen(by=house.rita)
    reopened = list(Event.objects.filter(kind="followup.reopened"))
    for _time in range(2):
        follow(reopened)
    owed.refresh_from_db()
    assert (owed.is_owed, owed.done_by, recorded("handoff.item_owed")) == (True, None, 2)


def test_a_line_nobody_owed_is_not_owed_again(house: House, hand_off: HandOff) -> None:
    HandOffItem.tick(hand_off, LETTER, "HOA letter", by=house.rita)
    hand_off.items.get().owe_again(by=house.rita)
    assert not hand_off.items.get().is_owed


def test_what_the_customer_reads_stays_off_the_events(house: House, hand_off: HandOff) -> None:
    HandOffItem.tick(hand_off, "promise:7", "Agree with Cora: too dear", by=house.sam)
    assert Event.objects.get(kind="handoff.item_ticked").data == {"label": ""}


def test_the_price_the_address_and_a_number_are_seen_by_themselves(hand_off: HandOff) -> None:
    seen = {code: line.seen for code in ("value", "address", "contact") if (line := check_of(hand_off, code))}
    assert seen == {
        "value": "$23,850",
        "address": "2207 Bayshore Ct, Tampa, FL 33611",
        "contact": "cora@suncoast-test-mail.example",
    }


def test_a_job_without_a_price_lacks_one(sold: Callable[..., HandOff]) -> None:
    assert missing(sold(value=None), "value")


def test_photos_are_asked_for_only_by_a_template_that_wants_some(house: House, hand_off: HandOff) -> None:
    assert check_of(hand_off, "photos") is None
    ProjectTemplate.objects.update(photos=2)
    hand_off.refresh_from_db()
    assert missing(hand_off, "photos")


def test_a_question_is_a_note_on_the_job(house: House, hand_off: HandOff) -> None:
    question = HandOffQuestion.ask(hand_off, " Two layers? ", by=house.sam)
    assert (question.asked.body, question.asked.author, Note.objects.get().job_id) == (
        "Two layers?",
        house.sam,
        hand_off.pk,
    )


def test_without_a_seller_nobody_is_asked(house: House, hand_off: HandOff) -> None:
    HandOff.objects.update(seller=None)
    with pytest.raises(Refused, match="unknown"):
        HandOffQuestion.ask(HandOff.objects.get(), "Two layers?", by=house.sam)


def test_a_question_is_answered_once(house: House, hand_off: HandOff) -> None:
    question = HandOffQuestion.ask(hand_off, "Two layers?", by=house.sam)
    with pytest.raises(Refused, match="Write something"):
        question.answer(" \0 ", by=house.rita)
    question.answer("Two.", by=house.rita)
    with pytest.raises(Refused, match="already answered"):
        question.answer("Three.", by=house.mona)
    assert (question.answered.body, recorded("handoff.told")) == ("Two.", 1)


def test_a_question_is_answered_even_after_the_hand_off_is(house: House, hand_off: HandOff) -> None:
    question = HandOffQuestion.ask(hand_off, "Two layers?", by=house.sam)
    HandOff.objects.update(state="accepted", answered_at=NOON)
    question.answer("Two.", by=house.rita)
    assert question.answered is not None
    with pytest.raises(Refused, match="already accepted"):
        HandOffQuestion.ask(HandOff.objects.get(), "And the deck?", by=house.sam)
