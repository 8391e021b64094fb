"""The way in and the way out."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.access import cookies, sessions
from portal.access.pages import PortalRequest, public_page


@require_safe
@public_page
def sign_in(request: PortalRequest) -> HttpResponse:
    """Say how to come in."""
    return render(request, "portal/sign_in.html")


@require_POST
@public_page
def sign_out(request: PortalRequest) -> HttpResponse:
    """Forget this device."""
    device = sessions.find(request)
    if device:
        device.delete()
    slug = request.company.slug
    response = redirect("portal:sign_in", company=slug)
    for name in (cookies.SESSION, cookies.LINK, cookies.BROWSER, cookies.PREVIEW):
        cookies.drop(response, name, company=slug)
    return response
