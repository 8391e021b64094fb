"""The page of the list of documents."""

from urllib.parse import parse_qsl

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render

from crm.documents.document_list import DOCUMENTS, NEWEST, about
from crm.documents.document_rows import shown_all
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("documents.view")
def documents(request: TenantRequest) -> HttpResponse:
    """List the documents the member may see."""
    member = request.member
    filters = DOCUMENTS.read(request.GET, member)
    page = read_page(DOCUMENTS.apply(filters, member), request.GET, NEWEST)
    prefetch_related_objects(page.rows, "job", "person", "site")
    documents_shown = shown_all(page.rows, Reader.of(member, clock.now()))
    context = {
        "rows": [(one, about(one.row)) for one in documents_shown],
        "page": page,
        "first_url": filters.query(),
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        "may_export": allows(member, "export"),
        **frame(request, DOCUMENTS, filters),
    }
    return render(request, "documents/list.html", context)
