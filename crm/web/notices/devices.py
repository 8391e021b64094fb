"""A member's devices for push notices: add this browser, choose what a lock screen shows, remove one."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel.refusal import Refused
from crm.web.actions.row_action import safe_next
from crm.web.models import Notice, PushSubscription
from crm.web.notices.views import VIEW
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker: it shows push messages, and keeps a day's page readable without a network.

    It may be registered for any path, as it stands below `account/`; each place registers it for its own pages.
    """
    response = render(request, "web/notices/push_worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


@require(VIEW)
@require_POST
def add(request: TenantRequest) -> HttpResponse:
    """Subscribe this browser: `endpoint`, `p256dh` and `auth` of its subscription, and a `name`."""
    data = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "name")}
    last = Notice.objects.to(request.member).aggregate(last=Max("pk"))["last"] or 0
    try:
        PushSubscription.add(request.member, told_until=last, **data)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("This device shows your notices from now on."))
    return _redirect_to_settings(request)


@require(VIEW)
@require_POST
def remove(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Remove a device from push notices."""
    _get_device(request, uid).remove()
    messages.success(request, _("The device is removed."))
    return _redirect_to_settings(request)


@require(VIEW)
@require_POST
def show(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Choose what a device's lock screen shows: `full` is "yes" for the texts of notices."""
    _get_device(request, uid).show(is_discreet=request.POST.get("full") != "yes")
    messages.success(request, _("Saved."))
    return _redirect_to_settings(request)


def _get_device(request: TenantRequest, uid: UUID) -> PushSubscription:
    return get_object_or_404(PushSubscription.objects.of(request.member), uid=uid)


def _redirect_to_settings(request: TenantRequest) -> HttpResponse:
    """Redirect to the page that the form names, else to the settings of notices."""
    return redirect(safe_next(request) or reverse("notice_settings", args=[request.tenant.slug]))
