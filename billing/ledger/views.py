"""The books: trial balance, and the ledger as a file."""

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing.ledger.balance import trial_balance
from billing.models import BooksCheck, LedgerLine
from crm.kernel import clock, formats
from crm.platform.files.csv_response import csv_response
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

BOOKS = "billing.books"
# A file holds so many lines; more are taken by day.
MOST = 200_000


@require(BOOKS)
def books(request: TenantRequest) -> HttpResponse:
    """Show the trial balance and what the last check found."""
    reader = Reader.of(request.member, clock.now())

    def words(minor: int, currency: str) -> str:
        return formats.money(minor, currency, reader.country, reader.language) if minor else ""

    balances = trial_balance()
    currencies = sorted({one.currency for one in balances})
    check = BooksCheck.objects.first()
    context = {
        "tables": [
            (
                currency,
                [
                    (one.label, words(max(one.balance, 0), currency), words(max(-one.balance, 0), currency))
                    for one in balances
                    if one.currency == currency
                ],
                words(sum(max(one.balance, 0) for one in balances if one.currency == currency), currency),
                words(sum(max(-one.balance, 0) for one in balances if one.currency == currency), currency),
            )
            for currency in currencies
        ],
        "differences": check.differences if check else [],
        "checked": reader.near(check.at) if check else "",
    }
    return render(request, "billing/books.html", context)


@require(BOOKS)
def ledger_file(request: TenantRequest) -> HttpResponse:
    """Return the ledger as a CSV file, the oldest entry first."""
    headings = [
        *(_("Entry"), _("Day"), _("Type"), _("Job"), _("Invoice"), _("Account")),
        *(_("Debit"), _("Credit"), _("Currency")),
    ]
    return csv_response("ledger", headings, _ledger_rows(Reader.of(request.member, clock.now())))


def _ledger_rows(reader: Reader) -> Iterator[list[str]]:
    lines = LedgerLine.objects.select_related("entry__job", "entry__invoice").order_by("entry__at", "entry_id", "pk")
    for line in lines[:MOST]:
        entry = line.entry
        yield [
            str(entry.pk),
            entry.at.astimezone(reader.zone).date().isoformat(),
            str(entry.get_kind_display()),
            str(entry.job.number) if entry.job else "",
            entry.invoice.number if entry.invoice else "",
            str(line.get_account_display()),
            _decimal(max(line.amount, 0), line.currency),
            _decimal(max(-line.amount, 0), line.currency),
            line.currency,
        ]


def _decimal(minor: int, currency: str) -> str:
    """Return an amount as accounting programs read it: "1234.50", in yen "1235"."""
    digits = get_currency_precision(currency)
    return str(Decimal(minor).scaleb(-digits).quantize(Decimal(1).scaleb(-digits)))
