"""What a job is going to cost, beside what was said: plan, bills and credit notes, in the job's currency."""

from collections.abc import Callable

from billing.invoices.expected_price import expected_prices, note_expected_price
from billing.invoices.plan_invoices import bill_part, usual_parts
from billing.models import Invoice, LineDraft, PaymentPlan, credit_invoice
from crm.jobs.models import Job
from crm.platform.models import Event
from leads.models import Lead
from tests.cast import House


def expected(job: Job) -> int | None:
    return expected_prices([job.pk]).get(job.pk)


def test_a_job_without_plan_and_bills_has_none(job: Job) -> None:
    assert expected(job) is None


def test_a_plan_counts_once_billed_or_not(house: House, job: Job) -> None:
    plan = PaymentPlan.agree(job, 1000_00, usual_parts(300_00, 1000_00), by=house.sam)
    assert expected(job) == 1000_00
    bill_part(plan.parts.first(), by=house.sam)
    assert expected(job) == 1000_00


def test_extra_work_and_credit_notes_change_it(house: House, job: Job, bill: Callable[..., Invoice]) -> None:
    PaymentPlan.agree(job, 1000_00, usual_parts(300_00, 1000_00), by=house.sam)
    extra = bill(200_00)
    assert expected(job) == 1200_00
    credit_invoice(extra, 50_00, "Too much", by=house.sam)
    assert expected(job) == 1150_00


def test_drafts_and_other_currencies_do_not(job: Job, bill: Callable[..., Invoice]) -> None:
    bill(200_00, currency="EUR")
    Invoice.draft(job, "final", "Done", [LineDraft("Work", 70_00)], by=None)
    assert expected(job) is None


def test_it_stands_beside_what_was_said(job: Job, bill: Callable[..., Invoice]) -> None:
    bill(200_00)
    for _again in range(2):
        note_expected_price(list(Event.objects.filter(kind="invoice.issued")))
    assert Lead.objects.get(pk=job.pk).actual_value == 200_00
    assert Event.objects.filter(kind="lead.estimated").count() == 1
