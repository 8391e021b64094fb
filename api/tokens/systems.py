"""Tokens of programs, and connected apps, as rows of *Settings, Connections*: who acts, and when it was last used."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.models import ApiApp, ApiToken
from api.tokens.features import MANAGE
from crm.integrations.systems import SystemRow, SystemSource
from crm.platform.organization.configuration import directory

# A token that ends so soon is to be looked at, and one that was not used for so long.
SOON = timedelta(days=14)
UNUSED = timedelta(days=90)


def token_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the live tokens of programs. One query."""
    members = directory().members
    for token in ApiToken.objects.of_programs().live():
        mark, state = _describe(token, now)
        member = members[token.member_id]
        yield SystemRow(
            name=token.name,
            note=_("Token, acts as %(member)s (%(role)s)") % {"member": member.name, "role": member.get_role_display()},
            icon="key-round",
            way="in",
            mark=mark,
            state=state,
            url=reverse("api_tokens:tokens", args=[slug]),
            at=token.last_used_at,
        )


def _describe(token: ApiToken, now: datetime) -> tuple[str, str]:
    if token.expires_at and token.expires_at < now + SOON:
        days = max((token.expires_at - now).days, 0)
        return "soon", ngettext("ends in %(count)s day", "ends in %(count)s days", days) % {"count": days}
    unused_since = token.last_used_at or token.created_at
    if unused_since < now - UNUSED:
        days = (now - unused_since).days
        return "soon", ngettext("unused for %(count)s day", "unused for %(count)s days", days) % {"count": days}
    if token.last_used_at is None:
        return "ok", _("not used yet")
    return "ok", _("works")


def app_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the registered apps, and how many members connected them. Two queries."""
    rows = ApiToken.objects.of_apps().order_by().values("app_id")
    uses = {row["app_id"]: row for row in rows.annotate(members=Count("member", distinct=True), at=Max("last_used_at"))}
    for app in ApiApp.objects.live():
        use = uses.get(app.pk, {"members": 0, "at": None})
        words = ngettext("App, connected by %(count)s member", "App, connected by %(count)s members", use["members"])
        state = _("not connected yet")
        if use["members"]:
            state = _("works")
        yield SystemRow(
            name=app.name,
            note=words % {"count": use["members"]},
            icon="plug",
            way="both",
            mark="ok",
            state=state,
            url=reverse("api_tokens:apps", args=[slug]),
            at=use["at"],
        )


SYSTEMS = [
    SystemSource(name="api-tokens", group="automation", permission=MANAGE, icon="key-round", read=token_systems),
    SystemSource(name="api-apps", group="automation", permission=MANAGE, icon="plug", read=app_systems),
]
