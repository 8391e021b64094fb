"""The page on which a draft is edited: title, days to pay, note and lines. Issuing it is another action."""

from http import HTTPStatus
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.invoices.views.invoice import find_invoice
from billing.invoices.views.job_money import ISSUE
from billing.models import Invoice, InvoiceLine, LineDraft
from billing.models.issuing import buyer_facts
from billing.paper.letterhead import buyer_text
from crm.kernel.refusal import Refused, Stale
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from quotes.editor.typed import plain_amount
from quotes.typed_numbers import parse_percent, parse_quantity, plain_percent, plain_quantity

# So many empty lines are offered; a draft has so many lines at most.
BLANK = 3
MOST = 100
MOST_DAYS = 180
FIELDS = ("of", "name", "quantity", "price", "rate")


class TypedLine(NamedTuple):
    """A line as it stands in the fields. `of`: the position of the line it was, whose other facts it keeps."""

    of: str = ""
    name: str = ""
    quantity: str = ""
    price: str = ""
    rate: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.name.strip() or self.price.strip())


@require(ISSUE)
def edit_draft(request: TenantRequest, uid: Any) -> HttpResponse:
    """Show the fields of a draft, and save what was typed; 404 once it is issued."""
    row = find_invoice(request, uid)
    if not row.is_draft:
        raise Http404
    if request.method != "POST":
        return _render_draft(request, row, _stored_lines(row))
    try:
        with transaction.atomic():
            row.lock()
            row.expect_version(request.POST.get("version"))
            _save_draft(request, row)
    except Stale:
        why = _("Somebody changed it meanwhile. Check it against the invoice before you save it.")
        return _render_draft(request, find_invoice(request, uid), _posted_lines(request.POST), why, HTTPStatus.CONFLICT)
    except Refused as refusal:
        row = find_invoice(request, uid)
        lines = _posted_lines(request.POST)
        return _render_draft(request, row, lines, str(refusal), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The draft is saved."))
    return redirect("billing:invoice", request.tenant.slug, row.uid)


def _stored_lines(row: Invoice) -> list[TypedLine]:
    country = row.brand.country
    return [
        TypedLine(
            of=str(line.position),
            name=line.name,
            quantity=plain_quantity(line.quantity, country),
            price=plain_amount(line.unit_price, row.currency, country),
            rate=plain_percent(line.tax_rate, country),
        )
        for line in row.lines.order_by("position")
    ]


def _posted_lines(posted: QueryDict) -> list[TypedLine]:
    columns = [posted.getlist(name)[:MOST] for name in FIELDS]
    return [TypedLine(*values) for values in zip(*columns, strict=False)]


def _save_draft(request: TenantRequest, row: Invoice) -> None:
    earlier = {str(line.position): line for line in row.lines.all()}
    lines = [_read_line(one, earlier.get(one.of), row) for one in _posted_lines(request.POST) if not one.is_blank]
    sentence = _("Enter the days to pay, at most %(days)s.") % {"days": MOST_DAYS}
    days = parse_typed_number(request.POST.get("due_days", ""), sentence, most=MOST_DAYS)
    title, note = request.POST.get("title", ""), request.POST.get("note", "")
    row.edit(title, lines, by=request.member, note=note, due_days=days)


def _read_line(typed: TypedLine, earlier: InvoiceLine | None, row: Invoice) -> LineDraft:
    """Parse a line; unit, description and tax code are those of the line it was. Raises Refused."""
    country = row.brand.country
    price, currency = parse_money(typed.price, NotationHabits.of(country, row.currency, directory().zone))
    if currency != row.currency:
        raise Refused(_("Write it in the currency of the job."))
    rate = parse_percent(typed.rate, country)
    tax_code = ""
    if earlier is not None and not rate:
        tax_code = earlier.tax_code
    return LineDraft(
        name=" ".join(typed.name.split()),
        unit_price=price,
        quantity=parse_quantity(typed.quantity or "1", country),
        unit=earlier.unit if earlier else "",
        tax_rate=rate,
        tax_code=tax_code,
        description=earlier.description if earlier else "",
    )


def _render_draft(
    request: TenantRequest, row: Invoice, lines: list[TypedLine], why: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else {}
    context = {
        "invoice": row,
        "job": row.job,
        "buyer": buyer_text(buyer_facts(row.job)).split("\n"),
        "lines": [*lines, *[TypedLine()] * BLANK],
        "title": typed.get("title", row.title),
        "due_days": typed.get("due_days", row.due_days),
        "note": typed.get("note", row.note),
        "is_included": row.tax_mode == "included",
        "why": why,
    }
    return render(request, "billing/draft.html", context, status=status)
