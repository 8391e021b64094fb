"""The customer's page of an invoice. It needs a code, as all that is about money (docs/rules.md#portal-access)."""

from urllib.parse import quote as percent_encoded
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from billing.models import Invoice
from billing.paper.account_content import receipt_paper
from billing.paper.invoice_file import invoice_file
from billing.paper.pdf import render_account
from crm.kernel.refusal import Refused
from portal.access.pages import PortalRequest, portal_page
from portal.invoices.invoice_access import find_invoice, find_payment, may_tell
from portal.invoices.invoice_page import InvoicePage
from portal.invoices.online_payment import attempt_words, parse_amount, pay_buttons, start_online_payment
from portal.invoices.telling import TELLINGS
from portal.models.quotas import QuotaReached


@require_safe
@portal_page()
def invoice_page(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Show an invoice: what is open, where it comes from, and how to pay it."""
    return _render_invoice(request, find_invoice(request.viewer, uid))


@require_safe
@portal_page()
def invoice_pdf(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Serve an invoice as PDF; of a brand in the EU with the electronic invoice in it."""
    file = invoice_file(find_invoice(request.viewer, uid))
    return pdf_response(file.content, file.name)


@require_safe
@portal_page()
def receipt_pdf(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Serve the receipt of a payment as PDF."""
    paper = receipt_paper(find_payment(request.viewer, uid))
    with override(paper.language):
        content = render_account(paper)
    return pdf_response(content, f"{paper.title}.pdf")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser opens."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=utf-8''{percent_encoded(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@portal_page()
def pay_invoice(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Start to pay online, and link to the payment page."""
    invoice = find_invoice(request.viewer, uid)
    page = InvoicePage(invoice)
    path = reverse("portal:invoice", kwargs={"company": request.company.slug, "uid": invoice.uid})
    try:
        amount = parse_amount(page, request.POST)
        url = start_online_payment(page, amount, request.POST, request.build_absolute_uri(path))
    except Refused as why:
        return _render_invoice(request, find_invoice(request.viewer, uid), str(why), status=422)
    context = {"amount": page.money(amount), "invoice": invoice, "payment_url": url}
    return render(request, "portal/invoices/payment_start.html", context)


@require_POST
@portal_page()
def tell_about_invoice(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Note what they tell (`do`): another day, a transfer under way, a wish for parts, or what isn't right."""
    invoice = find_invoice(request.viewer, uid)
    tell = TELLINGS.get(request.POST.get("do", ""))
    if tell is None:
        raise Http404("nothing to tell")
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    try:
        if not may_tell(request.viewer, invoice):
            raise Refused(_("Only who is billed can do that."))
        thanks = tell(request.viewer, InvoicePage(invoice), request.POST, key)
    except QuotaReached as why:
        response = _render_invoice(request, invoice, str(why), status=429)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return _render_invoice(request, find_invoice(request.viewer, uid), str(why), status=422)
    messages.success(request, thanks)
    return redirect("portal:invoice", company=request.company.slug, uid=invoice.uid)


def _render_invoice(request: PortalRequest, invoice: Invoice, trouble: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    page = InvoicePage(invoice)
    own_amount = request.POST.get("own_amount", "")
    how_much = request.POST.get("how_much", page.usual_choice)
    # What was typed counts (parse_amount), so it is what is chosen.
    if own_amount.strip():
        how_much = "own"
    context = {
        "page": page,
        "invoice": invoice,
        "job": invoice.job,
        "may_tell": may_tell(viewer, invoice) and not viewer.is_preview,
        "buttons": pay_buttons(page) if viewer.may_act else [],
        "attempt": attempt_words(page),
        "key": uuid4(),
        "trouble": trouble,
        "text": request.POST.get("text", ""),
        "how_much": how_much,
        "own_amount": own_amount,
    }
    return render(request, "portal/invoices/invoice.html", context, status=status)
