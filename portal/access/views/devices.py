"""Views of a customer's signed-in devices: list them, sign out one or all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.pages import PortalRequest, portal_page


@require_safe
@portal_page()
def devices(request: PortalRequest) -> HttpResponse:
    """List them, this one first."""
    mine = request.viewer.device
    rows = []
    if request.viewer.access.pk:
        rows = request.viewer.access.live_devices()
    return render(request, "portal/devices.html", {"devices": sorted(rows, key=lambda one: one != mine), "mine": mine})


@require_POST
@portal_page()
def forget_device(request: PortalRequest, device: UUID) -> HttpResponse:
    """Sign out one device."""
    access = request.viewer.access
    access.forget(get_object_or_404(access.devices, uid=device), by=None)
    messages.success(request, _("That device was signed out."))
    return redirect("portal:devices", company=request.company.slug)


@require_POST
@portal_page()
def forget_devices(request: PortalRequest) -> HttpResponse:
    """Sign out all other devices and disable all links sent before."""
    request.viewer.access.forget_all(but=request.viewer.device, by=None)
    messages.success(request, _("All other devices are signed out, and links in earlier messages no longer work."))
    return redirect("portal:devices", company=request.company.slug)
