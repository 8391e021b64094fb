"""Refunds: two people, limits by role, never more than was paid."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from billing.models import Invoice, Payment, Refund, reverse_payment
from billing.models.refund import credit_within_limit
from crm.kernel.refusal import Refused
from service.models import ApprovalLimit
from tests.billing.conftest import recorded
from tests.billing.test_invoice import balance
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def invoice(bill: Callable[..., Invoice]) -> Invoice:
    return bill(100_000)


@pytest.fixture
def asked(house: House, invoice: Invoice) -> Refund:
    """Sam asks to take 350 dollars off what is open."""
    return Refund.request(invoice, 35_000, "set_off", " The tar  stain ", by=house.sam)


def test_what_is_taken_off_is_a_credit_note(house: House, invoice: Invoice, asked: Refund) -> None:
    assert (asked.state, asked.reason, invoice.open) == ("requested", "The tar stain", 100_000)
    for _time in range(2):
        asked.approve(by=house.mona)
    invoice.refresh_from_db()
    assert (asked.state, asked.credit_note.total, invoice.open) == ("done", 35_000, 65_000)
    assert (asked.credit_note.is_goodwill, balance("goodwill"), recorded("refund.approved")) == (True, 35_000, 1)


def test_nobody_approves_or_refuses_their_own(house: House, invoice: Invoice) -> None:
    asked = Refund.request(invoice, 5, "set_off", "Stain", by=house.ada)
    for decide in (lambda: asked.approve(by=house.ada), lambda: asked.refuse("no", by=house.ada)):
        with pytest.raises(Refused, match="Somebody else"):
            decide()
    with pytest.raises(IntegrityError, match="somebody_else"), transaction.atomic():
        Refund.objects.filter(pk=asked.pk).update(state="done", decided_by=house.ada)


def test_a_limit_of_the_role_holds(house: House, asked: Refund) -> None:
    ApprovalLimit.set_for("manager", 349, by=house.ada)
    with pytest.raises(Refused, match="limit"):
        asked.approve(by=house.mona)
    asked.approve(by=house.mona, amount=34_900)
    assert (asked.amount, asked.asked_amount, asked.state) == (34_900, 35_000, "done")


def test_less_is_approved_but_never_more(house: House, asked: Refund) -> None:
    for amount in (0, 35_001):
        with pytest.raises(Refused, match="asked for"):
            asked.approve(by=house.mona, amount=amount)


def test_a_refusal_has_a_reason(house: House, asked: Refund) -> None:
    with pytest.raises(Refused, match="reason"):
        asked.refuse(" ", by=house.mona)
    for _time in range(2):
        asked.refuse("It was not us", by=house.mona)
    assert (asked.state, asked.refusal, recorded("refund.refused")) == ("refused", "It was not us", 1)
    with pytest.raises(Refused, match="decided already"):
        asked.approve(by=house.mona)


def test_an_overpayment_goes_back_from_the_credit(house: House, invoice: Invoice, pay: Callable[..., Payment]) -> None:
    payment = pay(120_000)
    asked = Refund.request(invoice, 20_000, "back", "You paid too much", by=house.sam, payment=payment)
    with pytest.raises(Refused, match="not approved"):
        asked.pay_back(by=house.sam)
    asked.approve(by=house.mona)
    assert asked.state == "to_pay"
    for _time in range(2):
        asked.pay_back(by=house.sam)
    payment.refresh_from_db()
    assert (asked.state, payment.returned, payment.free, asked.credit_note) == ("done", 20_000, 0, None)
    assert (balance("bank"), balance("credit")) == (100_000, 0)


def test_what_was_earned_is_credited_before_it_goes_back(
    house: House, invoice: Invoice, pay: Callable[..., Payment]
) -> None:
    payment = pay(100_000)
    asked = Refund.request(invoice, 35_000, "back", "The tar stain", by=house.sam, payment=payment)
    asked.approve(by=house.mona)
    asked.pay_back(by=house.sam)
    assert (asked.credit_note.total, asked.credit_note.open) == (35_000, 0)
    assert (balance("bank"), balance("credit"), balance("receivable")) == (65_000, 0, 0)
    assert (balance("goodwill"), balance("sales")) == (35_000, -100_000)


def test_a_reversed_payment_is_not_paid_back(
    house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    paid_otherwise = bill(30_000)
    pay(30_000, ref="a", invoices=[paid_otherwise])
    bounced = pay(30_000, ref="b")
    asked = Refund.request(paid_otherwise, 20_000, "back", "Stain", by=house.sam, payment=bounced)
    asked.approve(by=house.mona)
    reverse_payment(bounced, "Bounced", by=house.mona)
    with pytest.raises(Refused, match="reversed"):
        asked.pay_back(by=house.sam)


def test_what_was_paid_back_is_not_reversed(house: House, invoice: Invoice, pay: Callable[..., Payment]) -> None:
    payment = pay(100_000)
    asked = Refund.request(invoice, 35_000, "back", "The tar stain", by=house.sam, payment=payment)
    asked.approve(by=house.mona)
    asked.pay_back(by=house.sam)
    payment.refresh_from_db()
    with pytest.raises(Refused, match="paid back already"):
        reverse_payment(payment, "Charge-back", by=house.mona)


def test_a_payment_in_another_currency_is_not_paid_back(
    house: House, invoice: Invoice, pay: Callable[..., Payment]
) -> None:
    payment = pay(100_000, currency="EUR")
    with pytest.raises(Refused, match="Choose the payment"):
        Refund.request(invoice, 1_000, "back", "Stain", by=house.sam, payment=payment)


def test_never_more_than_was_paid(house: House, invoice: Invoice, pay: Callable[..., Payment]) -> None:
    payment = pay(100_000)
    Refund.request(invoice, 70_000, "back", "Stain", by=house.sam, payment=payment)
    with pytest.raises(Refused, match="more than was paid"):
        Refund.request(invoice, 30_001, "back", "Stain", by=house.sam, payment=payment)
    with pytest.raises(Refused, match="not open"):
        Refund.request(invoice, 1, "set_off", "Stain", by=house.sam)


@pytest.mark.parametrize(("amount", "means", "reason"), [(0, "set_off", "x"), (5, "set_off", " "), (5, "back", "x")])
def test_a_request_is_refused(house: House, invoice: Invoice, amount: int, means: str, reason: str) -> None:
    with pytest.raises(Refused):
        Refund.request(invoice, amount, means, reason, by=house.sam)


def test_a_credit_note_above_the_own_limit_waits_for_somebody_else(house: House, invoice: Invoice) -> None:
    once = uuid4()
    for _time in range(2):
        asked = credit_within_limit(invoice, 35_000, "Not done", by=house.sam, once=once)
    assert (isinstance(asked, Refund), Refund.objects.count(), invoice.open) == (True, 1, 100_000)
    Refund.objects.get().approve(by=house.mona)
    invoice.refresh_from_db()
    # A correction, no goodwill.
    assert (invoice.open, balance("goodwill"), balance("sales")) == (65_000, 0, -65_000)


def test_small_credit_notes_are_no_way_around_it(house: House, invoice: Invoice) -> None:
    notes = [credit_within_limit(invoice, 10_000, "Less", by=house.sam, once=uuid4()) for _time in range(2)]
    assert [isinstance(one, Refund) for one in notes] == [False, True]


def test_no_more_is_credited_than_was_billed(house: House, invoice: Invoice) -> None:
    credit_within_limit(invoice, 60_000, "Less", by=house.sam, once=uuid4())
    with pytest.raises(Refused, match="not credited yet"):
        credit_within_limit(invoice, 60_000, "Less", by=house.sam, once=uuid4())


def test_the_page_says_that_it_waits(house: House, sam: Browser, invoice: Invoice) -> None:
    page = f"invoices/jobs/{house.job.number}/credit/"
    assert "Above $150 on one invoice" in sam.get(page)
    given = {"once": str(uuid4()), "invoice": str(invoice.uid), "amount": "350", "reason": "Not done"}
    answer = sam.client.post(f"/{house.tenant.slug}/{page}", given, follow=True)
    assert "waits for a second person" in answer.content.decode()
