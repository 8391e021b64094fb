"""The request as a tenant's view gets it, and whether it asks for a page or a part of one."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from crm.platform.models import Member, Tenant
from crm.platform.tenancy.membership import Membership


class TenantRequest(HttpRequest):
    """A request inside a tenant: who asks, where, and the other places this user may go. For type checkers."""

    htmx: HtmxDetails
    tenant: Tenant
    member: Member
    memberships: list[Membership]
    # Set by the middleware for a path this user may not enter; the view layer turns it into a 404.
    refused: bool


def is_fragment(request: TenantRequest) -> bool:
    """Whether htmx asks for a part of the page; a boosted link and a page restored from history are whole pages."""
    return bool(request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request)


def page_path(request: TenantRequest) -> str:
    """Path and query of the page htmx asks from; blank where it says none, none of ours, or nonsense."""
    try:
        return request.htmx.current_url_abs_path or ""
    except ValueError:
        return ""


def page_query(request: TenantRequest) -> QueryDict:
    """The query of the page htmx asks from."""
    return QueryDict(split(request.htmx.current_url or "").query)


def split(url: str) -> SplitResult:
    """The parts of an address that a browser sends along; none where it makes no sense."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
