"""Serve an attachment: as a download, or as a re-encoded image."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comms.models import Attachment, Message
from comms.outbox import file_links
from comms.views.file_addresses import FileUse, file_address, pass_of
from crm.platform.access.permissions import allows
from crm.platform.files import responses
from crm.platform.files.media_types import may_open
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("comms.view")
@require_safe
def attachment(request: TenantRequest, uid: str) -> HttpResponse:
    """Serve the file, with `?open` for viewing in the browser, from the host for files if there is one."""
    row = readable(request.member).filter(uid=uid).first()
    if row is None:
        raise Http404
    AccessLog.objects.note_read(row.message, by=request.member)
    if "open" in request.GET:
        use = FileUse.OPEN
    else:
        use = FileUse.DOWNLOAD
    if settings.ATTACHMENT_HOST:
        return HttpResponseRedirect(file_address(row, request.member, use))
    return _file_response(request, row, use)


@require("comms.view")
@require_safe
def attachment_preview(request: TenantRequest, uid: str) -> HttpResponse:
    """Serve a small image of the file, or a large one with `?large`."""
    row = readable(request.member).filter(uid=uid).first()
    if row is None:
        raise Http404
    if "large" in request.GET:
        AccessLog.objects.note_read(row.message, by=request.member)
        return _preview_response(row, responses.LARGE)
    return _preview_response(row, responses.SMALL)


@never_cache
@require_safe
def signed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Serve the file of a signed address if its member may still read it. Needs no cookie."""
    file_pass = pass_of(token)
    if file_pass is None:
        raise Http404
    with use_tenant(file_pass.tenant_id):
        member = directory().members.get(file_pass.member_id)
        if member is None or not member.active or not allows(member, "comms.view"):
            raise Http404
        row = readable(member).filter(pk=file_pass.attachment_id).first()
        if row is None:
            raise Http404
        return _file_response(request, row, file_pass.use)


@never_cache
@require_safe
def outgoing_file(request: HttpRequest, token: str) -> HttpResponse:
    """Serve an outgoing file to its provider. Needs no account; the link is valid for a day."""
    ids = file_links.read(token)
    if ids is None:
        raise Http404
    with use_tenant(ids[0]):
        leaving = Attachment.objects.filter(message__direction="out", message__state__in=file_links.LEAVING)
        attachment = leaving.select_related("file").filter(pk=ids[1]).first()
        if attachment is None:
            raise Http404
        return _download_response(attachment)


def readable(member: Member) -> QuerySet[Attachment]:
    """Return the files of messages a member may read, except deleted ones."""
    messages = Message.objects.readable_by(member).filter(revoked_at=None).order_by()
    return Attachment.objects.filter(message__in=messages).select_related("file", "message")


def _file_response(request: HttpRequest, found: Attachment, use: FileUse) -> HttpResponse:
    if use == FileUse.PREVIEW:
        return _preview_response(found, responses.LARGE)
    if use == FileUse.DOWNLOAD:
        return _download_response(found)
    if not may_open(found.media_type):
        raise Http404
    return responses.inline_response(request, found.file, found.name, found.media_type)


def _download_response(found: Attachment) -> HttpResponse:
    return responses.download_response(found.file, found.name, found.media_type)


def _preview_response(found: Attachment, edge: int) -> HttpResponse:
    return responses.preview_response(found.file, found.media_type, edge)
