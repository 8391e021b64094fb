"""AccountingEntry: an invoice's amounts at one tax rate, with what accounting systems ask for beside them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.models.accounting import AccountingTerms
from billing.models.payment_plan import tax_key
from crm.platform.organization.configuration import directory
from quotes.typed_numbers import short_percent


@dataclass(frozen=True)
class AccountingEntry:
    """One row of an export. Amounts are decimal numbers of the currency; those of a credit note are below zero."""

    number: str
    is_credit: bool
    # The number of the invoice that a credit note is about.
    corrects: str
    issued_on: date
    due_on: date
    customer: str
    customer_code: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    currency: str
    description: str
    net: Decimal
    tax: Decimal
    sales_account: str
    debtors_account: str
    tax_code: str
    item: str
    journal: str

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def year(self) -> int:
        return self.issued_on.year

    @property
    def period(self) -> int:
        return self.issued_on.month


def tax_amounts(invoice: Invoice) -> dict[str, tuple[int, int, int]]:
    """Return by `tax_key` the rate, the amount without tax and the tax of an invoice, as it was issued."""
    amounts = {tax_key(one["rate"]): (one["rate"], one["net"], one["tax"]) for one in invoice.taxes if one["rate"]}
    free: dict[str, int] = defaultdict(int)
    for line in invoice.lines.all():
        if not line.tax_rate:
            free[tax_key(0, line.tax_code)] += line.amount
    return amounts | {key: (0, net, 0) for key, net in free.items()}


def accounting_entries(invoices: Iterable[Invoice], terms: AccountingTerms) -> list[AccountingEntry]:
    """Return a row for each tax rate of each invoice."""
    return [entry for invoice in invoices for entry in _entries_of(invoice, terms)]


def _entries_of(invoice: Invoice, terms: AccountingTerms) -> list[AccountingEntry]:
    assert invoice.issued_at is not None, "drafts are excluded"
    issued_on = _local_day(invoice.issued_at)
    sign = -1 if invoice.is_credit else 1
    buyer = invoice.buyer
    shared = {
        "number": invoice.number,
        "is_credit": invoice.is_credit,
        "corrects": invoice.credited.number if invoice.credited else "",
        "issued_on": issued_on,
        "due_on": invoice.due_on or issued_on,
        "customer": buyer.get("company") or buyer.get("name", ""),
        "customer_code": str(invoice.person_id or f"J{invoice.job.number}"),
        **{name: buyer.get(name, "") for name in ("street", "postcode", "city", "region", "country")},
        "currency": invoice.currency,
        "sales_account": terms.sales_account,
        "debtors_account": terms.debtors_account,
        "item": terms.item,
        "journal": terms.journal,
    }
    return [
        AccountingEntry(
            **shared,
            description=_describe(invoice, rate),
            net=decimal_amount(sign * net, invoice.currency),
            tax=decimal_amount(sign * tax, invoice.currency),
            tax_code=terms.tax_codes.get(key, ""),
        )
        for key, (rate, net, tax) in tax_amounts(invoice).items()
    ]


def _describe(invoice: Invoice, rate: int) -> str:
    words = {"title": invoice.title, "percent": short_percent(rate, invoice.brand.country)}
    return _("%(title)s, tax %(percent)s") % words


def _local_day(instant: datetime) -> date:
    return instant.astimezone(directory().zone).date()


def decimal_amount(minor: int, currency: str) -> Decimal:
    """Return an amount in minor units as a decimal number of its currency."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))
