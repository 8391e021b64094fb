"""Pages of the review of contracts: the list, the home page, the quote as its reviewer and others see it."""

import pytest
from django.test import Client

from quotes.models import ContractReview, Quote, QuoteState, QuoteTerms
from tests.cast import House
from tests.quotes.conftest import NOW
from tests.quotes.offers import choice_of, signature_of
from tests.quotes.test_pages import client_of, url


@pytest.fixture
def signed(sent: Quote, house: House) -> Quote:
    """Signed by Cora without the gutters; Ada reviews it."""
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when="always", review_role="admin")
    evidence = {"ip": "203.0.113.7", "code_at": "2026-05-11T12:00:00+00:00"}
    sent.accept(choice_of(sent, "Gutters"), signature_of(house.cora, evidence=evidence))
    return sent


@pytest.fixture
def ada(house: House) -> Client:
    return client_of(house.ada)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_list_shows_and_filters_what_waits(signed: Quote, house: House, ada: Client) -> None:
    listed = f"/{house.tenant.slug}/quotes/"
    assert "Signed, waits for review" in text(ada, f"{listed}?review=1")
    signed.approve_contract(by=house.ada)
    assert signed.code not in text(ada, f"{listed}?review=1")


def test_the_home_page_counts_them_for_who_approves(signed: Quote, house: House, ada: Client) -> None:
    home = f"/{house.tenant.slug}/"
    assert "/quotes/?review=1" in ada.get(home, follow=True).content.decode()
    assert "Contracts to review" not in client_of(house.rita).get(home, follow=True).content.decode()


def test_the_reviewer_sees_choice_and_evidence(signed: Quote, house: House, ada: Client) -> None:
    page = text(ada, url(house, signed))
    for words in ("Contract review", "Better", "Gutters", "$1,500", "203.0.113.7", "8:00", "Approve the contract"):
        assert words in page, words


def test_others_see_who_reviews_it_and_no_evidence(signed: Quote, house: House) -> None:
    page = text(client_of(house.rita), url(house, signed))
    assert "Contract review" in page
    assert house.ada.name in page
    assert "203.0.113.7" not in page
    assert "Approve the contract" not in page


def test_it_is_approved_on_its_page(signed: Quote, house: House, ada: Client) -> None:
    ada.post(url(house, signed, "contract/approve/"), {"version": signed.form_version})
    assert ContractReview.objects.get().is_approved
    assert f"Approved by {house.ada.name}" in text(ada, url(house, signed))


def test_it_is_returned_on_its_page(signed: Quote, house: House, ada: Client) -> None:
    address = url(house, signed, "contract/return/")
    assert "Say why" in ada.post(address, {"version": signed.form_version}, follow=True).content.decode()
    page = ada.post(address, {"version": signed.form_version, "answer": "More boards"}, follow=True).content.decode()
    assert "version 2 is yours to change" in page
    signed.refresh_from_db()
    assert signed.state == QuoteState.WITHDRAWN


def test_the_second_reviewer_is_told_who_was_faster(signed: Quote, house: House, ada: Client) -> None:
    version = signed.form_version
    ContractReview.objects.update(overdue_at=NOW)
    signed.approve_contract(by=house.mona)
    address = url(house, signed, "contract/return/")
    page = ada.post(address, {"answer": "No", "version": version}, follow=True).content.decode()
    assert "changed" in page
    assert ContractReview.objects.get().decided_by == house.mona


def test_who_may_not_approve_finds_nothing(signed: Quote, house: House) -> None:
    rita = client_of(house.rita)
    for verb in ("approve", "return"):
        assert rita.post(url(house, signed, f"contract/{verb}/"), {"version": signed.form_version}).status_code == 404
    assert ContractReview.objects.get().is_open
