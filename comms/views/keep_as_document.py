"""Save an attachment as a document of the message's job or customer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comms.models import Attachment, Direction
from comms.views.attachments import readable
from crm.documents.files.inspection import inspect
from crm.documents.files.limits import check_size
from crm.documents.models import Document, DocumentVersion
from crm.documents.upload_details import UploadDetails
from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("documents.add")
@require_POST
def keep_as_document(request: TenantRequest, uid: str) -> HttpResponse:
    """Save it on the lead, else the customer, as internal."""
    row = readable(request.member).select_related("file", "message__job", "message__person").filter(uid=uid).first()
    if row is None:
        raise Http404
    try:
        document = _add_document(request, row)
        messages.success(request, _("Saved as document “%(title)s”, for the team only.") % {"title": document.title})
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(safe_next(request) or reverse("documents:list", args=[request.tenant.slug]))


def _add_document(request: TenantRequest, found: Attachment) -> Document:
    message = found.message
    # A lead of a colleague's is not added to by who only sees the conversation.
    job = message.job if message.job and message.job.is_visible_to(request.member) else None
    if job is None and message.person is None:
        raise Refused(_("This message has no customer yet. Link it to a customer or lead first."))
    check_size(found.name, found.size)
    try:
        with stored_files.open_file(found.file) as file:
            inspected = inspect(file.read(), found.name)
    except stored_files.FileGone:
        raise Refused(_("The file is no longer kept.")) from None
    versions = DocumentVersion.objects.filter(file__sha256=inspected.sha256, document__archived_at=None)
    about = {"document__job": job} if job else {"document__job": None, "document__person": message.person}
    if versions.filter(**about).exists():
        raise Refused(_("It is already saved as a document."))
    return Document.add(
        inspected,
        kind=UploadDetails().kind(inspected),
        by=request.member,
        job=job,
        person=None if job else message.person,
        sent_by=message.person if message.direction == Direction.IN else None,
    )
