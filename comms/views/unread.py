"""Parked items: the reason, the raw bytes, replay, or discard with a reason."""

from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from comms.channels.directory import channels_in_use
from comms.inbound import inbound_processing, inbound_storage
from comms.inbound.webhook import refused_today
from comms.models import Inbound
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.files.stored_files import FileGone
from crm.platform.models import AccessLog
from crm.web.health.replay_action import AT_ONCE
from crm.web.lists.counts import capped_counts
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from crm.web.settings.times import format_when

PERMISSION = "comms.set_up"
SHOWN = 100


class UnreadMessageLine(NamedTuple):
    """One parked item."""

    inbound: Inbound
    when: str
    size: int


@settings_page("comms:unread", PERMISSION, "comms/unread.html")
def unread(request: TenantRequest) -> Context:
    """List parked items, oldest first, and requests with a wrong signature."""
    parked = Inbound.objects.only_parked().select_related("channel", "file").order_by("received_at", "pk")[:SHOWN]
    lines = [UnreadMessageLine(each, format_when(request, each.received_at), _body_size(each)) for each in parked]
    refused = {channel: refused_today(channel) for channel in channels_in_use() if channel.webhook_key}
    return {
        "lines": lines,
        "count": capped_counts({"all": Inbound.objects.only_parked()})["all"],
        "refused": [(channel, count) for channel, count in refused.items() if count],
    }


def _body_size(inbound: Inbound) -> int:
    if inbound.file:
        return inbound.file.size
    return len(inbound.body)


def _find_parked(uid: UUID) -> Inbound:
    inbound: Inbound | None = Inbound.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if inbound is None:
        raise Http404
    return inbound


@unread.action(_find_parked)
def replay(request: TenantRequest, inbound: Inbound) -> str:
    """Read an item again. Idempotent."""
    inbound_processing.replay(inbound)
    events.record("inbound.replayed", subject=inbound, by=request.member)
    return _("It will be processed again within a minute.")


@unread.action()
def replay_all(request: TenantRequest) -> str:
    """Read the oldest parked items again."""
    count = inbound_processing.replay_oldest(AT_ONCE, by=request.member)
    return ngettext("%(count)s is read again.", "%(count)s are read again.", count) % {"count": count}


@unread.action(_find_parked)
def discard(request: TenantRequest, inbound: Inbound) -> str:
    """Discard an item with a reason; its bytes are deleted with others of its age."""
    reason = " ".join(request.POST.get("reason", "").split())[:200]
    if not reason:
        raise Refused(_("Enter a reason for discarding it."))
    inbound_processing.discard(inbound, reason)
    events.record("inbound.discarded", subject=inbound, by=request.member)
    return _("Discarded.")


@require(PERMISSION)
@require_GET
def raw(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the raw bytes; this is recorded in the access log."""
    inbound: Inbound | None = Inbound.objects.readable_by(request.member).select_related("file").filter(uid=uid).first()
    if inbound is None:
        raise Http404
    try:
        body = inbound_storage.body_of(inbound)
    except FileGone:
        raise Http404 from None
    AccessLog.objects.note_read(inbound, by=request.member)
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{inbound.kind}-{inbound.pk}.eml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
