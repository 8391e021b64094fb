"""Which invoices a line of a bank statement pays: those it names for certain, and suggestions for the others."""

import re
from dataclasses import dataclass

from billing.models import BankEntry, Invoice
from billing.payments.receiving import find_by_reference
from libs.bank_statements import find_references

# "INV20260031" of an RF reference: the number without its hyphens. The sequence has four digits at least.
_SEQUENCE_DIGITS = (4, 5, 6)
_YEAR = re.compile(r"20\d\d")
_RF_HEAD = 4
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
    text = f"{entry.reference} {entry.text}"
    numbers = [number for reference in find_references(text) for number in _numbers_in(reference)]
    rows = list(Invoice.objects.bills().issued().filter(number__in=numbers).select_related("job", "person", "brand"))
    row_ids = {row.pk for row in rows}
    rows += [row for row in find_by_reference(text) if row.pk not in row_ids]
    rows = [row for row in rows if row.currency == entry.currency]
    if len({(row.person_id, row.person_id or row.job_id) for row in rows}) != 1:
        return []
    return rows


def _numbers_in(reference: str) -> list[str]:
    """Return the invoice numbers that an RF reference may be of."""
    body = reference[_RF_HEAD:]
    numbers = []
    for digits in _SEQUENCE_DIGITS:
        prefix, year, sequence = body[: -digits - 4], body[-digits - 4 : -digits], body[-digits:]
        if prefix and _YEAR.fullmatch(year) and sequence.isdigit():
            numbers.append(f"{prefix}-{year}-{sequence}")
    return numbers


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
