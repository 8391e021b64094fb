"""Variables of templates about an invoice: its number, what is open, when it was due, and where to pay."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import InstalmentPlan, Invoice
from billing.models.instalment_plan import PartOfInvoice
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.kernel import formats
from crm.platform.features import Feature

# Given by what sends the message; a template of anything else has none.
INVOICE = "invoice.row"
AMOUNT = "invoice.amount"
PART = "invoice.part"


def given_for(invoice: Invoice | None, amount: int | None = None, part: PartOfInvoice | None = None) -> dict[str, Any]:
    """Return what a message about an invoice is given; `amount`: what was paid, in minor units.

    `part`: what is due now of an invoice that is paid in parts, in the place of all that is open.
    """
    return {INVOICE: invoice, AMOUNT + "_minor": amount, PART: part}


def _invoice_of(subject: TemplateSubject) -> Invoice | None:
    row: Invoice | None = subject.given.get(INVOICE)
    return row


def _number(subject: TemplateSubject) -> str:
    row = _invoice_of(subject)
    if row is None:
        return ""
    return str(row.number)


def _title(subject: TemplateSubject) -> str:
    row = _invoice_of(subject)
    if row is None:
        return ""
    return str(row.title)


def _money(subject: TemplateSubject, minor: int | None) -> str:
    row = _invoice_of(subject)
    if row is None or minor is None:
        return ""
    return formats.money(minor, row.currency, subject.brand.country, subject.language)


def _open(subject: TemplateSubject) -> str:
    if part := subject.given.get(PART):
        return _money(subject, part.missing)
    row = _invoice_of(subject)
    return _money(subject, row.open if row else None)


def _total(subject: TemplateSubject) -> str:
    row = _invoice_of(subject)
    return _money(subject, row.total if row else None)


def _amount(subject: TemplateSubject) -> str:
    return _money(subject, subject.given.get(AMOUNT + "_minor"))


def _due_day(subject: TemplateSubject) -> str:
    if part := subject.given.get(PART):
        return formats.full_day(part.due_on, subject.brand.country)
    row = _invoice_of(subject)
    if row is None or row.due_on is None:
        return ""
    return formats.full_day(row.due_on, subject.brand.country)


def _parts(subject: TemplateSubject) -> str:
    """Return the parts in which the invoice is paid: "$1,220 by 15 May 2026, $1,200 by 15 June 2026"."""
    row = _invoice_of(subject)
    plan = InstalmentPlan.find_open(row) if row else None
    if plan is None:
        return ""
    words = []
    for part in plan.parts():
        day = formats.full_day(part.due_on, subject.brand.country)
        words.append(gettext("%(amount)s by %(day)s") % {"amount": _money(subject, part.amount), "day": day})
    return ", ".join(words)


def _how_to_pay(subject: TemplateSubject) -> str:
    """Return the bank account and the reference to write, on one line."""
    row = _invoice_of(subject)
    if row is None:
        return ""
    account = row.seller.get("iban") or row.seller.get("account")
    if not account:
        return ""
    return f"{account}, {row.seller.get('name', '')}, {row.number}"


FEATURES: list[Feature] = [
    TemplateVariable(name="invoice.number", words=_("Invoice number"), example="INV-2026-0031", value=_number),
    TemplateVariable(name="invoice.title", words=_("What the invoice is for"), example="Deposit, 30%", value=_title),
    TemplateVariable(name="invoice.open", words=_("Amount that is open"), example="$3,620", value=_open),
    TemplateVariable(name="invoice.total", words=_("Amount of the invoice"), example="$9,120", value=_total),
    TemplateVariable(name=AMOUNT, words=_("Amount that was paid"), example="$5,000", value=_amount),
    TemplateVariable(
        name="invoice.due_day", words=_("Day the invoice is due"), example="27 April 2026", value=_due_day
    ),
    TemplateVariable(
        name="invoice.parts",
        words=_("Parts in which the invoice is paid"),
        example="$1,220 by 15 May 2026, $1,200 by 15 June 2026",
        value=_parts,
    ),
    TemplateVariable(
        name="invoice.account",
        words=_("Bank account to pay to"),
        example="NL91ABNA0417164300, Suncoast Roofing, INV-2026-0031",
        value=_how_to_pay,
        neutral=_("the account on your invoice"),
    ),
]
