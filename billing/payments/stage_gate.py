"""Move a job into the work that is sold once what its brand asks for is paid, which hands it over to service.

A job that is there already, or has ended, stays: a person was faster. Where the step can't be entered, who has the job
is told why (docs/invoices.md).
"""

from billing.models import Invoice, InvoiceKind, ServiceGate, terms_of
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.web.notices.notify import notify

CAUSE = "payment"
NOT_MOVED = "payment.not_moved"


def move_paid_job(event: Event, invoice: Invoice, *, is_all: bool) -> None:
    """Move the job of a paid invoice if its gate is met. Idempotent. `is_all`: the whole job is paid."""
    job = Job.objects.select_related("stage").get(pk=invoice.job_id)
    if not job.is_open or job.is_sold or not is_gate_met(invoice, is_all=is_all):
        return
    stage = first_sold_step(job)
    if stage is None:
        return
    try:
        job.move_to(stage, by=None, cause=CAUSE)
    except Refused as why:
        notify(NOT_MOVED, [job.member_id], key=f"event:{event.pk}", about=invoice, data={"why": str(why)[:200]})


def is_gate_met(invoice: Invoice, *, is_all: bool) -> bool:
    """True if paying this invoice is what the brand waits for."""
    gate = terms_of(invoice.brand_id).service_gate
    if gate == ServiceGate.ALL:
        return is_all
    return gate == ServiceGate.DEPOSIT and (is_all or invoice.kind == InvoiceKind.DEPOSIT)


def first_sold_step(job: Job) -> Stage | None:
    """Return the first step of a job's pipeline in a phase of sold work."""
    setup = pipeline_setup()
    return next((step for step in setup.steps(job.pipeline_id) if setup.is_sold(step.pk)), None)
