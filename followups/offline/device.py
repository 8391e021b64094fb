"""The page of this device: what is kept on it, the changes that wait on it, and how notices reach it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.push.installation_key import public_key
from crm.web.models import Notice, PushSubscription
from crm.web.notices.delivery.texts import confirmed_number
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.offline.notice_ways import way_lines
from followups.offline.today import MOST
from followups.offline.trial_notice import MOST as MOST_TESTS
from followups.offline.trial_notice import TRIAL, is_waiting, send_trial, trial_lines


@require("followups.view")
@require_GET
def device(request: TenantRequest) -> HttpResponse:
    """Show it; what only the browser knows is filled in by static/js/device.js."""
    reader = Reader.of(request.member, clock.now())
    number = confirmed_number(request.member)
    context = {
        "push_key": public_key(),
        "devices": PushSubscription.objects.of(request.member).count(),
        "number": formats.phone(number, directory().tenant.country) if number else "",
        "most": MOST,
        "here": request.path,
        "ways": way_lines(request.member, reader),
        **_trial_context(request, reader),
    }
    return render(request, "followups/offline/device.html", context)


@require("followups.view")
@require_POST
def send_test_notice(request: TenantRequest) -> HttpResponse:
    """Send the member a test notice; answer with its result so far, or with why it is refused."""
    try:
        trial = send_trial(request.member)
    except Refused as why:
        if request.htmx:
            return render(request, "followups/offline/_trial.html", {"why": str(why)}, status=422)
        messages.error(request, str(why))
        return redirect("followups:device", request.tenant.slug)
    if request.htmx:
        return trial_result(request, trial.uid)
    return redirect(reverse("followups:device", args=[request.tenant.slug]) + f"?test={trial.uid}")


@require("followups.view")
def trial_result(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the result of a test: a fragment that asks again until it is settled."""
    reader = Reader.of(request.member, clock.now())
    trial = get_object_or_404(Notice.objects.to(request.member), kind=TRIAL, uid=uid)
    return render(request, "followups/offline/_trial.html", _read_trial(trial, request.member, reader))


def _trial_context(request: TenantRequest, reader: Reader) -> dict[str, Any]:
    """Return the test that the address names; nothing for another."""
    uid = request.GET.get("test", "")
    trials = Notice.objects.to(request.member).filter(kind=TRIAL)
    trial = next((one for one in trials.order_by("-at")[:MOST_TESTS] if str(one.uid) == uid), None)
    if trial is None:
        return {}
    return _read_trial(trial, request.member, reader)


def _read_trial(trial: Notice, member: Member, reader: Reader) -> dict[str, Any]:
    return {"trial": trial, "lines": trial_lines(trial, member, reader), "waits": is_waiting(trial, member)}
