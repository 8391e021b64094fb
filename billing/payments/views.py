"""Dialogs and actions about payments and refunds of a job."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from billing.invoices.forms import PaymentForm, ReasonForm, RefundForm
from billing.invoices.money_dialog import answer_dialog, lead_back
from billing.invoices.money_page import JobMoney
from billing.invoices.views.job_money import find_job, money_url
from billing.models import HAND, Invoice, Payment, Refund, reverse_payment
from billing.payments.receiving import receive_payment
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.web.actions.row_action import RowAction, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

RECORD = "billing.record_payment"
APPROVE = "billing.approve_refund"


@require(RECORD)
def record(request: TenantRequest, number: int) -> HttpResponse:
    """Record a payment that came in by bank, in cash or by check."""
    job = find_job(request, number)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    owed = [one for one in page.bills if one.is_owed]
    form = PaymentForm(request.POST or None, page.currency, reader, owed, request.GET.get("invoice", ""))

    def receive(given: dict[str, Any]) -> str:
        chosen: list[Invoice] = [form.invoices[given["invoice"]]] if given["invoice"] else []
        payment = receive_payment(
            HAND,
            str(given["once"]),
            amount=given["amount"],
            currency=page.currency,
            method=given["method"],
            job=job,
            invoices=chosen,
            details=given["details"],
            received_at=given["day"],
            by=request.member,
        )
        if payment.free:
            credit = formats.money(payment.free, payment.currency, reader.country, reader.language)
            return _("Recorded. %(amount)s of it is credit of the customer.") % {"amount": credit}
        return _("Recorded.")

    return answer_dialog(
        request, form, receive, title=_("Record a payment"), button=_("Record it"), back=money_url(request, job)
    )


@require("billing.refund")
def ask_refund(request: TenantRequest, number: int) -> HttpResponse:
    """Ask to give something back; a second person decides."""
    job = find_job(request, number)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    payments = [one for one in page.payments if one.reversed_at is None]
    form = RefundForm(request.POST or None, page.currency, reader, page.bills, payments)

    def ask(given: dict[str, Any]) -> str:
        payment = form.payments.get(given["means"])
        means = Refund.Means.BACK if payment else Refund.Means.SET_OFF
        Refund.request(
            form.invoices[given["invoice"]],
            given["amount"],
            means,
            given["reason"],
            by=request.member,
            payment=payment,
            once=given["once"],
        )
        return _("Asked for. It waits for a second person.")

    return answer_dialog(
        request,
        form,
        ask,
        title=_("Ask for a refund"),
        button=_("Ask for it"),
        back=money_url(request, job),
        hint=_("Somebody else approves it. The review request goes out as always, whatever is decided."),
    )


class RefundAction(RowAction[Refund]):
    """A decision about a refund."""

    model = Refund
    permission = APPROVE

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Refund:
        rows = Refund.objects.visible_to(request.member).select_related("job", "invoice", "payment")
        row: Refund | None = rows.filter(uid=named["uid"]).first()
        if row is None:
            raise Http404
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Any, toast: Toast) -> HttpResponse:
        return _answer_on_job(request, row, toast)


def find_payment(request: TenantRequest, uid: Any) -> Payment:
    """Return a payment of a job that the member may see. Raises Http404."""
    rows = Payment.objects.visible_to(request.member).filter(job__isnull=False).select_related("job")
    row: Payment | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


def _answer_on_job(request: TenantRequest, row: Any, toast: Toast) -> HttpResponse:
    level = messages.SUCCESS if toast.status == 200 else messages.WARNING
    messages.add_message(request, level, toast.text)
    return lead_back(request, money_url(request, row.job))


refund_action = RefundAction()


@refund_action()
def approve(request: TenantRequest, row: Refund) -> str:
    """Approve a refund, or less of it."""
    amount = None
    if typed := request.POST.get("amount", "").strip():
        reader = Reader.of(request.member, clock.now())
        amount, currency = parse_money(typed, NotationHabits.of(reader.country, row.currency, reader.zone))
        if currency != row.currency:
            raise Refused(_("Write it in the currency of the job."))
    row.approve(by=request.member, amount=amount)
    if row.state == Refund.State.TO_PAY:
        return _("Approved. It is to be paid back now.")
    return _("Approved. The credit note is issued.")


@refund_action(permission=RECORD)
def pay_back(request: TenantRequest, row: Refund) -> str:
    """Note that it was paid back."""
    row.pay_back(by=request.member)
    return _("Noted as paid back.")


@require(APPROVE)
def refuse(request: TenantRequest, uid: Any) -> HttpResponse:
    """Refuse a refund, with a reason."""
    row = refund_action.find(request, lock=False, uid=uid)
    form = ReasonForm(request.POST or None, row.currency, Reader.of(request.member, clock.now()))

    def decide(given: dict[str, Any]) -> str:
        row.refuse(given["why"], by=request.member)
        return _("Refused.")

    return answer_dialog(
        request, form, decide, title=_("Refuse the refund"), button=_("Refuse"), back=money_url(request, row.job)
    )


@require(RECORD)
def reverse(request: TenantRequest, uid: Any) -> HttpResponse:
    """Reverse a payment, with a reason."""
    row = find_payment(request, uid)
    assert row.job is not None, "found by its job"
    form = ReasonForm(request.POST or None, row.currency, Reader.of(request.member, clock.now()))

    def undo(given: dict[str, Any]) -> str:
        reverse_payment(row, given["why"], by=request.member)
        return _("Reversed. Its invoices are open again.")

    return answer_dialog(
        request,
        form,
        undo,
        title=_("Reverse the payment"),
        button=_("Reverse"),
        back=money_url(request, row.job),
        hint=_("For a check that bounced, a charge-back, or a slip. The payment stays on record."),
    )
