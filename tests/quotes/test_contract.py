"""The review of a contract after the customer signed: who decides by when, and what waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from quotes.models import ContractReview, Quote, QuoteAcceptance, QuoteState, QuoteTerms, contract_review
from quotes.models.contract_review import reviewers_of
from quotes.models.quote_terms import terms_of
from tests.cast import House, load_cast
from tests.quotes.conftest import NOW
from tests.quotes.offers import choice_of, signature_of, write_quote
from tests.together import together


def review_contracts(house: House, when: str = "always", **fields: Any) -> None:
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when=when, **fields)


@pytest.fixture
def signed(sent: Quote, house: House) -> Quote:
    """Signed by Cora for $1,700, where the managers review every contract."""
    review_contracts(house)
    sent.accept(choice_of(sent), signature_of(house.cora))
    return sent


def recorded(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind))


def test_without_the_setting_it_is_agreed_at_once(sent: Quote, house: House) -> None:
    sent.accept(choice_of(sent), signature_of(house.cora))
    assert (sent.is_in_review, ContractReview.objects.count()) == (False, 0)
    assert "review" not in recorded("quote.accepted")[0].data


@pytest.mark.parametrize(("above", "is_reviewed"), [(169_999, True), (170_000, False)])
def test_above_an_amount_it_is_reviewed(sent: Quote, house: House, above: int, is_reviewed: bool) -> None:
    review_contracts(house, "above", review_above=above)
    sent.accept(choice_of(sent), signature_of(house.cora))
    assert sent.is_in_review == is_reviewed


def test_the_acceptance_stands_and_the_review_is_due_in_working_hours(sent: Quote, house: House) -> None:
    review_contracts(house, review_hours=4)
    friday = datetime(2026, 5, 15, 20, 0, tzinfo=UTC)
    with clock.at(friday):
        sent.accept(choice_of(sent), signature_of(house.cora))
    assert (sent.state, sent.is_in_review) == (QuoteState.ACCEPTED, True)
    assert sent.review_due_at is not None
    assert sent.review_due_at > friday + timedelta(days=2)
    assert [len(recorded(kind)) for kind in ("quote.accepted", "quote.review_requested")] == [1, 1]


def test_approved_it_is_agreed_once(signed: Quote, house: House) -> None:
    for _time in range(2):
        signed.approve_contract(by=house.mona, answer=" All  right ")
    review = ContractReview.objects.get()
    assert (review.is_approved, review.decided_by, review.answer) == (True, house.mona, "All right")
    assert (signed.state, signed.is_in_review) == (QuoteState.ACCEPTED, False)
    [event] = recorded("quote.contract_approved")
    assert event.data["acceptance"] == QuoteAcceptance.objects.get().pk


def test_returned_it_needs_a_reason_and_a_new_version_begins(signed: Quote, house: House) -> None:
    with pytest.raises(Refused, match="Say why"):
        signed.return_contract(" ", by=house.mona)
    for _time in range(2):
        signed.return_contract("The deck needs more boards", by=house.mona)
    assert (signed.state, signed.is_in_review, signed.newest) == (QuoteState.WITHDRAWN, False, 2)
    assert len(recorded("quote.contract_returned")) == 1


def test_the_new_version_can_be_signed_and_is_reviewed_again(signed: Quote, house: House) -> None:
    signed.return_contract("The deck needs more boards", by=house.mona)
    signed.send(by=house.rita)
    accepted = signed.accept(choice_of(signed), signature_of(house.cora))
    assert signed.accept(choice_of(signed), signature_of(house.cora)) == accepted
    assert (signed.is_in_review, signed.last_acceptance(), QuoteAcceptance.objects.count()) == (True, accepted, 2)
    signed.approve_contract(by=house.mona)
    assert list(ContractReview.objects.order_by("pk").values_list("is_approved", flat=True)) == [False, True]


def test_a_returned_version_is_not_signed_again(signed: Quote, house: House) -> None:
    signed.return_contract("No", by=house.mona)
    with pytest.raises(Refused, match="withdrawn"):
        signed.accept(choice_of(signed), signature_of(house.cora))


def test_who_sent_it_does_not_review_it(sent: Quote, house: House) -> None:
    review_contracts(house, review_role="rep")
    sent.accept(choice_of(sent), signature_of(house.cora))
    assert {one.pk for one in ContractReview.objects.get().reviewers()} == {house.mona.pk, house.ada.pk}
    with pytest.raises(Refused, match="Somebody else reviews"):
        sent.approve_contract(by=house.rita)


def test_the_chosen_member_reviews_it_until_it_is_late(sent: Quote, house: House) -> None:
    review_contracts(house, review_member_id=house.ada.pk)
    sent.accept(choice_of(sent), signature_of(house.cora))
    with pytest.raises(Refused, match="Somebody else reviews"):
        sent.approve_contract(by=house.mona)
    assert sent.review_due_at is not None
    with clock.at(sent.review_due_at):
        ContractReview.mark_overdue([ContractReview.objects.get().pk])
        sent.approve_contract(by=house.mona)
    assert ContractReview.objects.get().decided_by == house.mona


def test_where_nobody_else_approves_the_sender_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = terms_of(house.job.brand_id)
    assert [one.pk for one in reviewers_of(terms, house.mona.pk)] == [house.ada.pk]
    monkeypatch.setattr(contract_review, "allows", lambda member, permission: member.pk == house.mona.pk)
    assert [one.pk for one in reviewers_of(terms, house.mona.pk)] == [house.mona.pk]


def test_late_it_is_escalated_once(signed: Quote) -> None:
    review = ContractReview.objects.get()
    with clock.at(review.due_at):
        for _time in range(2):
            ContractReview.mark_overdue([review.pk])
    assert [event.data["decision"] for event in recorded("quote.review_overdue")] == [review.pk]


def test_what_was_decided_is_not_late(signed: Quote, house: House) -> None:
    signed.approve_contract(by=house.mona)
    with clock.at(NOW + timedelta(days=9)):
        ContractReview.mark_overdue([ContractReview.objects.get().pk])
    assert recorded("quote.review_overdue") == []


def test_of_two_reviewers_at_once_one_decides(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        review_contracts(house, review_role="admin")
        sent = write_quote(house)
        sent.send(by=house.rita)
        sent.accept(choice_of(sent), signature_of(house.cora))
        ContractReview.objects.update(overdue_at=clock.now())

    def decide(act: Any) -> str:
        with use_tenant(house.tenant):
            try:
                act(Quote.objects.get(pk=sent.pk))
            except Stale as why:
                return why.text
            return "done"

    answers = together(
        lambda: decide(lambda row: row.approve_contract(by=house.mona)),
        lambda: decide(lambda row: row.return_contract("More boards", by=house.ada)),
    )
    assert answers.count("done") == 1
    with use_tenant(house.tenant):
        review = ContractReview.objects.get()
        assert any("has decided about this contract already" in one for one in answers)
        assert review.is_approved == (answers[0] == "done")
