"""What a partner earns: of what is paid, without tax, less what is credited; whatever comes in which order."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing.ledger.balance import find_differences
from billing.models import Commission, Invoice, Refund, credit_invoice, reverse_payment, use_credit_note
from crm.jobs.models import Job, JobParty
from crm.kernel.refusal import Refused
from leads.models import Partner
from tests.billing.commissions.conftest import Earn
from tests.billing.test_invoice import balance
from tests.cast import House

Make = Callable[..., Any]


def test_a_percentage_is_of_what_is_paid_without_tax(agree: Make, bill: Make, pay: Make, earn: Earn) -> None:
    agree(rate=50_000)
    bill(100_000, tax_rate=210_000)
    assert earn() == []
    pay(60_500)
    assert earn() == [2_500]
    pay(60_500)
    assert earn() == [2_500, 2_500]


def test_it_is_in_the_books(agree: Make, bill: Make, pay: Make, earn: Earn) -> None:
    agree(rate=50_000)
    bill(100_000)
    pay(100_000)
    earn()
    assert (balance("commission"), balance("partners"), find_differences()) == (5_000, -5_000, [])


def test_a_payment_that_is_reversed_takes_it_back(house: House, agree: Make, bill: Make, pay: Make, earn: Earn) -> None:
    agree(rate=50_000)
    bill(100_000)
    payment = pay(100_000)
    earn()
    reverse_payment(payment, "The check bounced", by=house.sam)
    assert earn() == [5_000, -5_000]


def test_what_is_credited_or_paid_back_takes_its_part_back(
    house: House, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(rate=100_000)
    invoice = bill(100_000)
    payment = pay(100_000)
    earn()
    refund = Refund.request(invoice, 20_000, "back", "Stain", by=house.sam, payment=payment)
    refund.approve(by=house.ada)
    refund.pay_back(by=house.sam)
    assert earn() == [10_000, -2_000]
    credit_invoice(invoice, 30_000, "Less gutter", by=house.sam)
    assert earn() == [10_000, -2_000, -3_000]


def test_credit_of_another_invoice_counts_where_it_is_used(
    house: House, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(rate=100_000)
    first = bill(100_000)
    pay(100_000)
    note = credit_invoice(first, 40_000, "Less", by=house.sam)
    assert earn() == [6_000]
    use_credit_note(note, bill(40_000), by=house.sam, found_by="person")
    assert earn() == [6_000, 4_000]


def test_a_fixed_amount_is_earned_once_all_is_paid(
    house: House, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(amount=25_000)
    bill(100_000)
    bill(50_000)
    pay(100_000)
    assert earn() == []
    last = pay(50_000)
    assert earn() == [25_000]
    reverse_payment(last, "Slip", by=house.sam)
    assert earn() == [25_000, -25_000]


def test_currencies_are_never_mixed(agree: Make, bill: Make, pay: Make, earn: Earn) -> None:
    agree(rate=50_000)
    bill(100_000, currency="EUR")
    pay(100_000, currency="EUR")
    assert earn() == []
    agree(rate=100_000, currency="EUR")
    assert earn() == [10_000]
    assert Commission.objects.get().currency == "EUR"


def test_a_job_keeps_the_agreement_it_began_with(agree: Make, bill: Make, pay: Make, earn: Earn) -> None:
    agree(rate=50_000)
    bill(100_000)
    pay(50_000)
    earn()
    agree(rate=200_000, from_day=date(2026, 2, 1))
    pay(50_000)
    assert earn() == [2_500, 2_500]


def test_an_agreement_that_ended_is_for_no_job_billed_later(
    house: House, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(rate=50_000).end(date(2026, 11, 24), by=house.mona)
    bill(100_000)
    pay(100_000)
    assert earn() == []


def test_who_is_no_partner_of_the_job_after_all_loses_it(
    house: House, job: Job, partner: Partner, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(rate=50_000)
    bill(100_000)
    pay(100_000)
    earn()
    JobParty.objects.get(job=job, person=partner.person).end(by=house.ada)
    assert earn() == [5_000, -5_000]


def test_two_workers_cannot_enter_the_same_change(agree: Make, bill: Make, pay: Make, earn: Earn, job: Job) -> None:
    agreement = agree(rate=50_000)
    bill(100_000)
    pay(100_000)
    earn()
    with pytest.raises(IntegrityError, match="commission_changes_once"), transaction.atomic():
        Commission.enter(agreement, job, 5_000, paid_net=100_000, position=0)


def test_an_agreement_is_of_something(agree: Make) -> None:
    for wrong in ({"rate": 0}, {"rate": 1_000_001}, {"amount": 0}):
        with pytest.raises(Refused, match="Enter"):
            agree(**wrong)
    agree(rate=50_000)
    with pytest.raises(Refused, match="from that day already"):
        agree(rate=60_000)


def test_a_free_invoice_earns_nothing(agree: Make, bill: Make, earn: Earn, house: House) -> None:
    agree(rate=50_000)
    invoice: Invoice = bill(100_000)
    credit_invoice(invoice, 100_000, "Ours to bear", by=house.sam)
    assert earn() == []
