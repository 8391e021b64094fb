"""The typed request of a tenant's view, and helpers for htmx requests."""

from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from crm.platform.models import Member, Tenant
from crm.platform.tenancy.membership import Membership


class TenantRequest(HttpRequest):
    """A request inside a tenant: the member, the tenant, and the user's other tenants. For type checkers."""

    htmx: HtmxDetails
    tenant: Tenant
    member: Member
    memberships: list[Membership]
    # Set by the middleware for a path this user may not enter; the view layer turns it into a 404.
    refused: bool
    # When the member acted, if that was before the request: on a device that had no network.
    acted_at: datetime


def is_fragment(request: TenantRequest) -> bool:
    """True if htmx requests a fragment; boosted links and pages restored from history are whole pages."""
    return bool(request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request)


def page_path(request: TenantRequest) -> str:
    """Return path and query of the page that sent the htmx request; blank if missing, foreign or invalid."""
    try:
        return request.htmx.current_url_abs_path or ""
    except ValueError:
        return ""


def page_query(request: TenantRequest) -> QueryDict:
    """Return the query string of the page that sent the htmx request."""
    return QueryDict(split_url(request.htmx.current_url or "").query)


def split_url(url: str) -> SplitResult:
    """Split a URL sent by a browser; empty parts if invalid."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
