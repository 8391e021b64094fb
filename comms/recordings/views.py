"""Play a recording, recorded in the access log, and the setting of how long recordings are kept."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from comms.models import Message, Recording
from comms.models.recording import RecordingPolicy, recording_policy
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import AccessLog
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page

# Five years.
_MOST = 1826


@require("comms.listen")
@require_GET
def recording(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve the bytes of a recording whose call the member may read."""
    readable = Message.objects.readable_by(request.member).order_by()
    recording_row: Recording | None = (
        Recording.objects.filter(uid=uid, removed_at__isnull=True, message__in=readable)
        .select_related("file", "message")
        .first()
    )
    if recording_row is None or recording_row.file is None:
        raise Http404
    response: HttpResponse = stored_files.file_response(recording_row.file)  # type: ignore[assignment]
    AccessLog.objects.note_read(recording_row.message, by=request.member)
    events.record(
        "message.listened", subject=recording_row.message, by=request.member, job_id=recording_row.message.job_id
    )
    return response


@settings_page("recordings:policy", "comms.set_up", "comms/recordings.html")
def policy(request: TenantRequest) -> Context:
    """Show the current setting."""
    return {"policy": recording_policy()}


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Set the days."""
    sentence = _("Enter a number of days from 1 to %(most)s.") % {"most": _MOST}
    days = parse_typed_number(request.POST.get("keep_days", ""), sentence, least=1, most=_MOST)
    RecordingPolicy.set(keep_days=days, by=request.member)
    return _("Saved.")
