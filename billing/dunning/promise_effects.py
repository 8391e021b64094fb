"""What follows from promises, parts and reversals: reminders pause and go on, and a person is asked."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from billing.dunning.ladder_steps import plan_call, schedule_first
from billing.messages import send_about
from billing.models import InstalmentPlan, Invoice, Payment, PaymentPromise
from billing.models.invoice import DUNNING
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.work import due
from crm.web.notices.notify import notify

BROKEN = "payment_promise.broken"
# After a promise that was not kept a person calls first.
CALL_FIRST = timedelta(days=3)


def settle_due(promise_ids: Sequence[int]) -> None:
    """End the promises whose day is over (due work)."""
    for promise in PaymentPromise.objects.filter(pk__in=promise_ids).order_by("pk"):
        promise.settle()


def follow_broken(broken: Sequence[Event]) -> None:
    """Ask a person about promises that were not kept, and let the reminders go on some days later. Once each."""
    promises = PaymentPromise.objects.select_related("invoice__job__member", "invoice__issued_by", "taken_by")
    by_id = promises.in_bulk([event.subject_id for event in broken])
    for event in broken:
        promise = by_id.get(event.subject_id)
        if promise is None or not promise.invoice.is_owed or promise.asked_at is not None:
            continue
        invoice = promise.invoice
        plan_call(invoice, _("Promise not kept: %(number)s, %(open)s is open"), assignee=promise.taken_by)
        to = [invoice.job.member_id, promise.taken_by_id]
        notify(BROKEN, [pk for pk in to if pk], key=f"event:{event.pk}", about=invoice)
        PaymentPromise.objects.filter(pk=promise.pk).update(asked_at=clock.now())
        due.schedule(DUNNING, invoice.pk, clock.now() + CALL_FIRST)


def follow_instalments(agreed: Sequence[Event]) -> None:
    """Have the reminders follow the parts that were agreed on, or the invoice again; tell the customer the parts."""
    plans = InstalmentPlan.objects.select_related("invoice__job", "invoice__brand", "invoice__person")
    for plan in plans.filter(pk__in=[event.subject_id for event in agreed]).order_by("pk"):
        schedule_first(plan.invoice)
        if plan.state == InstalmentPlan.State.OPEN:
            send_about(plan.invoice, "payment_parts", f"instalments:{plan.pk}")


def follow_reversed(reversals: Sequence[Event]) -> None:
    """Remind earlier again where a part is unpaid after all."""
    payments = Payment.objects.filter(pk__in=[event.subject_id for event in reversals])
    for person_id, job_id in payments.values_list("person_id", "job_id"):
        plans = InstalmentPlan.objects.of_payer(person_id, job_id).filter(state=InstalmentPlan.State.OPEN)
        for plan in plans.select_related("invoice").order_by("pk"):
            schedule_first(plan.invoice)


def follow_reopened(reopened: Sequence[Event]) -> None:
    """Remind again of invoices whose payment was reversed."""
    for invoice in Invoice.objects.filter(pk__in=[event.subject_id for event in reopened]).order_by("pk"):
        schedule_first(invoice)
