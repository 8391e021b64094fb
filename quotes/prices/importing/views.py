"""Import prices from a spreadsheet: upload it, check the preview, run it, undo it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.importing.pages import ImportPages, ShownRow
from crm.jobs.importing.unreadable import UnreadableFile
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from quotes.permissions import EDIT_PRICES
from quotes.prices.importing.columns import SUPPLIER_COLUMNS, PriceColumn
from quotes.prices.importing.judge import JudgedPrice, judge_rows
from quotes.prices.importing.models import PriceImport
from quotes.prices.importing.runs import choose_mapping, receive
from quotes.prices.importing.words import describe_row
from quotes.prices.models import Supplier
from quotes.prices.models.supplier import suppliers


class PriceImportPages(ImportPages[PriceImport, JudgedPrice]):
    """The pages of an import of items, or of a supplier's list."""

    model = PriceImport
    urls = "prices"
    templates = "quotes/prices/importing"
    title = _("Import prices")
    back = _("Back to the price book")
    file_name = "prices"
    name_column = PriceColumn.NAME

    def upload_context(self, request: TenantRequest) -> Mapping[str, Any]:
        return {
            "suppliers": [row for row in suppliers().values() if row.archived_at is None],
            "chosen": request.POST.get("supplier", request.GET.get("supplier", "")),
        }

    def preview_context(self) -> Mapping[str, Any]:
        return {"today": directory().today()}

    def receive(self, request: TenantRequest, file: IO[bytes], name: str, size: int) -> PriceImport:
        return receive(file, name, size, _posted_supplier(request), by=request.member)

    def offered_columns(self, run: PriceImport) -> Sequence[tuple[str, Any]]:
        if run.supplier_id:
            return [(str(column), column.label) for column in SUPPLIER_COLUMNS]
        return PriceColumn.choices

    def choose(self, request: TenantRequest, run: PriceImport, columns: list[str]) -> bool:
        chosen = (columns, _posted_day(request), "keeps_margin" in request.POST)
        is_changed = chosen != (run.columns, run.from_day, run.keeps_margin)
        choose_mapping(run, *chosen)
        return is_changed

    def judge(self, run: PriceImport) -> Sequence[tuple[int, JudgedPrice]]:
        return judge_rows(run, range(run.total))

    def show_row(self, request: TenantRequest, number: int, row: JudgedPrice, name: str, reader: Reader) -> ShownRow:
        url = ""
        if row.item:
            url = reverse("prices:item", args=[request.tenant.slug, row.item.uid])
            name = name or row.item.name
        return ShownRow(number, row.verdict, name, describe_row(row, reader), url)


_PAGES = PriceImportPages()


@require(EDIT_PRICES)
@limit("import", "120/h", method="POST")
def import_prices(request: TenantRequest) -> HttpResponse:
    """Upload a file of items, or a supplier's list: store its rows, or show why it cannot be read."""
    return _PAGES.answer_upload(request)


@require(EDIT_PRICES)
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the preview, the progress or the result. POST saves the mapping, and with `start` starts it."""
    return _PAGES.answer_run(request, uid)


@require(EDIT_PRICES)
@require_POST
def import_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop an import between two batches. What was written stays, and can be undone."""
    return _PAGES.answer_cancel(request, uid)


@require(EDIT_PRICES)
@require_GET
@limit("export", "120/h")
def import_refused(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the refused rows as a file like the one they came in, with the reasons."""
    return _PAGES.answer_refused(request, uid)


def _posted_supplier(request: TenantRequest) -> Supplier | None:
    """Return the supplier whose list it is. Raises UnreadableFile for one that is not in use."""
    chosen = request.POST.get("supplier", "")
    if not chosen:
        return None
    supplier = suppliers().get(read_number(chosen) or 0)
    if supplier is None or supplier.archived_at:
        raise UnreadableFile(gettext("Choose a supplier."))
    return supplier


def _posted_day(request: TenantRequest) -> date:
    """Return the first day of the prices: today for one that is past, or that can't be read."""
    today = directory().today()
    try:
        day = forms.DateField().clean(request.POST.get("from_day", ""))
    except forms.ValidationError:
        return today
    return max(day, today)
