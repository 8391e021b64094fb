"""A member's calendar feed: the page to create and revoke it, and the feed itself, which needs no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.jobs.appointments.feed import feed as feeds
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.models.accounts.token import Token
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.error_pages import not_found
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit

VIEW = "appointments.view"
# Longer ones are nobody's.
LONGEST = 100


@require(VIEW)
def own_feed(request: TenantRequest) -> HttpResponse:
    """Show whether the member has a feed; a POST creates a new address, shown only once, or revokes it."""
    url = sentence = ""
    if request.method == "POST" and "revoke" in request.POST:
        feeds.revoke(request.member)
        sentence = _("The link no longer works.")
    elif request.method == "POST":
        url = feeds.make(request.member)
    context = {"url": url, "told": sentence, "is_on": feeds.is_on(request.member)}
    response = render(request, "jobs/appointments/feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _feed_content(member_id: int) -> bytes | None:
    member = Member.objects.active().filter(pk=member_id).first()
    tenant = directory().tenant
    if member is None or tenant.suspended_at is not None or not allows(member, VIEW):
        return None
    with translation.override(member.language or tenant.language):
        return feeds.render(member)


@never_cache
@require_safe
@limit("calendar_feed", "60/m")
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the calendar of the token's member; 404 if the member left or lost access."""
    token = None
    if len(secret) < LONGEST:
        token = Token.find(feeds.PURPOSE, secret)
    if token is None or token.expires_at <= clock.now():
        return not_found(request)
    with use_tenant(token.tenant_id):
        content = _feed_content(token.subject_id)
    if content is None:
        return not_found(request)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
