"""Entries that were changed both here and in a member's calendar: both versions, and the member's decision."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.integrations.models import WrittenEntry
from crm.integrations.sync.conflicts import conflicts_of, keep_ours, take_theirs
from crm.integrations.views.calendars import EDIT
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(EDIT)
def conflicts(request: TenantRequest) -> HttpResponse:
    """Show the member's conflicts."""
    reader = Reader.of(request.member, clock.now())
    pairs = [
        {
            "entry": pair.entry,
            "item": pair.item,
            "is_deleted": pair.is_deleted,
            "ours": _interval_words(reader, pair.item.starts_at, pair.item.ends_at),
            "theirs": _interval_words(reader, pair.entry.remote_starts_at, pair.entry.remote_ends_at),
        }
        for pair in conflicts_of(request.member)
    ]
    return render(request, "integrations/conflicts.html", {"conflicts": pairs})


def _interval_words(reader: Reader, starts_at: datetime | None, ends_at: datetime | None) -> str:
    """Format an interval for the member: "Wed, May 13, 9:30 AM – 10:30 AM"; blank without one."""
    if starts_at is None or ends_at is None:
        return ""
    return f"{reader.long_day(starts_at)}, {reader.time(starts_at)} – {reader.time(ends_at)}"


@require(EDIT)
@require_POST
def decide(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Keep our version (`keep` is "ours") or take the calendar's ("theirs")."""
    rows = WrittenEntry.objects.filter(calendar__connection__member_id=request.member.pk)
    entry = get_object_or_404(rows.select_related("calendar__connection"), uid=uid)
    try:
        if request.POST.get("keep") == "ours":
            keep_ours(entry)
        else:
            take_theirs(entry, by=request.member)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("connected_calendars:conflicts", request.tenant.slug)
