"""Receivables now, by brand and currency: not due, late by days, and deposits. Currencies are never added up.

One statement for any number of invoices; it reads invoice_receivable.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from billing.invoices.aging import DUE, REPORTED, bucket_condition, owed_condition
from billing.models import Invoice, InvoiceKind
from crm.platform.models import Member

DEPOSITS = "deposits"
OPEN = "open"
COLUMNS = (OPEN, DUE, *REPORTED, DEPOSITS)


@dataclass
class Owed:
    """Open amount in minor units, and the number of invoices."""

    amount: int = 0
    invoices: int = 0

    def add(self, amount: int, invoices: int) -> None:
        self.amount += amount
        self.invoices += invoices


@dataclass
class ReceivablesLine:
    """Receivables in a currency: of a brand, or of all brands (None)."""

    currency: str
    brand_id: int | None = None
    columns: dict[str, Owed] = field(default_factory=lambda: defaultdict(Owed))


def read_receivables(member: Member, now: datetime) -> list[ReceivablesLine]:
    """Return a line for each currency, followed by those of its brands if there are several."""
    owed = Invoice.objects.visible_to(member).unpaid().order_by()
    figures: dict[str, Any] = {}
    for column, condition in _conditions(now).items():
        figures[f"{column}_amount"] = Sum("open", filter=condition, default=0)
        figures[f"{column}_invoices"] = Count("pk", filter=condition)
    totals: dict[str, ReceivablesLine] = {}
    lines: dict[str, list[ReceivablesLine]] = defaultdict(list)
    for row in owed.order_by("currency", "brand_id").values("currency", "brand_id").annotate(**figures):
        currency = row["currency"]
        total = totals.setdefault(currency, ReceivablesLine(currency))
        line = ReceivablesLine(currency, row["brand_id"])
        for column in COLUMNS:
            amount, invoices = int(row[f"{column}_amount"]), row[f"{column}_invoices"]
            line.columns[column].add(amount, invoices)
            total.columns[column].add(amount, invoices)
        lines[currency].append(line)
    return [one for currency in totals for one in _lines_of(totals[currency], lines[currency])]


def _lines_of(total: ReceivablesLine, lines: list[ReceivablesLine]) -> list[ReceivablesLine]:
    if len(lines) > 1:
        return [total, *lines]
    return lines


def _conditions(now: datetime) -> dict[str, Q]:
    late = {bucket: bucket_condition(bucket, now) for bucket in REPORTED}
    due = owed_condition(now, is_late=False)
    return {OPEN: Q(open__gt=0), DUE: due, **late, DEPOSITS: Q(kind=InvoiceKind.DEPOSIT)}
