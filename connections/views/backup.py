"""Synchronization by file: download what could not be sent, upload the export of the other system."""

from typing import IO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from connections.models import Connection
from connections.permissions import MANAGE
from connections.views.connection import connection, find_connection, kind_of
from crm.jobs.importing.unreadable import UnreadableFile
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(MANAGE)
@require_safe
def waiting_file(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve what waits and what was refused as a file that the other system imports."""
    row = find_connection(uid)
    write = kind_of(row).write_backup
    if write is None:
        raise Http404
    try:
        name, content = write(row)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("connections:connection", request.tenant.slug, uid)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@connection.action(find_connection)
def upload(request: TenantRequest, row: Connection) -> str:
    """Take over an export of the other system."""
    read = kind_of(row).read_backup
    if read is None:
        raise Http404
    file, size = _uploaded_file(request)
    try:
        count = read(row, file, size, by=request.member)
    except UnreadableFile as unreadable:
        raise Refused(str(unreadable)) from unreadable
    words = ngettext("%(count)s record is new.", "%(count)s records are new.", count)
    return words % {"count": count}


@connection.action(find_connection)
def preview(request: TenantRequest, row: Connection) -> HttpResponse:
    """Show what an export of the other system would do; nothing is stored."""
    read = kind_of(row).preview_backup
    if read is None:
        raise Http404
    file, size = _uploaded_file(request)
    try:
        result = read(row, file, size)
    except UnreadableFile as unreadable:
        raise Refused(str(unreadable)) from unreadable
    return render(request, "connections/preview.html", {"connection": row, "preview": result})


def _uploaded_file(request: TenantRequest) -> tuple[IO[bytes], int]:
    """Return the posted file and its size in bytes. Raises Refused without one."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or file.file is None:
        raise Refused(_("Choose a file first."))
    return cast("IO[bytes]", file.file), file.size or 0
