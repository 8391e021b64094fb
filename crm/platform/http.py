"""The request as a tenant's view gets it."""

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
