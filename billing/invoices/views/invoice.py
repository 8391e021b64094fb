"""The page of an invoice, and its actions: issue, delete a draft, dispute, promise."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.invoices.asking import ask_for_money
from billing.invoices.forms import DisputeForm, PromiseForm
from billing.invoices.instalment_cards import instalment_cards
from billing.invoices.lateness import standing_of
from billing.invoices.money_dialog import answer_dialog, lead_back
from billing.invoices.views.job_money import ISSUE, VIEW, money_url
from billing.models import Allocation, Invoice, InvoiceState, PaymentPromise
from billing.models.issuing import buyer_facts
from billing.paper.e_invoices import e_invoice_refusal, has_e_invoice
from billing.paper.letterhead import buyer_text
from crm.kernel import clock, formats
from crm.kernel.amounts import THOUSAND
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.web.actions.row_action import RowAction, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from quotes.typed_numbers import exact_percent

RECORD = "billing.record_payment"


def find_invoice(request: TenantRequest, uid: Any) -> Invoice:
    """Return an invoice the member may see. Raises Http404."""
    rows = Invoice.objects.visible_to(request.member).select_related("job", "person", "brand", "credited", "issued_by")
    row: Invoice | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


@require(VIEW)
def invoice(request: TenantRequest, uid: Any) -> HttpResponse:
    """Show one invoice."""
    row = find_invoice(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    return render_invoice(request, row)


def render_invoice(request: TenantRequest, row: Invoice, toast: Toast | None = None) -> HttpResponse:
    """Render the page of an invoice; with the message of a refused action."""
    reader = Reader.of(request.member, clock.now())

    def words(minor: int) -> str:
        return formats.money(minor, row.currency, reader.country, reader.language)

    uses = Allocation.objects.filter(ended_at=None).select_related("payment", "credit_note", "invoice")
    if row.is_credit:
        uses = uses.filter(credit_note=row)
    else:
        uses = uses.filter(invoice=row)
    context = {
        "invoice": row,
        "job": row.job,
        # A draft keeps none yet: it is issued to who the job is for.
        "buyer": buyer_text(row.buyer or buyer_facts(row.job)).split("\n"),
        "told": toast.text if toast else "",
        "standing": standing_of(row, reader),
        "issued": reader.moment(row.issued_at) if row.issued_at else "",
        "due": reader.long_day(row.due_at) if row.due_at else "",
        "lines": [
            (line, _quantity(line.quantity, reader), words(line.unit_price), words(line.amount))
            for line in row.lines.all()
        ],
        "sums": {"net": words(row.net), "total": words(row.total), "paid": words(row.paid), "open": words(row.open)},
        "taxes": [(exact_percent(one["rate"], reader.country), words(one["tax"])) for one in row.taxes if one["tax"]],
        "uses": [(use, words(use.amount), reader.day(use.at)) for use in uses.order_by("pk")],
        "may_issue": allows(request.member, ISSUE),
        "is_creditable": not (row.is_draft or row.is_credit or row.state == InvoiceState.VOID),
        "has_ubl": has_e_invoice(row),
        "ubl_refusal": e_invoice_refusal(row) if has_e_invoice(row) else "",
        "may_record": allows(request.member, RECORD),
        "instalments": instalment_cards([row], reader),
    }
    return render(request, "billing/invoice.html", context, status=toast.status if toast else 200)


def _quantity(thousandths: int, reader: Reader) -> str:
    if thousandths % THOUSAND:
        return formats.decimal(thousandths / THOUSAND, reader.country)
    return str(thousandths // THOUSAND)


class InvoiceAction(RowAction[Invoice]):
    """An action on an invoice."""

    model = Invoice
    permission = ISSUE

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Invoice:
        row = find_invoice(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Invoice, toast: Toast) -> HttpResponse:
        if toast.status != 200:
            return render_invoice(request, find_invoice(request, row.uid), toast)
        messages.success(request, toast.text)
        if row.pk is None:
            return lead_back(request, money_url(request, row.job))
        return redirect("billing:invoice", request.tenant.slug, row.uid)


action = InvoiceAction()


@action()
def issue(request: TenantRequest, row: Invoice) -> str:
    """Issue a draft."""
    row.issue(by=request.member)
    return _("%(number)s is issued.") % {"number": row.number}


@action()
def discard(request: TenantRequest, row: Invoice) -> str:
    """Delete a draft."""
    row.discard(by=request.member)
    return _("The draft is deleted.")


@action(permission=RECORD)
def settle(request: TenantRequest, row: Invoice) -> str:
    """Note that the dispute is settled."""
    row.settle_dispute(by=request.member)
    return _("The dispute is settled. Reminders go on tomorrow.")


@action(permission=RECORD)
def ask(request: TenantRequest, row: Invoice) -> str:
    """Send the customer the pay link."""
    message = ask_for_money(row, request.POST.get("way", ""), by=request.member)
    return _("The pay link is on its way to %(address)s.") % {"address": message.address}


@require(RECORD)
def dispute(request: TenantRequest, uid: Any) -> HttpResponse:
    """Note what the customer disputes."""
    row = find_invoice(request, uid)
    form = DisputeForm(request.POST or None, row.currency, Reader.of(request.member, clock.now()))

    def note(given: dict[str, Any]) -> str:
        row.dispute(given["words"], by=request.member)
        return _("Noted. No reminders are sent until it is settled.")

    return answer_dialog(request, form, note, title=_("Dispute"), button=_("Save"), back=money_url(request, row.job))


@require(RECORD)
def promise(request: TenantRequest, uid: Any) -> HttpResponse:
    """Note by when the customer pays."""
    row = find_invoice(request, uid)
    form = PromiseForm(request.POST or None, row.currency, Reader.of(request.member, clock.now()))

    def note(given: dict[str, Any]) -> str:
        PaymentPromise.promise(row, given["until"], by=request.member, amount=given["amount"], words=given["words"])
        return _("Noted. No reminders are sent until that day.")

    return answer_dialog(
        request,
        form,
        note,
        title=_("Promise to pay"),
        button=_("Save"),
        back=money_url(request, row.job),
        hint=form.invoice_words(row),
    )
