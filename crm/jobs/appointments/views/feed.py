"""Calendar feeds: the page to create and revoke them, and the feeds themselves, which need no login."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.jobs.appointments.feed import feed as feeds
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.models.accounts.token import Token
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.error_pages import not_found
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit

VIEW = "appointments.view"
SHARE = "appointments.team_feed"
# Longer ones are nobody's.
LONGEST = 100


@require(VIEW)
def own_feed(request: TenantRequest) -> HttpResponse:
    """Show whether the member and their teams have feeds; a POST creates a new address, or revokes it.

    An address is shown only once.
    """
    url = sentence = ""
    teams = _shareable_teams(request.member)
    team = next((team for team in teams if str(team.uid) == request.POST.get("team")), None)
    if request.method == "POST":
        if request.POST.get("team") and team is None:
            return not_found(request)
        if "revoke" in request.POST:
            _revoke_feed(request.member, team)
            sentence = _("The link no longer works.")
        else:
            url = _make_feed(request.member, team)
    with_feed = feeds.teams_with_feed() if teams else set()
    context = {
        "url": url,
        "told": sentence,
        "is_on": feeds.is_on(request.member),
        "teams": [(row, row.pk in with_feed) for row in teams],
        "url_of_team": team,
    }
    response = render(request, "jobs/appointments/feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _shareable_teams(member: Member) -> list[Team]:
    """Return the teams whose feeds a member may create."""
    if not allows(member, SHARE):
        return []
    return [team for team in directory().teams.values() if team.archived_at is None]


def _make_feed(member: Member, team: Team | None) -> str:
    if team:
        return feeds.make_team_feed(team, by=member)
    return feeds.make(member)


def _revoke_feed(member: Member, team: Team | None) -> None:
    if team:
        feeds.revoke_team_feed(team, by=member)
    else:
        feeds.revoke(member)


def _feed_content(token: Token) -> bytes | None:
    tenant = directory().tenant
    if tenant.suspended_at is not None:
        return None
    if token.purpose == feeds.TEAM_PURPOSE:
        team = directory().teams.get(token.subject_id)
        if team is None or team.archived_at is not None:
            return None
        with translation.override(tenant.language):
            return feeds.render_team(team)
    member = Member.objects.active().filter(pk=token.subject_id).first()
    if member is None or not allows(member, VIEW):
        return None
    with translation.override(member.language or tenant.language):
        return feeds.render(member)


def _find_token(secret: str) -> Token | None:
    """Return the token of a feed that has not expired."""
    if len(secret) >= LONGEST:
        return None
    token = Token.find(feeds.PURPOSE, secret) or Token.find(feeds.TEAM_PURPOSE, secret)
    if token and token.expires_at > clock.now():
        return token
    return None


@require_safe
@limit("calendar_feed", "60/m")
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the calendar of the token's member or team; 304 if it is unchanged, 404 if they left or lost access."""
    token = _find_token(secret)
    content = None
    if token:
        with use_tenant(token.tenant_id):
            content = _feed_content(token)
    if content is None:
        return not_found(request)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
