"""Settings: the tokens of the API, who they act as, what they may do, and when they were last used."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.models import ApiToken
from api.scopes import EVERYTHING, scope_choices
from api.secret_message import secret_message
from api.tokens.features import MANAGE
from api.tokens.rate_limit import calls_of_token
from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import checkbox_field, require_valid, select_field, set_choices, text_field
from crm.web.settings.named_rows import NamedRows
from crm.web.settings.page import Context, settings_page

# Days until a token expires; 0: never.
LIFETIMES = (30, 90, 365, 0)
# Revoked and expired tokens that are shown, the newest.
MOST_ENDED = 20


class TokenForm(forms.Form):
    """A new token. Without a scope it may do all that its member may do."""

    name = text_field(gettext_lazy("Name"), 60, hint=gettext_lazy("The program or person that uses it."))
    member = select_field(
        gettext_lazy("Acts as"), hint=gettext_lazy("It may do what this member’s role allows, at any time.")
    )
    days = select_field(gettext_lazy("Expires"))
    scopes = checkbox_field(gettext_lazy("Only"), gettext_lazy("Choose none for everything the member may do."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        members = [(str(row.uid), row.name) for row in directory().members.values() if row.active]
        set_choices(self, "member", members)
        never = [("0", _("never"))]
        lifetimes = [(str(days), _("in %(days)s days") % {"days": days}) for days in LIFETIMES if days]
        set_choices(self, "days", lifetimes + never)
        set_choices(self, "scopes", scope_choices())


ROWS = NamedRows(
    address="api_tokens:%s",
    none=gettext_lazy("No token yet."),
    new=gettext_lazy("New token"),
    add=gettext_lazy("Create token"),
    row="api/_token.html",
    below="api/_tokens_below.html",
    script="copy",
)


def version() -> str:
    """Hash what the page's forms show."""
    return version_of(list(ApiToken.objects.values_list("pk", "revoked_at")))


@settings_page("api_tokens:tokens", MANAGE, ROWS, version=version)
def tokens(request: TenantRequest) -> Context:
    """Show the live tokens, a form for another one, and those that ended."""
    reader = Reader.of(request.member, clock.now())
    tokens_of_programs = ApiToken.objects.of_programs()
    live = list(tokens_of_programs.live())
    ended = tokens_of_programs.exclude(pk__in=[row.pk for row in live]).order_by("-pk")[:MOST_ENDED]
    posted = None
    if request.path.endswith("/add/"):
        posted = request.POST
    return {
        "live": [(row, _token_facts(row, reader)) for row in live],
        "archived": [],
        "ended": [(row, _token_facts(row, reader)) for row in ended],
        "new": TokenForm(posted, initial={"member": str(request.member.uid), "days": "90"}),
    }


def _token_facts(token: ApiToken, reader: Reader) -> list[str]:
    """Describe a token: its first characters, its member, what it may do, and when it was used."""
    facts = [f"{token.hint}…", directory().members[token.member_id].name, _scope_words(token)]
    if token.revoked_at:
        return [*facts, _("revoked %(day)s") % {"day": reader.day(token.revoked_at)}]
    if token.expires_at and token.is_expired:
        return [*facts, _("expired %(day)s") % {"day": reader.day(token.expires_at)}]
    if token.expires_at:
        facts.append(_("expires %(day)s") % {"day": reader.day(token.expires_at)})
    if token.last_used_at:
        facts.append(_calls_words(token, reader))
        return [*facts, _("last used %(when)s") % {"when": reader.moment(token.last_used_at)}]
    return [*facts, _("never used")]


def _calls_words(token: ApiToken, reader: Reader) -> str:
    """Compare the token's calls of this minute with its limit, as the rate limit counts them."""
    numbers = {
        "count": formats.quantity(1000 * calls_of_token(token.pk), reader.country),
        "most": formats.quantity(1000 * settings.API_RATE, reader.country),
    }
    return _("%(count)s of %(most)s calls this minute") % numbers


def _scope_words(token: ApiToken) -> str:
    if EVERYTHING in token.scopes:
        return _("everything the member may do")
    labels = dict(scope_choices())
    return ", ".join(labels[scope] for scope in token.scopes if scope in labels)


@tokens.action(reauthenticates=True)
def add_token(request: TenantRequest) -> str:
    """Create a token, which is shown once."""
    values = require_valid(TokenForm(request.POST)).cleaned_data
    member = next(row for row in directory().members.values() if str(row.uid) == values["member"])
    expires_at = None
    if days := int(values["days"]):
        expires_at = clock.now() + timedelta(days=days)
    scopes = values["scopes"] or [EVERYTHING]
    _token, secret = ApiToken.create(values["name"], member, scopes, by=request.member, expires_at=expires_at)
    return secret_message(_("Copy the token now. It is not shown again."), secret)


def _find_token(pk: int) -> ApiToken:
    return get_object_or_404(ApiToken.objects.of_programs(), pk=pk)


@tokens.action(_find_token)
def revoke_token(request: TenantRequest, token: ApiToken) -> str:
    """Revoke a token."""
    token.revoke(by=request.member)
    return _("“%(name)s” is revoked.") % {"name": token.name}
