"""What the customer reads while the contract they signed is reviewed, and afterwards."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.kernel import clock
from quotes.models import Quote, QuoteTerms
from tests.cast import House
from tests.portal.quotes.conftest import path, signed


@pytest.fixture
def in_review(sent: Quote, signed_in: Client, writing_house: House) -> Quote:
    """Signed by Cora on her page; Ada has to review it."""
    house = writing_house
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when="always", review_role="admin")
    signed_in.post(path(sent, "accept/"), signed(sent))
    sent.refresh_from_db()
    return sent


def text(client: Client, quote: Quote) -> str:
    return client.get(path(quote)).content.decode()


def test_it_says_by_when_it_is_confirmed(in_review: Quote, signed_in: Client) -> None:
    page = text(signed_in, in_review)
    assert "Thank you, we are checking the contract" in page
    assert "We check the contract and confirm it by" in page
    assert "nothing for you to pay" in page
    assert "agreed.</h1>" not in page


def test_it_says_so_before_the_signature(sent: Quote, signed_in: Client, writing_house: House) -> None:
    words = "After you sign, we check the contract and confirm it."
    for above, is_said in ((170_000, False), (169_999, True)):
        fields = {"review_when": "above", "review_above": above}
        QuoteTerms.set_terms(writing_house.job.brand, by=writing_house.ada, **fields)
        assert (words in text(signed_in, sent)) == is_said


def test_late_it_says_so(in_review: Quote, signed_in: Client) -> None:
    assert in_review.review_due_at is not None
    with clock.at(in_review.review_due_at + timedelta(minutes=1)):
        assert "We are late: we wanted to confirm it by" in text(signed_in, in_review)


def test_the_job_page_does_not_call_it_accepted(in_review: Quote, signed_in: Client) -> None:
    page = signed_in.get(f"/my/{in_review.tenant.slug}/jobs/{in_review.job.number}/").content.decode()
    assert "Signed; we check the contract" in page


def test_approved_it_is_agreed(in_review: Quote, signed_in: Client, writing_house: House) -> None:
    in_review.approve_contract(by=writing_house.ada)
    assert "Thank you, Cora. It’s agreed." in text(signed_in, in_review)


def test_returned_it_says_why_and_the_new_version_can_be_signed(
    in_review: Quote, signed_in: Client, writing_house: House
) -> None:
    in_review.return_contract("The deck needs more boards.", by=writing_house.ada)
    page = text(signed_in, in_review)
    assert "We can’t confirm the contract as it is" in page
    assert "The deck needs more boards." in page
    in_review.send(by=writing_house.rita)
    assert "Accept and sign" in text(signed_in, in_review)
    signed_in.post(path(in_review, "accept/"), signed(in_review))
    assert "we are checking the contract" in text(signed_in, in_review)
