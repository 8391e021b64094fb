"""A member's own photo, which customers see beside the member's name."""

import io

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.platform.files.images import UnreadableImage, build_preview
from crm.platform.files.responses import SMALL, preview_response
from crm.platform.models import MemberPhoto, StoredFile
from crm.platform.organization.configuration import members_with_photo
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

MOST_BYTES = 15_000_000


@require("preferences.edit")
def own_photo(request: TenantRequest) -> HttpResponse:
    """Show the member's own photo. A POST replaces or removes it."""
    if request.method != "POST":
        return _render_page(request)
    try:
        if "remove" in request.POST:
            photo = None
        else:
            photo = _store_upload(request)
    except Refused as why:
        return _render_page(request, str(why))
    if before := MemberPhoto.replace_photo(request.member, photo, by=request.member):
        stored_files.delete_file(before, by=request.member)
    messages.success(request, _("Saved."))
    return redirect("own_photo", request.tenant.slug)


def _store_upload(request: TenantRequest) -> StoredFile:
    """Store the uploaded picture re-encoded, without metadata."""
    upload = request.FILES.get("photo")
    if upload is None or (upload.size or 0) > MOST_BYTES:
        raise Refused(_("Choose a picture of 15 MB at most."))
    try:
        content, media_type = build_preview(upload.read(), edge=SMALL)
    except UnreadableImage:
        raise Refused(_("That picture can’t be read. Use a JPEG, PNG, GIF or WebP.")) from None
    return stored_files.store_file(
        io.BytesIO(content), "photo", purpose="photo", by=request.member, content_type=media_type, days=None
    )


def _render_page(request: TenantRequest, trouble: str = "") -> HttpResponse:
    page = {"has_photo": request.member.pk in members_with_photo(), "trouble": trouble}
    return render(request, "web/own_photo.html", page, status=422 if trouble else 200)


@require_safe
@require("preferences.edit")
def own_photo_image(request: TenantRequest) -> HttpResponse:
    """Serve the member's own photo."""
    photo = MemberPhoto.objects.select_related("file").filter(member=request.member).first()
    if photo is None:
        raise Http404
    return preview_response(photo.file, photo.file.content_type, SMALL)
