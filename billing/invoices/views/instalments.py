"""The parts in which an open invoice is paid: the form that agrees on them, and taking them back."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from billing.invoices.forms import InstalmentForm
from billing.invoices.money_dialog import answer_dialog
from billing.invoices.views.invoice import RECORD, action, find_invoice
from billing.invoices.views.job_money import money_url
from billing.models import InstalmentPlan, Invoice, PaymentPromise
from billing.models.instalment_plan import FIRST_PART, PartOfInvoice, propose_parts
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(RECORD)
def parts(request: TenantRequest, uid: Any) -> HttpResponse:
    """Agree on the parts in which an open invoice is paid; those that the customer asked for, are proposed."""
    row = find_invoice(request, uid)
    reader = Reader.of(request.member, clock.now())
    form = InstalmentForm(request.POST or None, row.currency, reader, _first_parts(row, reader))

    def agree(given: dict[str, Any]) -> str:
        InstalmentPlan.agree(row, form.parts, by=request.member)
        return _("Agreed. The customer gets an email with the parts, and reminders follow them.")

    return answer_dialog(
        request,
        form,
        agree,
        title=_("Into parts"),
        button=_("Agree on these parts"),
        back=money_url(request, row.job),
        hint=form.invoice_words(row),
    )


def _first_parts(invoice: Invoice, reader: Reader) -> list[PartOfInvoice]:
    """Return the parts that are agreed on, else equal ones, from the day on that the customer has said."""
    plan = InstalmentPlan.find_open(invoice)
    if plan is not None:
        return _later_parts(plan, reader)
    first = reader.today + FIRST_PART
    wish = PaymentPromise.objects.filter(invoice=invoice, state=PaymentPromise.State.OPEN, wants_parts=True).first()
    if wish is not None and wish.until >= reader.today:
        first = wish.until
    return propose_parts(invoice, first)


def _later_parts(plan: InstalmentPlan, reader: Reader) -> list[PartOfInvoice]:
    """Return what is missing of the parts; those whose day has passed are due from today on, one a day."""
    parts: list[PartOfInvoice] = []
    earliest = reader.today
    for part in plan.parts():
        if part.missing:
            due_on = max(part.due_on, earliest)
            earliest = due_on + timedelta(days=1)
            parts.append(PartOfInvoice(due_on, part.missing, part.missing))
    return parts


@action(permission=RECORD)
def take_back_parts(request: TenantRequest, row: Invoice) -> str:
    """End the agreement on parts."""
    plan = InstalmentPlan.find_open(row)
    if plan is not None:
        plan.take_back(by=request.member)
    return _("Taken back. The whole invoice is due again.")
