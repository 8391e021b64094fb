"""Effects of a payment: end promises, stop reminders, move the job, notify members."""

from collections.abc import Sequence

from billing.invoices.quote_deposit import bill_accepted
from billing.messages import send_about
from billing.models import Allocation, DunningAct, InstalmentPlan, Invoice, Payment, PaymentPromise
from billing.models.invoice import DUNNING
from billing.payments.stage_gate import move_paid_job
from comms.models import Message
from crm.platform.models import Event
from crm.platform.work import due
from crm.web.notices.notify import notify
from followups.models import FollowUp

RECEIVED = "payment.received"


def follow_payments(received: Sequence[Event]) -> None:
    """Tell who has the job, thank the customer, and end promises that were kept."""
    payments = Payment.objects.select_related("job").in_bulk([event.subject_id for event in received])
    for event in received:
        payment = payments.get(event.subject_id)
        if payment is None:
            continue
        invoice = _first_paid(payment)
        if payment.job is not None:
            data = {"amount": payment.amount, "currency": payment.currency}
            about = invoice or payment.job
            notify(
                RECEIVED, [payment.job.member_id], key=f"event:{event.pk}", about=about, by=event.actor_id, data=data
            )
        if invoice is not None:
            send_about(invoice, "payment_received", f"payment:{payment.pk}", amount=payment.amount)
        settle_promises(payment.person_id, payment.job_id)


def follow_paid(paid: Sequence[Event]) -> None:
    """Stop the reminders of invoices that are paid, and move their jobs on."""
    invoices = Invoice.objects.select_related("brand").in_bulk([event.subject_id for event in paid])
    for event in paid:
        invoice = invoices.get(event.subject_id)
        if invoice is None or invoice.open:
            continue
        settle_promises(invoice.person_id, invoice.job_id)
        stop_reminders(invoice)
        if not event.data.get("void"):
            move_paid_job(event, invoice, is_all=bool(event.data.get("all")))


def follow_approved_contracts(approved: Sequence[Event]) -> None:
    """Bill the contracts that were approved, and move on the jobs that were paid while they were reviewed."""
    bill_accepted(approved)
    for event in approved:
        paid = Invoice.objects.issued().bills().filter(job_id=event.job_id, state=Invoice.State.PAID)
        invoice = paid.order_by("-pk").first()
        if invoice is not None:
            move_paid_job(event, invoice, is_all=not Invoice.objects.unpaid().filter(job_id=event.job_id).exists())


def settle_promises(person_id: int | None, job_id: int | None) -> None:
    """End the promises and instalments of a payer that are kept by now."""
    promises = PaymentPromise.objects.of_payer(person_id, job_id).filter(state=PaymentPromise.State.OPEN)
    for promise in promises.order_by("pk"):
        promise.settle()
    plans = InstalmentPlan.objects.of_payer(person_id, job_id).filter(state=InstalmentPlan.State.OPEN)
    for plan in plans.select_related("invoice").order_by("pk"):
        plan.settle()


def stop_reminders(invoice: Invoice) -> None:
    """Cancel what is still to come or to leave of an invoice's reminders. Idempotent."""
    due.cancel(DUNNING, [invoice.pk])
    acts = DunningAct.objects.filter(invoice=invoice)
    calls = acts.filter(follow_up__isnull=False).values("follow_up_id")
    for follow_up in FollowUp.objects.filter(pk__in=calls).order_by("pk"):
        if follow_up.is_open:
            follow_up.cancel(by=None, cause="invoice.paid")
    sent = [pk for pair in acts.values_list("message_id", "text_id") for pk in pair if pk]
    for message in Message.objects.filter(pk__in=sent, state__in=Message.WAITING).order_by("pk"):
        message.cancel(by=None)


def _first_paid(payment: Payment) -> Invoice | None:
    """Return the first invoice that a payment was used for."""
    uses = Allocation.objects.filter(payment=payment, ended_at=None).select_related(
        "invoice__brand", "invoice__person", "invoice__job"
    )
    first = uses.order_by("pk").first()
    if first is None:
        return None
    invoice: Invoice = first.invoice
    return invoice
