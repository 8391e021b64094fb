"""Hand out one attachment: as a download that the browser never shows, or as an image made anew of it."""

import unicodedata
from pathlib import PurePath
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comms.media.images import NoImage, preview
from comms.media.media_types import PREVIEWED, UNKNOWN
from comms.models import Attachment, Message
from comms.outbox import file_links
from comms.views.file_addresses import download_address, pass_of
from crm.platform.access.permissions import allows
from crm.platform.files import stored_files
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# A browser that ignored every header would still find nothing to run in these.
_AS_THEY_ARE = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/vnd.", "text/plain")
_LONGEST_NAME = 150
# A file above this has no preview.
_MOST_BYTES = 30_000_000
_LARGE, _SMALL = 1_600, 320


@require("comms.view")
@require_safe
def attachment(request: TenantRequest, uid: str) -> HttpResponse:
    """Answer the file; on the host of its own where there is one."""
    found = _readable(request.member).filter(uid=uid).first()
    if found is None:
        raise Http404
    AccessLog.objects.note_read(found.message, by=request.member)
    if settings.ATTACHMENT_HOST:
        return HttpResponseRedirect(download_address(found, request.member))
    return _download(found)


@require("comms.view")
@require_safe
def attachment_preview(request: TenantRequest, uid: str) -> HttpResponse:
    """Answer a small image of the file."""
    found = _readable(request.member).filter(uid=uid).first()
    if found is None:
        raise Http404
    return _preview(found, _SMALL)


@never_cache
@require_safe
def signed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Answer what a signed address is for, if its member may still read it. Needs no cookie."""
    given = pass_of(token)
    if given is None:
        raise Http404
    with use_tenant(given.tenant_id):
        member = directory().members.get(given.member_id)
        if member is None or not member.active or not allows(member, "comms.view"):
            raise Http404
        found = _readable(member).filter(pk=given.attachment_id).first()
        if found is None:
            raise Http404
        return _preview(found, _LARGE) if given.is_preview else _download(found)


@never_cache
@require_safe
def outgoing_file(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a file that goes out to the provider that carries it. Needs no account; the link is for a day."""
    found = file_links.read(token)
    if found is None:
        raise Http404
    with use_tenant(found[0]):
        leaving = Attachment.objects.filter(message__direction="out", message__state__in=file_links.LEAVING)
        attachment = leaving.select_related("file").filter(pk=found[1]).first()
        if attachment is None:
            raise Http404
        return _download(attachment)


def _readable(member: Member) -> QuerySet[Attachment]:
    messages = Message.objects.readable_by(member).order_by()
    return Attachment.objects.filter(message__in=messages).select_related("file", "message")


def _download(found: Attachment) -> HttpResponse:
    response = stored_files.answer(found.file)
    response["Content-Type"] = found.media_type if found.media_type.startswith(_AS_THEY_ARE) else UNKNOWN
    if found.media_type == "image/svg+xml":
        response["Content-Type"] = UNKNOWN
    response["Content-Disposition"] = content_disposition_header(True, safe_name(found.name))
    return cast("HttpResponse", response)


def safe_name(name: str) -> str:
    """A name without a path, line ends and marks that turn the writing round: `exe.gpj` must not read as a photo."""
    name = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix[:12]
    return f"{stem[: _LONGEST_NAME - len(suffix)]}{suffix}" or "attachment"


def _preview(found: Attachment, edge: int) -> HttpResponse:
    if found.media_type not in PREVIEWED or found.size > _MOST_BYTES:
        raise Http404
    try:
        with stored_files.opened(found.file) as file:
            content, media_type = preview(file.read(), edge=edge)
    except (stored_files.Gone, NoImage):
        raise Http404 from None
    response = HttpResponse(content, content_type=media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    return response
