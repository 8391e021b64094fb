"""Credit notes: correct an issued invoice, or give something as goodwill."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from billing.models.allocation import FoundBy, use_credit_note
from billing.models.invoice import Invoice
from billing.models.invoice_line import LineDraft
from billing.models.invoice_state import InvoiceKind
from crm.kernel.amounts import split
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from quotes.sums import TaxMode


@transaction.atomic
def credit_invoice(
    invoice: Invoice,
    amount: int,
    reason: str,
    *,
    by: Member | None,
    is_goodwill: bool = False,
    origin: str = "",
) -> Invoice:
    """Issue a credit note about an invoice and set it off against it; what it can't take stays the customer's credit.

    `amount`: with tax, divided among the invoice's tax rates. Raises Refused for a draft or another credit note,
    without a reason, or for more than the invoice's total less what was credited before.
    """
    invoice.lock()
    reason = " ".join(reason.split())[:120]
    if origin and (made := Invoice.objects.filter(origin=origin).first()) is not None:
        return made
    if invoice.is_draft or invoice.is_credit:
        raise Refused(gettext("Only an issued invoice can be credited."))
    if not reason:
        raise Refused(gettext("Enter a reason."))
    if not 0 < amount <= invoice.total - credited_so_far(invoice):
        raise Refused(gettext("Enter an amount above zero, at most what was billed and not credited yet."))
    note = Invoice.draft(
        invoice.job,
        InvoiceKind.CREDIT,
        reason,
        _lines_of(invoice, amount, reason),
        by=by,
        origin=origin,
        currency=invoice.currency,
        tax_mode=TaxMode.INCLUDED,
        rounding=invoice.rounding,
        due_days=0,
        credited=invoice,
        is_goodwill=is_goodwill,
    )
    note.issue(by=by)
    use_credit_note(note, invoice, by=by, found_by=FoundBy.ITSELF)
    return note


def credited_so_far(invoice: Invoice) -> int:
    """Return how much of an invoice was credited."""
    return sum(Invoice.objects.filter(credited=invoice).issued().values_list("total", flat=True))


def _lines_of(invoice: Invoice, amount: int, reason: str) -> Sequence[LineDraft]:
    """Return a line for each tax rate of the invoice, tax included."""
    rates = [one["rate"] for one in invoice.taxes]
    parts = split(amount, [max(0, one["net"] + one["tax"]) for one in invoice.taxes])
    return [
        LineDraft(name=reason, unit_price=part, tax_rate=rate) for rate, part in zip(rates, parts, strict=True) if part
    ]
