"""Which invoices a line of a bank statement pays: those it names for certain, and suggestions for the others."""

import re
from dataclasses import dataclass

from billing.models import BankEntry, Invoice
from billing.payments.receiving import find_by_reference

_WORD = re.compile(r"\w{3,40}")
# Invoices of the same amount that are compared with the payer's name, and suggestions.
COMPARED = 200
MOST = 3


@dataclass(frozen=True)
class MatchSuggestion:
    """An invoice that a line may pay. `is_named`: the payer is called like the customer."""

    invoice: Invoice
    is_named: bool


def named_invoices(entry: BankEntry) -> list[Invoice]:
    """Return the invoices that a line names by reference or number; none if they are of several customers."""
    rows = [row for row in find_by_reference(f"{entry.reference} {entry.text}") if row.currency == entry.currency]
    if len({(row.person_id, row.person_id or row.job_id) for row in rows}) != 1:
        return []
    return rows


def suggest_invoices(entry: BankEntry) -> list[MatchSuggestion]:
    """Return open invoices of exactly this amount, those of a customer with the payer's name first."""
    owed = Invoice.objects.unpaid().filter(open=entry.amount, currency=entry.currency)
    rows = list(owed.select_related("job", "person", "brand").order_by("due_at", "pk")[:COMPARED])
    payer = _words(f"{entry.counterparty} {entry.text}")
    suggestions = [MatchSuggestion(row, _is_named(row, payer)) for row in rows]
    suggestions.sort(key=lambda one: not one.is_named)
    return suggestions[:MOST]


def _is_named(invoice: Invoice, payer: set[str]) -> bool:
    """Return whether a word of the customer’s name is among the payer’s."""
    names = _words(f"{invoice.buyer.get('name', '')} {invoice.buyer.get('company', '')}")
    return bool(names & payer)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text[:500].casefold()))
