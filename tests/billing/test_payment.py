"""Payments: received once, used for the right invoices in any order, and reversed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from billing.models import (
    Allocation,
    BillingTerms,
    Invoice,
    Payment,
    apply_credit,
    credit_invoice,
    reverse_payment,
    use_payment,
)
from billing.payments.receiving import find_by_reference, receive_payment
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Person
from tests.billing.conftest import NOON, recorded
from tests.billing.test_invoice import balance
from tests.cast import House


def test_a_payment_pays_its_invoice(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000)
    payment = pay(10_000)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_at, payment.free, payment.used) == ("paid", NOON, 0, 10_000)
    assert (balance("bank"), balance("receivable"), balance("credit")) == (10_000, 0, 0)
    assert (recorded("payment.received"), recorded("invoice.paid")) == (1, 1)


def test_the_same_payment_is_received_once(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    bill(10_000)
    assert pay(4_000, ref="tr_1").pk == pay(4_000, ref="tr_1").pk
    assert (balance("bank"), recorded("payment.received"), Allocation.objects.count()) == (4_000, 1, 1)


def test_a_part_leaves_the_rest_open(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000)
    pay(4_000)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid, invoice.open) == ("partly", 4_000, 6_000)


def test_more_than_is_owed_is_credit_that_the_next_invoice_uses(
    bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    bill(10_000)
    payment = pay(12_000)
    assert (payment.free, balance("credit")) == (2_000, -2_000)
    later = bill(5_000)
    assert apply_credit(later) == 2_000
    assert apply_credit(later) == 0
    later.refresh_from_db()
    assert (later.open, balance("credit")) == (3_000, 0)


def test_a_payment_by_reference_that_comes_twice_is_credit(
    bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    """It pays no other invoice by itself: somebody asks the customer."""
    first, second = bill(10_000), bill(7_000)
    pay(10_000, reference=f"THORNE {first.number}")
    double = pay(10_000, reference=f"THORNE {first.number}")
    second.refresh_from_db()
    assert (double.free, second.open) == (10_000, 7_000)


def test_without_a_reference_the_oldest_due_is_paid_first(
    bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    later, sooner = bill(10_000, days=20), bill(10_000, days=2)
    pay(12_000)
    for invoice in (later, sooner):
        invoice.refresh_from_db()
    assert (sooner.open, later.open) == (0, 8_000)
    assert set(Allocation.objects.values_list("found_by", flat=True)) == {"oldest"}


def test_a_reference_finds_its_customer(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    """Spelled as people copy it, and without saying whose it is."""
    invoice = bill(10_000)
    payment = pay(5_000, job=None, reference="inv 2026 1 thank you")
    assert (payment.person_id, payment.job_id, payment.used) == (invoice.person_id, invoice.job_id, 5_000)
    assert Allocation.objects.get().found_by == "reference"


def test_a_payment_of_nobody_known_waits(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    bill(10_000)
    payment = pay(5_000, job=None, reference="THANK YOU")
    assert (payment.person_id, payment.free) == (None, 5_000)


def test_another_currency_pays_nothing(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000)
    payment = pay(10_000, currency="EUR")
    assert payment.free == 10_000
    with pytest.raises(Refused, match="currencies"):
        use_payment(payment, invoice, by=None, found_by="person")


def test_invoices_of_several_customers_are_refused(house: House, job: Job, bill: Callable[..., Invoice]) -> None:
    mine = bill(10_000)
    job.person = Person.objects.create(name="Nell Neighbour")
    theirs = bill(10_000, of=job)
    with pytest.raises(Refused, match="different customers"):
        receive_payment("hand", "x", amount=5, currency="USD", method="cash", invoices=[mine, theirs], by=house.sam)


@pytest.mark.parametrize("given", [{"amount": 0}, {"amount": 5, "received_at": NOON + timedelta(days=1)}])
def test_a_payment_of_nothing_or_of_tomorrow_is_refused(house: House, job: Job, given: dict[str, object]) -> None:
    with pytest.raises(Refused):
        receive_payment("hand", "x", currency="USD", method="cash", job=job, **given)


def test_the_fee_is_what_did_not_reach_us(bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    bill(10_000)
    pay(10_000, method="card", fee=290)
    assert (balance("cards"), balance("fees"), balance("receivable")) == (9_710, 290, 0)


def test_a_bounced_check_opens_its_invoices_again(
    house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    invoice = bill(10_000)
    payment = pay(12_000, method="check")
    for _time in range(2):
        reverse_payment(payment, "Bounced", by=house.mona)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open, payment.free, payment.used) == ("issued", 10_000, 0, 0)
    assert (balance("checks"), balance("credit"), balance("receivable")) == (0, 0, 10_000)
    assert (recorded("payment.reversed"), recorded("invoice.reopened")) == (1, 1)


def test_a_reversal_needs_a_reason(house: House, pay: Callable[..., Payment]) -> None:
    with pytest.raises(Refused, match="reason"):
        reverse_payment(pay(5), " ", by=house.mona)


def test_a_credit_note_of_a_paid_invoice_is_credit(
    house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    invoice = bill(10_000)
    pay(10_000)
    note = credit_invoice(invoice, 1_000, "Gutter not fitted", by=house.sam)
    assert (note.open, balance("credit")) == (1_000, -1_000)
    later = bill(5_000)
    assert apply_credit(later) == 1_000
    later.refresh_from_db()
    assert later.open == 4_000


@pytest.mark.parametrize("written", ["inv 2026 1", "INV2026-0001", "INV20260001", "for INV-2026-0001."])
def test_a_number_is_read_as_people_write_it(bill: Callable[..., Invoice], written: str) -> None:
    invoice = bill(10_000)
    assert find_by_reference(written) == [invoice]


def test_a_prefix_may_end_in_digits(house: House, bill: Callable[..., Invoice], job: Job) -> None:
    BillingTerms.set_for(job.brand, by=house.ada, invoice_prefix="B2025")
    invoice = bill(10_000)
    assert find_by_reference("B2025-2026-0001") == [invoice]


def test_a_long_reference_is_read_at_once(house: House) -> None:
    assert find_by_reference("A-" * 500_000) == []
