"""Accepting a quote on its page: what is signed, and each refusal with its sentence."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from billing.invoices.plan_invoices import issue_deposit
from billing.models import PartDraft, PaymentPlan
from comms.models import Consent
from crm.jobs.models import JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from portal.models import JobShare, PortalAccess
from portal.quotes import outcome
from portal.quotes.signing import parse_strokes
from quotes.models import Quote, QuoteAcceptance
from tests.cast import House
from tests.portal.conftest import Coming
from tests.portal.quotes.conftest import Opening, path, signed
from tests.quotes.offers import add_line


def accept(client: Client, quote: Quote, data: dict[str, Any]) -> str:
    """Post it, and return the text of the page that answers."""
    return client.post(path(quote, "accept/"), data, follow=True).content.decode()


def test_accepting_what_is_chosen(sent: Quote, signed_in: Client) -> None:
    text = accept(signed_in, sent, signed(sent, "Gutters"))
    assert "Thank you, Cora. It’s agreed." in text
    assert "What happens next" in text
    acceptance = QuoteAcceptance.objects.get()
    assert (acceptance.total, acceptance.signed_name, acceptance.method) == (150_000, "Cora Customer", "typed")
    assert "electronically" in acceptance.consent
    assert {"ip", "device", "code_at"} <= set(acceptance.evidence)


def test_a_drawn_signature_is_kept(sent: Quote, signed_in: Client) -> None:
    strokes = [[10, 10, 400, 200], [5, 5, 6, 6]]
    accept(signed_in, sent, signed(sent, method="drawn", strokes=json.dumps(strokes)))
    assert QuoteAcceptance.objects.get().evidence["strokes"] == strokes


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "[[1]]", "[[1,2,3]]", "[[1,2,1001,4]]", "[[1,2,true,4]]", "[1,2]", "no"]
)
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Sign in the box"):
        parse_strokes(text)


def test_twice_is_once(sent: Quote, signed_in: Client) -> None:
    data = signed(sent)
    accept(signed_in, sent, data)
    assert "It’s agreed" in accept(signed_in, sent, data)
    assert QuoteAcceptance.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter your full name."),
        ({"agree": None}, "agree to sign electronically"),
        ({"method": "drawn", "strokes": ""}, "Sign in the box"),
        ({"hash": "0" * 64}, "This is the price of what you chose now."),
    ],
)
def test_a_signature_that_is_not_whole(sent: Quote, signed_in: Client, change: dict[str, Any], words: str) -> None:
    data = {key: value for key, value in (signed(sent) | change).items() if value is not None}
    answer = signed_in.post(path(sent, "accept/"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not QuoteAcceptance.objects.exists()


def test_a_link_alone_can_not_accept(sent: Quote, linked: Opening) -> None:
    text = accept(linked(), sent, signed(sent))
    assert "Confirm first that it is you: ask for a code and enter it." in text
    assert "Email me a code" in text
    assert not QuoteAcceptance.objects.exists()


def test_a_forwarded_link_can_not_accept(sent: Quote, linked: Opening) -> None:
    text = accept(linked(first=False), sent, signed(sent))
    assert "This link was sent to somebody else." in text
    assert "Only Cora Customer can accept, with a code" in text
    assert not QuoteAcceptance.objects.exists()


def test_a_version_that_was_replaced(sent: Quote, signed_in: Client, writing_house: House) -> None:
    data = signed(sent)
    sent.revise(by=writing_house.rita)
    add_line(sent, writing_house, "Skylight", 64_000)
    sent.send(by=writing_house.rita)
    text = accept(signed_in, sent, data)
    assert "The quote has changed since you opened it." in text
    assert "Skylight" in text
    assert not QuoteAcceptance.objects.exists()


def test_one_that_expired_meanwhile(sent: Quote, signed_in: Client) -> None:
    sent.valid_until = sent.today() - timedelta(days=1)
    sent.save(update_fields=["valid_until"])
    text = accept(signed_in, sent, signed(sent))
    assert "This quote has expired. Ask us for a new one." in text


def test_one_that_was_withdrawn_meanwhile(sent: Quote, signed_in: Client, writing_house: House) -> None:
    sent.withdraw(by=writing_house.rita)
    assert "We have withdrawn this quote. Ask us for a new one." in accept(signed_in, sent, signed(sent))


def test_another_of_the_household_was_faster(
    sent: Quote, signed_in: Client, writing_house: House, portal_client: Coming
) -> None:
    spouse = Person.objects.create(name="Sven Customer")
    JobParty.objects.create(job=writing_house.job, person=spouse, role="spouse")
    data = signed(sent)
    assert "It’s agreed" in accept(portal_client(spouse), sent, data | {"name": "Sven Customer"})
    assert "Sven Customer has accepted this quote already." in accept(signed_in, sent, data)
    assert "Sven Customer has accepted this quote" in signed_in.get(path(sent)).content.decode()


def test_who_only_sees_the_price_can_not_accept(sent: Quote, writing_house: House, portal_client: Coming) -> None:
    manager = Person.objects.create(name="Pia Manager")
    JobShare.share(writing_house.job, manager, "other", sees_money=True, by_customer=writing_house.cora)
    client = portal_client(manager)
    assert "Only Cora Customer can accept this quote." in client.get(path(sent)).content.decode()
    assert "Only Cora Customer can accept this quote." in accept(client, sent, signed(sent))


def test_offers_only_with_a_yes(sent: Quote, signed_in: Client) -> None:
    accept(signed_in, sent, signed(sent, offers="on"))
    consent = Consent.objects.get()
    assert (consent.given, consent.purpose, consent.wording) == (True, "marketing", "Email me offers now and then")


def test_no_box_no_consent(sent: Quote, signed_in: Client) -> None:
    accept(signed_in, sent, signed(sent))
    assert not Consent.objects.exists()


def test_clock_of_the_first_look_is_evidence(sent: Quote, signed_in: Client) -> None:
    at = clock.now()
    with clock.at(at):
        signed_in.get(path(sent, "seen/"))
    accept(signed_in, sent, signed(sent))
    assert QuoteAcceptance.objects.get().evidence["first_seen_at"] == at.isoformat()


def test_the_deposit_invoice_is_linked_once_it_is_issued(sent: Quote, signed_in: Client, writing_house: House) -> None:
    assert "The invoice for the deposit" not in accept(signed_in, sent, signed(sent))
    origin = f"quote:{sent.pk}:deposit"
    invoice = issue_deposit(writing_house.job, 51_000, origin=origin, total=170_000, currency=sent.currency)
    text = signed_in.get(path(sent)).content.decode()
    assert f"/my/{writing_house.tenant.slug}/invoices/{invoice.uid}/" in text
    assert "Pay the deposit of $510" in text
    assert "We send you the invoice for the deposit" not in text
    PortalAccess.invite(writing_house.cora, by=None).see({"money": False}, by=None)
    assert str(invoice.uid) not in signed_in.get(path(sent)).content.decode()


def test_the_page_is_read_again_until_pdf_and_invoice_are_made(
    sent: Quote, signed_in: Client, writing_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "data-pending" in accept(signed_in, sent, signed(sent))
    monkeypatch.setattr(outcome, "signed_document", lambda acceptance: UUID(int=1))
    assert "data-pending" in signed_in.get(path(sent)).content.decode()
    issue_deposit(writing_house.job, 51_000, origin=f"quote:{sent.pk}:deposit", total=170_000, currency=sent.currency)
    assert "data-pending" not in signed_in.get(path(sent)).content.decode()


def test_it_says_when_the_rest_is_paid(sent: Quote, signed_in: Client, writing_house: House) -> None:
    words = "Then 40% when the work begins, and 30% when it is done."
    assert words in signed_in.get(path(sent)).content.decode()
    PaymentPlan.agree(writing_house.job, 100, [PartDraft("All", 1_000_000, "done")], by=None)
    assert words not in signed_in.get(path(sent)).content.decode()
