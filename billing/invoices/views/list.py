"""The list of invoices."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from billing.invoices.aging_tiles import aging_tiles
from billing.invoices.invoice_list import INVOICES
from billing.invoices.lateness import standing_of
from billing.models import Invoice
from crm.jobs.models import Job
from crm.kernel import clock, formats
from crm.platform.access.permissions import allows
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("billing.view")
def invoices(request: TenantRequest) -> HttpResponse:
    """Show the list. What is owed by how late it is comes after the page, as the counts do."""
    filters = INVOICES.read(request.GET, request.member)
    jobs = Prefetch("job", Job.objects.only("number", "title"))
    rows = INVOICES.apply(filters, request.member).prefetch_related(jobs)
    page = read_page(rows, request.GET, INVOICES.order_of(filters))
    reader = Reader.of(request.member, clock.now())
    url = reverse("billing:list", args=[request.tenant.slug])
    context = {
        "page": page,
        "rows": [_row_values(row, reader) for row in page.rows],
        "tiles": aging_tiles(url),
        # Only drafts are issued: elsewhere there is nothing to select for.
        "picks": filters.get("state") == "draft" and allows(request.member, "billing.issue"),
        "may_books": allows(request.member, "billing.books"),
        "first_url": filters.query(),
        "here": request.get_full_path(),
        **frame(request, INVOICES, filters),
    }
    return render(request, "billing/list.html", context)


def _row_values(row: Invoice, reader: Reader) -> dict[str, object]:
    def money(minor: int) -> str:
        return formats.money(minor, row.currency, reader.country, reader.language)

    return {
        "row": row,
        "issued": reader.day(row.issued_at) if row.issued_at else "",
        "due": reader.day(row.due_at) if row.due_at else "",
        "total": ("−" if row.is_credit else "") + money(row.total),
        "open": money(row.open) if row.open and not row.is_draft else "",
        "standing": standing_of(row, reader),
    }
