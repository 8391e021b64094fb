"""STOP, START and HELP as they come in: what they close and open, for whom, and what is answered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comms.gate import decide
from comms.gate.consent.consents import record
from comms.gate.consent.opt_outs import process_opt_out, resolve
from comms.gate.consent.suppressions import suppress
from comms.models import Channel, Message, Suppression
from crm.kernel import clock
from crm.kernel.refusal import Refused
from tests.cast import House
from tests.comms.gate.conftest import channel, message

NOON = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)


def says(house: House, text: str, by: Channel, **fields: Any) -> Message:
    return message(house, by, **{"direction": "in", "state": "received", "author": None, "text": text} | fields)


def answers() -> list[tuple[str, str]]:
    """What was queued in answer, and whether the gate lets it go."""
    ours = Message.objects.filter(direction="out").exclude(automatic="").order_by("pk")
    with clock.at(NOON):
        return [(one.automatic, decide(one).outcome) for one in ours]


@pytest.mark.parametrize("text", ["STOP", "please stop texting me", "Geen berichten meer"])
def test_stop_closes_all_numbers_of_the_brand_and_is_confirmed(house: House, text: str) -> None:
    one, other = channel(), channel(address="+18135550199")
    assert process_opt_out(says(house, text, one)).kind == "stop"
    with clock.at(NOON):
        assert [decide(message(house, by)).reason for by in (one, other)] == ["stop", "stop"]
    assert answers() == [("opt_out", "send")]
    assert Message.objects.get(automatic="opt_out").author is None


def test_a_stop_answers_nothing_and_other_words_do(house: House) -> None:
    by = channel()
    for text in ("STOP", "Yes, please come on Tuesday"):
        process_opt_out(says(house, text, by))
    assert [one.text for one in Message.objects.answers()] == ["Yes, please come on Tuesday"]


def test_stop_twice_is_confirmed_once(house: House) -> None:
    by = channel()
    process_opt_out(says(house, "STOP", by))
    process_opt_out(says(house, "stop!", by))
    assert len(answers()) == 1


def test_stop_by_text_leaves_mail_and_stop_everything_does_not(house: House) -> None:
    sms, mail = channel(), channel("email", provider="smtp")
    process_opt_out(says(house, "STOP", sms))
    assert decide(message(house, mail)).outcome == "send"
    process_opt_out(says(house, "Please remove me from your list", sms))
    assert decide(message(house, mail)).reason == "stop"


def test_stop_emailing_by_text_closes_their_mail(house: House) -> None:
    sms, mail = channel(), channel("email", provider="smtp")
    process_opt_out(says(house, "Stop emailing me", sms))
    with clock.at(NOON):
        assert decide(message(house, mail)).reason == "unsubscribed"
        assert decide(message(house, sms)).outcome == "send"


def test_start_opens_what_stop_closed_and_no_consent_that_was_not_there(house: House) -> None:
    by = channel()
    process_opt_out(says(house, "STOP", by))
    assert process_opt_out(says(house, "START", by)).kind == "start"
    with clock.at(NOON):
        assert decide(message(house, by)).outcome == "send"
    assert [kind for kind, _ in answers()] == ["opt_out", "opt_in"]
    assert not Suppression.objects.in_force().exists()


def test_start_leaves_what_was_closed_otherwise(house: House) -> None:
    by = channel()
    suppress("+18135550142", "blocked", source="staff")
    record("+18135550142", brand=by.brand, medium="sms", purpose="service", given=False, wording="No", source="call")
    process_opt_out(says(house, "STOP", by))
    process_opt_out(says(house, "START", by))
    assert list(Suppression.objects.in_force().values_list("reason", flat=True)) == ["blocked"]


def test_yes_is_an_answer_unless_they_had_stopped_us(house: House) -> None:
    by = channel()
    assert process_opt_out(says(house, "Yes", by)).kind == ""
    process_opt_out(says(house, "STOP", by))
    assert process_opt_out(says(house, "Yes", by)).kind == "start"


def test_help_is_answered_once_a_day(house: House) -> None:
    by = channel()
    for _ in range(2):
        assert process_opt_out(says(house, "HELP", by)).kind == "help"
    assert answers() == [("help", "send")]


def test_absence_notice_and_our_own_words_ask_nothing(house: House) -> None:
    by = channel("email", provider="smtp")
    assert process_opt_out(says(house, "unsubscribe", by, automatic="auto_reply")).kind == ""
    assert process_opt_out(message(house, by, text="STOP")).kind == ""


@pytest.mark.parametrize("stop", [True, False])
def test_unclear_words_pause_offers_until_a_person_has_read_them(house: House, stop: bool) -> None:
    by = channel()
    [paused] = process_opt_out(says(house, "Please stop, the dog is loose", by)).changed
    assert (paused.reason, paused.covers, paused.evidence) == ("unclear", "marketing", "Please stop, the dog is loose")
    with clock.at(NOON):
        assert decide(message(house, by)).outcome == "send"
        resolve(paused, stop=stop, by=house.mona)
        assert decide(message(house, by)).outcome == ("drop" if stop else "send")
    with pytest.raises(Refused):
        resolve(paused, stop=stop, by=house.rita)


def test_stop_in_a_mail_leaves_what_concerns_work_in_hand(house: House) -> None:
    by = channel("email", provider="smtp")
    process_opt_out(says(house, "Please unsubscribe me", by))
    assert decide(message(house, by)).reason == "unsubscribed"
    assert decide(message(house, by, purpose="transactional")).outcome == "send"
