"""Addresses that have moved: a permanent redirect to where the page is now, with its query."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import View, require


def redirect_view(name: str, permission: str) -> View:
    """Return the view of an old address of the page `name`, for who may open that page."""

    @require(permission)
    def redirect_for_good(request: TenantRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(reverse(name, args=[request.tenant.slug]) + (f"?{query}" if query else ""))

    return redirect_for_good
