"""What follows from an invoice that was issued, and from work that has begun or is done."""

from collections.abc import Sequence

from billing.dunning.ladder_steps import schedule_first
from billing.invoices.plan_invoices import draft_part, start_parts
from billing.messages import send_about
from billing.models import Invoice, PartStart, PaymentPart, apply_credit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.notices.notify import notify
from service.models import Project

TO_BILL = "invoice.to_bill"


def follow_issued(issued: Sequence[Event]) -> None:
    """Use the customer's credit for invoices, send them, and schedule their reminders."""
    rows = Invoice.objects.select_related("job", "brand", "person")
    for invoice in rows.filter(pk__in=[event.subject_id for event in issued]).order_by("pk"):
        apply_credit(invoice)
        invoice.refresh_from_db()
        schedule_first(invoice)
        if (
            invoice.is_owed
            and invoice.sent_at is None
            and send_about(invoice, "invoice_issued", f"invoice:{invoice.pk}")
        ):
            Invoice.objects.filter(pk=invoice.pk).update(sent_at=clock.now())


def follow_begun(progressed: Sequence[Event]) -> None:
    """Draft the invoices that are due when work begins: progress is reported, or a milestone is completed."""
    projects = Project.objects.filter(job_id__in=[event.job_id for event in progressed if event.job_id])
    for project in projects.order_by("pk"):
        if project.has_begun:
            _start(project.job_id, PartStart.BEGUN)


def follow_finished(finished: Sequence[Event]) -> None:
    """Draft the invoices that are due when the work is done."""
    projects = Project.objects.filter(pk__in=[event.subject_id for event in finished], finished_at__isnull=False)
    for project in projects.order_by("pk"):
        _start(project.job_id, PartStart.DONE)


def _start(job_id: int, starts: str) -> None:
    """Draft the invoices of parts that have started, and tell who issues invoices."""
    for part in start_parts(job_id, starts):
        invoice = draft_part(PaymentPart.objects.select_related("plan__job").get(pk=part.pk), by=None)
        notify(TO_BILL, _billers(invoice.job), key=f"part:{part.pk}", about=invoice)


def _billers(job: Job) -> list[int]:
    """Return who has the job, if they issue invoices, else everybody who does."""
    members = [one for one in directory().members.values() if one.active and allows(one, "billing.issue")]
    ids = [one.pk for one in members]
    if job.member_id in ids:
        return [pk for pk in ids if pk == job.member_id]
    return ids
