"""What follows from a payment: the job moves on and goes to service, who has it is told, parts are drafted."""

from collections.abc import Callable

import pytest

from billing.invoices.plan_invoices import issue_deposit, usual_parts
from billing.models import BillingTerms, Invoice, Payment, PaymentPlan, Refund
from crm.jobs.models import Job
from crm.platform.models import Brand, Role
from crm.web.models import Notice
from service.models import HandOff, Project
from tests.billing.test_dunning import deliver
from tests.cast import House


@pytest.fixture
def deposit(house: House, job: Job) -> Invoice:
    invoice = issue_deposit(job, 300_000, origin="quote:1:deposit", total=1_000_000)
    assert invoice
    deliver()
    return invoice


def test_a_paid_deposit_hands_the_job_to_service(
    house: House, job: Job, deposit: Invoice, pay: Callable[..., Payment]
) -> None:
    pay(100_000)
    deliver()
    job.refresh_from_db()
    assert (job.stage.name, HandOff.objects.count()) == ("New", 0)
    pay(200_000)
    deliver()
    job.refresh_from_db()
    assert (job.stage.name, HandOff.objects.get(job=job).state) == ("Scheduled", "open")


def test_a_gate_of_everything_waits_for_the_last_part(
    house: House, job: Job, deposit: Invoice, pay: Callable[..., Payment]
) -> None:
    BillingTerms.set_for(Brand.objects.get(), by=house.ada, service_gate="all")
    pay(300_000)
    deliver()
    job.refresh_from_db()
    assert job.stage.name == "New"


def test_without_a_gate_nothing_moves(house: House, job: Job, deposit: Invoice, pay: Callable[..., Payment]) -> None:
    BillingTerms.set_for(Brand.objects.get(), by=house.ada, service_gate="nothing")
    pay(300_000)
    deliver()
    job.refresh_from_db()
    assert job.stage.name == "New"


def test_a_job_that_somebody_moved_on_stays_there(
    house: House, job: Job, deposit: Invoice, pay: Callable[..., Payment]
) -> None:
    job.move_to(house.stage("Invoiced"), by=house.rita)
    pay(300_000)
    deliver()
    job.refresh_from_db()
    assert job.stage.name == "Invoiced"


def test_who_has_the_job_is_told_of_the_payment(house: House, deposit: Invoice, pay: Callable[..., Payment]) -> None:
    pay(300_000)
    deliver()
    deliver()
    notice = Notice.objects.get(kind="payment.received")
    assert (notice.member, notice.data["amount"]) == (house.rita, 300_000)


def test_a_deposit_paid_before_its_invoice_counts(house: House, job: Job, pay: Callable[..., Payment]) -> None:
    pay(300_000)
    issue_deposit(job, 300_000, origin="quote:1:deposit", total=1_000_000)
    deliver()
    job.refresh_from_db()
    assert (Invoice.objects.get().state, job.stage.name) == ("paid", "Scheduled")


def test_work_that_begins_and_ends_drafts_its_invoices(house: House, job: Job) -> None:
    PaymentPlan.agree(job, 1_000_000, usual_parts(300_000, 1_000_000), by=None)
    project = Project.start(job, None, by=house.sam, starts_on=None)
    project.report_percent(10, by=house.sam)
    deliver()
    assert list(Invoice.objects.values_list("title", "state")) == [("Work has begun, 40%", "draft")]
    project.report_percent(50, by=house.sam)
    project.finish(by=house.sam)
    deliver()
    assert Invoice.objects.filter(title="Done, 30%", kind="final").count() == 1
    assert Invoice.objects.count() == 2
    told = Notice.objects.filter(kind="invoice.to_bill").values_list("member__role", flat=True)
    assert set(told) == {Role.SERVICE, Role.MANAGER, Role.ADMIN}


def test_those_whose_limit_covers_a_refund_are_told(house: House, deposit: Invoice) -> None:
    Refund.request(deposit, 260_000, "set_off", "Stain", by=house.sam)
    deliver()
    told = Notice.objects.filter(kind="refund.to_approve")
    assert [notice.member for notice in told] == [house.ada]
