"""Asking about a quote and declining it, on its page."""

from uuid import uuid4

import pytest
from django.test import Client

from comms.models import Consent, Message
from quotes.models import Quote, QuoteQuestion
from tests.cast import House
from tests.portal.quotes.conftest import Opening, form, path


def test_a_question_is_a_message_on_the_ticket(sent: Quote, linked: Opening, writing_house: House) -> None:
    data = form(sent, text="Could you start in July?", key=str(uuid4()))
    client = linked()
    assert client.post(path(sent, "ask/"), data).status_code == 302
    client.post(path(sent, "ask/"), data)
    question = QuoteQuestion.objects.get()
    assert (question.text, question.wants_change, question.person) == (
        "Could you start in July?",
        False,
        writing_house.cora,
    )
    message = Message.objects.get(medium="portal")
    assert f"About quote {sent.code}:" in message.text
    assert "opened by its link without a code" in message.text
    assert (message.job, message.direction) == (writing_house.job, "in")


def test_a_change_carries_what_they_chose(sent: Quote, signed_in: Client) -> None:
    signed_in.post(path(sent, "ask/"), form(sent, "Gutters", text="", change="1"))
    question = QuoteQuestion.objects.get()
    assert (question.wants_change, question.total) == (True, 150_000)
    text = Message.objects.get(medium="portal").text
    assert "Option: Better\nWithout: Gutters\nPrice: $1,500" in text
    assert "without a code" not in text


def test_nothing_to_ask(sent: Quote, signed_in: Client) -> None:
    answer = signed_in.post(path(sent, "ask/"), form(sent, text=" "))
    assert answer.status_code == 422
    assert "Write what you would like to know or change." in answer.content.decode()
    assert not Message.objects.filter(medium="portal").exists()


def test_declining_is_one_tap(sent: Quote, linked: Opening) -> None:
    client = linked()
    assert "Another company" in client.get(path(sent, "decline/")).content.decode()
    text = client.post(path(sent, "decline/"), {"reason": "other_company"}, follow=True).content.decode()
    assert "You declined this quote" in text
    sent.refresh_from_db()
    assert (sent.state, sent.decline_reason) == ("declined", "other_company")
    assert not Consent.objects.exists(), "nobody is put on a list without a yes"


def test_declining_with_a_yes_to_offers(sent: Quote, linked: Opening) -> None:
    linked().post(path(sent, "decline/"), {"reason": "not_now", "offers": "on"})
    assert Consent.objects.get().given


def test_declining_without_a_reason(sent: Quote, signed_in: Client) -> None:
    answer = signed_in.post(path(sent, "decline/"), {"reason": "nonesuch"})
    assert answer.status_code == 422
    assert "Choose a reason." in answer.content.decode()


def test_a_forwarded_link_can_not_decline(sent: Quote, linked: Opening) -> None:
    answer = linked(first=False).post(path(sent, "decline/"), {"reason": "price"})
    assert "Sign in with a code to decline the quote." in answer.content.decode()
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("rest", ["decline/", ""])
def test_what_is_over_leads_to_its_outcome(sent: Quote, signed_in: Client, writing_house: House, rest: str) -> None:
    sent.withdraw(by=writing_house.rita)
    text = signed_in.get(path(sent, rest), follow=True).content.decode()
    assert "We have withdrawn this quote" in text


def test_who_declined_by_a_link_can_write_to_us(sent: Quote, linked: Opening) -> None:
    page = linked().post(path(sent, "decline/"), {"reason": "price"}, follow=True).content.decode()
    assert f"/jobs/{sent.job.number}/messages/" in page


def test_who_has_an_ended_quote_can_ask_for_a_new_one(sent: Quote, signed_in: Client, writing_house: House) -> None:
    sent.withdraw(by=writing_house.rita)
    page = signed_in.get(path(sent)).content.decode()
    assert "Ask for a new quote" in page
    assert "Deposit," not in page


def test_a_forwarded_link_offers_no_decline(sent: Quote, linked: Opening) -> None:
    assert "No, thank you" in linked().get(path(sent)).content.decode()
    assert "No, thank you" not in linked(first=False).get(path(sent)).content.decode()
