"""Views of a member's own reminders and daily digest."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel.refusal import Refused
from crm.web.models import PushSubscription
from crm.web.notices.delivery.texts import WHATSAPP, confirmed_number, text_sender
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.models.kind_setup import kinds
from followups.models.reminder_plan import reminder_setup
from followups.reminders.defaults import save_preference, set_default
from followups.reminders.fields import describe_times, field_choices, list_fields, read_fields

VIEW = "followups.view"


@require(VIEW)
@require_GET
def reminders(request: TenantRequest) -> HttpResponse:
    """Show when and how the member is reminded of follow-ups, and their daily digest."""
    return _render_page(request)


@require(VIEW)
@require_POST
def choose_times(request: TenantRequest) -> HttpResponse:
    """Save the member's reminders of a type (`kind`; blank: of all), or use the general ones again (`do=reset`)."""
    kind = request.POST.get("kind", "")
    times = None
    try:
        if kind and kind not in kinds().all:
            raise Refused(_("This type does not exist."))
        if request.POST.get("do") != "reset":
            times = read_fields(request.POST)
        set_default(times, member=request.member, kind=kind, by=request.member)
    except Refused as why:
        return _render_page(request, str(why))
    messages.success(request, _("Saved."))
    return redirect("followups:reminders", request.tenant.slug)


@require(VIEW)
@require_POST
def choose_digest(request: TenantRequest) -> HttpResponse:
    """Save the member's digest and the hours of their reminders."""
    try:
        at = time.fromisoformat(request.POST.get("digest_time", ""))
    except ValueError:
        return _render_page(request, _("Write the time as hours and minutes."))
    save_preference(
        request.member,
        wants_digest=request.POST.get("wants_digest") == "yes",
        digest_time=at.replace(second=0, microsecond=0, tzinfo=None),
        working_days_only=request.POST.get("working_days_only") == "yes",
        working_hours_only=request.POST.get("working_hours_only") == "yes",
    )
    messages.success(request, _("Saved."))
    return redirect("followups:reminders", request.tenant.slug)


def _render_page(request: TenantRequest, why: str = "") -> HttpResponse:
    setup = reminder_setup()
    member_id = request.member.pk
    own = {kind for owner, kind in setup.defaults if owner == member_id}
    context: dict[str, Any] = {
        "why": why,
        "preference": setup.preference(member_id),
        "all_types": _block(member_id, "", "", is_own="" in own),
        "types": [_block(member_id, kind.code, kind.label, is_own=kind.code in own) for kind in kinds().live],
        "has_devices": PushSubscription.objects.of(request.member).exists(),
        "has_number": bool(confirmed_number(request.member)),
        "has_whatsapp": text_sender(WHATSAPP) is not None,
        **field_choices(),
    }
    return render(request, "followups/reminders/own.html", context, status=422 if why else 200)


def _block(member_id: int, kind: str, label: str, *, is_own: bool) -> dict[str, Any]:
    """Return what the page shows of the reminders of one type."""
    times = reminder_setup().times(member_id, kind)
    return {
        "kind": kind,
        "label": label,
        "is_own": is_own,
        "words": describe_times(times),
        "fields": list_fields(times),
    }
