"""Payment plans and the deposit invoice of an accepted quote."""

import pytest

from billing.invoices.plan_invoices import bill_part, issue_deposit, start_parts, usual_parts
from billing.models import Invoice, PartDraft, Payment, PaymentPlan, apply_credit
from billing.payments.receiving import receive_payment
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from tests.billing.conftest import NOON, recorded
from tests.cast import House


def plan_of(job: Job, total: int = 2_280_000) -> PaymentPlan:
    parts = usual_parts(total * 3 // 10, total)
    return PaymentPlan.agree(job, total, parts, by=None, rates={"70000": total // 2, "0": total - total // 2})


def test_the_usual_parts_are_thirty_forty_thirty(house: House, job: Job) -> None:
    plan = plan_of(job)
    assert [(part.name, part.ppm, part.amount) for part in plan.parts.all()] == [
        ("Deposit", 300_000, 684_000),
        ("Work has begun", 400_000, 912_000),
        ("Done", 300_000, 684_000),
    ]


def test_what_rounding_leaves_is_billed_too(house: House, job: Job) -> None:
    parts = [PartDraft(str(count), 333_333 + (count == 2), "hand") for count in range(3)]
    plan = PaymentPlan.agree(job, 100, parts, by=None)
    assert sum(part.amount for part in plan.parts.all()) == 100


def test_the_parts_add_up(house: House, job: Job) -> None:
    with pytest.raises(Refused, match="100%"):
        PaymentPlan.agree(job, 100, [PartDraft("Half", 500_000, "hand")], by=None)


def test_a_plan_is_replaced_until_a_part_is_billed(house: House, job: Job) -> None:
    plan_of(job)
    plan = plan_of(job, 1_000_000)
    bill_part(plan.parts.first(), by=house.sam)
    with pytest.raises(Refused, match="billed already"):
        plan_of(job, 5)


def test_the_deposit_is_issued_once(house: House, job: Job) -> None:
    given = {"origin": "quote:7:deposit", "total": 2_280_000, "rates": {"70000": 2_140_000, "0": 140_000}}
    one = issue_deposit(job, 684_000, **given)
    two = issue_deposit(job, 684_000, **given)
    assert one
    assert two
    assert one.pk == two.pk
    assert (one.kind, one.title, one.total, one.number) == ("deposit", "Deposit, 30%", 684_000, "INV-2026-0001")
    # Seven per cent within 642,000.
    assert (one.tax, recorded("invoice.issued"), one.part.due_days) == (42_000, 1, 0)


def test_a_quote_without_a_deposit_has_a_plan_and_no_invoice(house: House, job: Job) -> None:
    assert issue_deposit(job, 0, origin="quote:7:deposit", total=10_000) is None
    assert [part.name for part in job.payment_plan.parts.all()] == ["Work has begun", "Done"]


def test_a_deposit_that_was_paid_before_its_invoice_pays_it(house: House, job: Job) -> None:
    """The provider's message arrives before the acceptance commits."""
    receive_payment("stripe", "pi_1", amount=684_000, currency="USD", method="card", job=job)
    invoice = issue_deposit(job, 684_000, origin="quote:7:deposit", total=2_280_000)
    assert invoice
    apply_credit(invoice)
    receive_payment("stripe", "pi_1", amount=684_000, currency="USD", method="card", job=job)
    invoice.refresh_from_db()
    assert (invoice.state, Payment.objects.get().free) == ("paid", 0)


def test_parts_start_once(house: House, job: Job) -> None:
    plan_of(job)
    assert [part.name for part in start_parts(job.pk, "begun")] == ["Work has begun"]
    assert start_parts(job.pk, "begun") == []
    assert job.payment_plan.parts.get(starts="begun").started_at == NOON


def test_a_part_is_billed_once(house: House, job: Job) -> None:
    part = plan_of(job).parts.last()
    one = bill_part(part, by=house.sam)
    assert bill_part(part, by=house.sam).pk == one.pk
    part.refresh_from_db()
    assert (one.kind, part.billed_at, Invoice.objects.count()) == ("final", NOON, 1)
