"""The view that issues a fresh ticket for live updates to a member of the tenant."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from crm.platform.events.hint_channel import issue_ticket
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@never_cache
@require("live.listen")
def ticket(request: TenantRequest) -> HttpResponse:
    """Return a ticket for this member, good for some minutes."""
    return JsonResponse({"ticket": issue_ticket(request.tenant.pk, request.member.pk)})
