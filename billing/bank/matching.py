"""Which invoices a line of a bank statement pays: those it names for certain, and suggestions for the others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from billing.models import BankEntry, Invoice
from billing.payments.receiving import find_by_reference
from crm.platform.models import Member

_WORD = re.compile(r"\w{3,40}")
# Invoices of the same amounts as a page of lines that are compared with the payers' names, and suggestions for a line.
COMPARED = 2000
MOST = 3


@dataclass(frozen=True)
class MatchSuggestion:
    """An invoice that a line may pay. `is_named`: the payer is called like the customer."""

    invoice: Invoice
    is_named: bool


def named_invoices(entry: BankEntry) -> list[Invoice]:
    """Return the invoices that a line names by reference or number; none if they are of several customers."""
    rows = [row for row in find_by_reference(f"{entry.reference} {entry.text}") if row.currency == entry.currency]
    if len({row.payer for row in rows}) != 1:
        return []
    return rows


def suggest_invoices(entries: Sequence[BankEntry], member: Member) -> dict[int, list[MatchSuggestion]]:
    """Return by a line's id the open invoices of exactly its amount that a member may see.

    Those of a customer with the payer's name come first.
    """
    owed = Invoice.objects.visible_to(member).unpaid().filter(open__in={entry.amount for entry in entries})
    by_sum: dict[tuple[int, str], list[Invoice]] = defaultdict(list)
    for row in owed.order_by("due_at", "pk")[:COMPARED]:
        by_sum[row.open, row.currency].append(row)
    return {entry.pk: _suggestions_for(entry, by_sum[entry.amount, entry.currency]) for entry in entries}


def _suggestions_for(entry: BankEntry, rows: Iterable[Invoice]) -> list[MatchSuggestion]:
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
