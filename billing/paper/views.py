"""Papers of billing as files: an invoice as PDF and as UBL, a receipt, and the statement of a customer."""

from urllib.parse import quote as percent_encoded
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import override
from django.views.decorators.http import require_safe

from billing.models import Invoice, Payment
from billing.paper.account_content import receipt_paper, statement_brand, statement_paper
from billing.paper.content import AccountPaper
from billing.paper.e_invoices import e_invoice_of, has_e_invoice
from billing.paper.invoice_file import invoice_file
from billing.paper.pdf import render_account
from crm.kernel.sentences import translate_sentence
from crm.people.models import Person
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from libs.e_invoice import EInvoiceRefused, write_ubl


@require("billing.view")
@require_safe
def invoice_pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve an invoice or credit note as PDF; of a brand in the EU with the electronic invoice in it."""
    file = invoice_file(_find_invoice(request, uid))
    return file_response(file.content, file.name, "application/pdf")


@require("billing.view")
@require_safe
def invoice_ubl(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve an issued invoice of a brand in the EU as UBL; 409 with a sentence if something is missing for it."""
    invoice = _find_invoice(request, uid)
    if not has_e_invoice(invoice):
        raise Http404
    try:
        content = write_ubl(e_invoice_of(invoice))
    except EInvoiceRefused as refusal:
        sentence = translate_sentence(refusal.sentence)
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    return file_response(content, f"{invoice.number}.xml", "application/xml", is_download=True)


@require("billing.view")
@require_safe
def receipt_pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve the receipt of a payment as PDF."""
    payment = get_object_or_404(Payment.objects.visible_to(request.member), uid=uid, reversed_at=None)
    return _paper_response(receipt_paper(payment))


@require("billing.view")
@require_safe
def statement_pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve the statement of a customer as PDF; 404 without an invoice, or for who may not see all of them."""
    person = get_object_or_404(Person, uid=uid)
    brand = statement_brand(person, request.member)
    if brand is None:
        raise Http404
    return _paper_response(statement_paper(person, brand))


def _find_invoice(request: TenantRequest, uid: UUID) -> Invoice:
    rows = Invoice.objects.visible_to(request.member)
    return get_object_or_404(rows.select_related("brand", "person", "job", "credited"), uid=uid)


def _paper_response(paper: AccountPaper) -> HttpResponse:
    with override(paper.language):
        content = render_account(paper)
    return file_response(content, f"{paper.title}.pdf", "application/pdf")


def file_response(content: bytes, name: str, media_type: str, *, is_download: bool = False) -> HttpResponse:
    """Return a file that the browser opens, or downloads."""
    response = HttpResponse(content, content_type=media_type)
    disposition = "attachment" if is_download else "inline"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{percent_encoded(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
