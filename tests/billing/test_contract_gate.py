"""While a contract is reviewed nothing is billed and the job isn't sold; approved, both go on."""

from collections.abc import Callable
from typing import Any

import pytest

from billing.models import BillingTerms, Invoice, Payment
from comms.models import Message
from crm.jobs.bulk.verbs import move_all
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.models import Notice
from quotes.models import Quote, QuoteTerms
from service.models import HandOff
from tests.billing.test_dunning import deliver
from tests.cast import House
from tests.quotes.offers import choice_of, signature_of, write_quote


def sign_quote(house: House, **terms: Any) -> Quote:
    """Have Cora sign for $1,700, where admins review every contract."""
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when="always", review_role="admin", **terms)
    quote = write_quote(house)
    quote.send(by=house.rita)
    quote.accept(choice_of(quote), signature_of(house.cora))
    deliver()
    return quote


@pytest.fixture
def signed(house: House) -> Quote:
    """Signed with a deposit of 30 %."""
    return sign_quote(house)


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("member_id", flat=True))


def test_until_it_is_approved_no_deposit_is_billed(house: House, signed: Quote) -> None:
    assert (Invoice.objects.count(), told("quote.to_review")) == (0, {house.ada.pk})
    signed.approve_contract(by=house.ada)
    deliver()
    deliver()
    deposit = Invoice.objects.get()
    assert (deposit.total, deposit.kind, deposit.state) == (51_000, "deposit", "issued")
    assert told("quote.reviewed") == {house.rita.pk}


def test_returned_nothing_is_billed(house: House, signed: Quote) -> None:
    signed.return_contract("More boards", by=house.ada)
    deliver()
    assert not Invoice.objects.exists()


def test_the_job_is_not_sold_meanwhile(house: House, job: Job, signed: Quote) -> None:
    sold = house.stage("Scheduled")
    with pytest.raises(Refused, match="still under review"):
        job.move_to(sold, by=house.rita)
    assert move_all([(Job.objects.get(pk=job.pk), sold)], by=house.mona) == []
    signed.approve_contract(by=house.ada)
    job.move_to(sold, by=house.rita)
    assert job.is_sold


def test_the_deposit_of_an_approved_contract_hands_over(
    house: House, job: Job, signed: Quote, pay: Callable[..., Payment]
) -> None:
    signed.approve_contract(by=house.ada)
    deliver()
    pay(51_000)
    deliver()
    assert HandOff.objects.get(job=job).state == "open"


def test_what_was_paid_meanwhile_counts_once_it_is_approved(
    house: House, job: Job, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    BillingTerms.set_for(job.brand, by=house.ada, service_gate="all")
    signed = sign_quote(house, deposit_ppm=0)
    pay(10_000, invoices=[bill(10_000)])
    deliver()
    job.refresh_from_db()
    assert (job.is_sold, told("payment.not_moved")) == (False, {house.rita.pk})
    signed.approve_contract(by=house.ada)
    deliver()
    job.refresh_from_db()
    assert job.is_sold


def test_late_all_who_approve_are_told_once(house: House, signed: Quote) -> None:
    assert signed.review_due_at is not None
    with clock.at(signed.review_due_at):
        deliver()
        deliver()
    assert told("quote.review_late") == {house.ada.pk, house.mona.pk}
    assert Notice.objects.filter(kind="quote.review_late").count() == 2


def test_without_a_channel_nothing_is_sent(house: House, signed: Quote) -> None:
    signed.approve_contract(by=house.ada)
    deliver()
    assert not Message.objects.filter(occasion__startswith="contract_approved").exists()
