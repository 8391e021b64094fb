"""The member's own page of connected apps: what each may do, when it was used, and how to disconnect it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from api.models import ApiApp, ApiToken
from api.oauth.features import CONNECT
from api.scopes import scope_choices
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(CONNECT)
@require_safe
def apps(request: TenantRequest) -> HttpResponse:
    """List the apps that the member connected."""
    reader = Reader.of(request.member, clock.now())
    own = ApiToken.objects.of_apps().filter(member=request.member).select_related("app")
    by_app: dict[ApiApp, list[ApiToken]] = {}
    for token in own.order_by("app__name", "pk"):
        by_app.setdefault(token.app, []).append(token)
    rows = [(app, connection_facts(tokens, reader)) for app, tokens in by_app.items()]
    return render(request, "api/oauth/connected.html", {"rows": rows})


@require(CONNECT)
@require_POST
def disconnect(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Disconnect an app. It is refused from its next request on."""
    app = get_object_or_404(ApiApp.objects.all(), uid=uid)
    for token in ApiToken.objects.of_apps().filter(member=request.member, app=app).order_by("pk"):
        token.revoke(by=request.member)
    messages.success(request, _("“%(name)s” is disconnected.") % {"name": app.name})
    return redirect("connected_apps:apps", request.tenant.slug)


def connection_facts(tokens: Iterable[ApiToken], reader: Reader) -> list[str]:
    """Describe the connections of one app: what it may do, since when, and when it was last used."""
    tokens = list(tokens)
    agreed: set[Any] = {scope for token in tokens for scope in token.scopes}
    facts = [", ".join(words for scope, words in scope_choices() if scope in agreed)]
    facts.append(_("connected %(day)s") % {"day": reader.day(min(token.created_at for token in tokens))})
    used = [token.last_used_at for token in tokens if token.last_used_at]
    if used:
        facts.append(_("last used %(when)s") % {"when": reader.moment(max(used))})
    else:
        facts.append(_("never used"))
    return facts
