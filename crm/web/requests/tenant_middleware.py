"""The tenant middleware: opens the tenant of the URL for each request, in one transaction.

URLs start with the tenant, `/<slug>/…`. Unknown and forbidden look the same (404); nobody signed in is sent to
sign in for known and unknown tenants alike.
"""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from crm.kernel import clock
from crm.platform.accounts.second_factor import has_second_factor
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import current_tenant_id, use_tenant
from crm.platform.tenancy.membership import Membership, memberships_of
from crm.web.requests.http import TenantRequest, page_path, split_url

GetResponse = Callable[[HttpRequest], HttpResponse]


def _redirect_to_second_factor(request: TenantRequest) -> HttpResponse:
    """Redirect a member without a second factor to its setup, as the tenant requires one."""
    url = f"{reverse('second_factor_required')}?in={request.tenant.slug}"
    if request.htmx:
        return cast("HttpResponse", HttpResponseClientRedirect(url))
    return redirect(url)


def _redirect_to_sign_in(request: TenantRequest) -> HttpResponse:
    """Redirect to the sign-in page and back. A fragment request redirects the whole page, as htmx would swap it in.

    It is a 401 besides, by which failure.js knows it, and keeps the page where something may have been typed.
    """
    if not request.htmx:
        return redirect_to_login(_return_page(request))
    return_path = page_path(request) or request.get_full_path()
    answer = cast("HttpResponse", HttpResponseClientRedirect(redirect_to_login(return_path).url))
    answer.status_code = 401
    return answer


def _return_page(request: TenantRequest) -> str:
    """Return the page to return to: the page itself, or the one a form was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sender = split_url(request.headers.get("Referer", ""))
    if sender.netloc != request.get_host():
        return reverse("home")
    return urlunsplit(("", "", sender.path or "/", sender.query, ""))


class TenantMiddleware:
    """Opens the tenant named by the URL's `tenant` for its members; other URLs run without one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast("TenantRequest", request)
        try:
            slug = resolve(request.path_info).kwargs.get("tenant")
        except Resolver404:
            slug = None
        if slug is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _redirect_to_sign_in(request)
        request.memberships = memberships_of(request.user.pk)
        place = next((m for m in request.memberships if m.slug == slug and not m.suspended), None)
        if place is None:
            request.refused = True
            return self.get_response(request)
        return self._run_in_tenant(request, place)

    def _run_in_tenant(self, request: TenantRequest, place: Membership) -> HttpResponse:
        with use_tenant(place.tenant_id, config_version=place.config_version):
            organization = directory()
            request.tenant = organization.tenant
            request.member = organization.members[place.member_id]
            if getattr(request, "renewed", False):
                Member.objects.note_seen(place.member_id, clock.now())
            if organization.tenant.requires_second_factor and not has_second_factor(request.user.pk):
                return _redirect_to_second_factor(request)
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        # Raised here rather than above, so that the 404 page is rendered with all of Django's machinery around it.
        if getattr(request, "refused", False):
            raise Http404
        kwargs.pop("tenant", None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # By now Django turns the exception into a response, and the transaction would commit what was half done.
        if current_tenant_id() is not None and connection.in_atomic_block:
            transaction.set_rollback(True)
