"""The PDF of a version of a quote, as the customer is shown it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from quotes.editor.quote_action import visible_quote
from quotes.models import QuoteVersion
from quotes.paper.pdf import render_quote
from quotes.paper.quote_content import quote_paper


@require("quotes.view")
@require_safe
def pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Return the PDF of the newest version, or of the one named by its number."""
    quote = visible_quote(request.member, uid)
    number = read_number(request.GET.get("version"), least=1) or quote.newest
    version: QuoteVersion | None = quote.versions.filter(number=number).first()
    if version is None:
        raise Http404
    version.quote = quote
    paper = quote_paper(version)
    with override(paper.language):
        content = render_quote(paper)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{quote.code}-v{version.number}.pdf"'
    return response
