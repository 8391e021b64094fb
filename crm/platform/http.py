"""The request as a tenant's view gets it, and whether it asks for a page or a part of one."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.platform.membership import Membership
from crm.platform.models import Member, Tenant


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
