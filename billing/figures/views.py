"""The page of receivables, and its file; each amount opens the invoices it adds up."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel.numbers import get_currency_precision
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.figures.receivables import COLUMNS, DEPOSITS, OPEN, Owed, ReceivablesLine, read_receivables
from billing.invoices.aging import DUE, REPORTED, bucket_label
from billing.invoices.invoice_list import INVOICES
from crm.kernel import clock, formats
from crm.platform.files.csv_response import csv_response
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell
from crm.web.reader import Reader
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

BOOKS = "billing.books"


@require(BOOKS)
@may_lag
def receivables_page(request: TenantRequest) -> HttpResponse:
    """Show what is owed by how late it is, for each currency and brand."""
    reader = Reader.of(request.member, clock.now())
    lines = read_receivables(request.member, reader.now)
    if request.GET.get("format") == "csv":
        return csv_response(f"receivables-{reader.today}", _file_headings(), _file_rows(lines))
    page = INVOICES.url("list", request.tenant.slug)
    context = {
        "headings": _column_headings(),
        "rows": [(_line_name(line), _line_about(line), _line_cells(line, page, reader)) for line in lines],
        "now_words": reader.moment(reader.now),
    }
    return render(request, "billing/figures/receivables.html", context)


def _column_headings() -> list[str]:
    words = {OPEN: _("Open"), DUE: _("not late yet"), DEPOSITS: _("Deposits not paid")}
    words |= {bucket: bucket_label(bucket) for bucket in REPORTED}
    return [capfirst(words[column]) for column in COLUMNS]


def _line_name(line: ReceivablesLine) -> str:
    if line.brand_id is None:
        return _("All brands, %(currency)s") % {"currency": line.currency}
    return directory().brands[line.brand_id].name


def _line_about(line: ReceivablesLine) -> str:
    if line.brand_id is None:
        return ""
    return line.currency


def _line_cells(line: ReceivablesLine, page: str, reader: Reader) -> list[FigureCell]:
    which = [("currency", line.currency)]
    if line.brand_id:
        which.append(("brand", str(directory().brands[line.brand_id].uid)))
    return [_owed_cell(line.columns[column], column, line.currency, which, page, reader) for column in COLUMNS]


def _owed_cell(
    owed: Owed, column: str, currency: str, which: list[tuple[str, str]], page: str, reader: Reader
) -> FigureCell:
    if not owed.invoices:
        return FigureCell("–")
    invoices = ngettext("%(count)s invoice", "%(count)s invoices", owed.invoices) % {"count": owed.invoices}
    url = f"{page}?{urlencode([*which, *_column_filters(column)])}"
    return FigureCell(formats.money(owed.amount, currency, reader.country, reader.language), invoices, url)


def _column_filters(column: str) -> list[tuple[str, str]]:
    if column == DEPOSITS:
        return [("state", "open"), ("kind", "deposit")]
    if column in REPORTED:
        return [("aging", column)]
    return [("state", column)]


def _file_headings() -> list[str]:
    headings = [_("Brand"), _("Currency")]
    for heading in _column_headings():
        headings += [heading, _("%(column)s, invoices") % {"column": heading}]
    return headings


def _file_rows(lines: Iterable[ReceivablesLine]) -> Iterable[list[Any]]:
    """Return a row for each brand and currency, with amounts as plain numbers."""
    for line in lines:
        row: list[Any] = [_line_name(line), line.currency]
        for column in COLUMNS:
            owed = line.columns[column]
            digits = get_currency_precision(line.currency)
            row += [str(Decimal(owed.amount).scaleb(-digits)), owed.invoices]
        yield row
