"""A document's page, its bytes for members, and the actions on it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.documents.document_rows import shown_all
from crm.documents.models import Document, DocumentRead
from crm.documents.serving.addresses import AddressUse, signed_url
from crm.documents.serving.answers import answer
from crm.documents.serving.holders import MEMBER
from crm.documents.upload_details import kind_in
from crm.documents.views.found import found_document, found_version
from crm.documents.views.of_record import form_context, rights
from crm.kernel import clock
from crm.kernel.days import parse_typed_day
from crm.platform.models import AccessLog
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import RowAction
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

# So many looks are named.
MOST_READS = 50


@require("documents.view")
def document(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a document: its versions, visibility and reads. Recorded in the access log."""
    row = found_document(request, uid)
    AccessLog.objects.note_read(row, by=request.member)
    reader = Reader.of(request.member, clock.now())
    record = row.job or row.person
    customer = ""
    if row.job:
        customer = row.job.title
    elif row.person:
        customer = row.person.name
    context = {
        "one": shown_all([row], reader)[0],
        "row": row,
        "called": customer,
        "back": record_url(record, request.tenant.slug) if record else "",
        "versions": [(each, reader.moment(each.created_at)) for each in row.versions.order_by("-number")],
        "reads": _list_reads(row, reader),
        "may": rights(request.member),
        **form_context(),
    }
    return render(request, "documents/document.html", context)


def _list_reads(row: Document, reader: Reader) -> list[tuple[str, bool, str, int]]:
    """Return the reads, newest first: reader, whether a customer, time and version."""
    theirs = DocumentRead.objects.filter(document=row).select_related("person").order_by("-at")[:MOST_READS]
    members = directory().members
    ours = AccessLog.objects.of(row).order_by("-at")[:MOST_READS]
    reads = [(one.at, one.person.name, True, one.number) for one in theirs]
    reads += [(one.at, members[one.member_id].name, False, 0) for one in ours]
    reads.sort(key=lambda one: one[0], reverse=True)
    return [(name, is_customer, reader.moment(at), number) for at, name, is_customer, number in reads[:MOST_READS]]


@require("documents.view")
@require_safe
def preview(request: TenantRequest, uid: UUID, number: int) -> HttpResponse:
    """Serve a thumbnail of a version, or a larger image with `?large`."""
    row, version = found_version(request, uid, number)
    if "large" in request.GET:
        AccessLog.objects.note_read(row, by=request.member)
        return answer(request, row, version, AddressUse.LARGE)
    return answer(request, row, version, AddressUse.SMALL)


@require("documents.view")
@require_safe
def file(request: TenantRequest, uid: UUID, number: int) -> HttpResponse:
    """Serve a version as a download, or inline with `?open`, on the file host."""
    row, version = found_version(request, uid, number)
    AccessLog.objects.note_read(row, by=request.member)
    if "open" in request.GET:
        use = AddressUse.OPEN
    else:
        use = AddressUse.DOWNLOAD
    if settings.ATTACHMENT_HOST:
        return HttpResponseRedirect(signed_url(version, use, holder=MEMBER, holder_id=request.member.pk))
    return answer(request, row, version, use)


class DocumentAction(RowAction[Document]):
    """An action on a document."""

    model = Document
    permission = "documents.share"


action = DocumentAction()


@action("document.shown")
def show(request: TenantRequest, row: Document) -> str:
    """Make the document visible to the customer."""
    row.show(by=request.member)
    return _("“%(title)s” is now visible to the customer.") % {"title": row.title}


@action("document.hidden")
def hide(request: TenantRequest, row: Document) -> str:
    """Make the document internal."""
    row.hide(by=request.member)
    return _("“%(title)s” is now visible to the team only.") % {"title": row.title}


@action("document.edited", permission="documents.add")
def edit(request: TenantRequest, row: Document) -> str:
    """Change a document's title, kind and expiry date."""
    row.rename(request.POST.get("title", ""), by=request.member)
    if kind := kind_in(request.POST):
        row.classify(next(one for one in form_context()["kinds"] if one.pk == kind), by=request.member)
    row.set_expiry(parse_typed_day(request.POST.get("expires_on", "")), by=request.member)
    return _("Saved.")


@action("document.archived", permission="documents.remove")
def archive(request: TenantRequest, row: Document) -> str:
    """Archive a document."""
    row.archive(by=request.member)
    return _("“%(title)s” archived.") % {"title": row.title}


@action(permission="documents.remove")
def restore(request: TenantRequest, row: Document) -> str:
    """Restore a document from the archive."""
    row.restore(by=request.member)
    return _("“%(title)s” restored.") % {"title": row.title}
