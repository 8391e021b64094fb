"""Permanent redirects from moved URLs to the current page, keeping the query string."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import View, require


def redirect_view(name: str, permission: str) -> View:
    """Return the view of an old URL of the page `name`, for members who may open that page."""

    @require(permission)
    def redirect_for_good(request: TenantRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(reverse(name, args=[request.tenant.slug]) + (f"?{query}" if query else ""))

    return redirect_for_good
