"""Access tokens of a channel whose provider signs members in by OAuth 2: renewed when needed, stored encrypted."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from comms.channels.interface import Permanent, Transient
from comms.channels.mail_access.token_providers import mail_provider
from comms.models import Channel
from comms.stored_words import stored_gettext as _
from crm.integrations.providers.interface import CalendarError
from crm.integrations.providers.oauth import OAuthTokens
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.tenancy.context import use_tenant

_TOKENS = "tokens"


class SignInExpired(Permanent):
    """The provider no longer gives tokens: the member has to sign in again."""


def uses_tokens(channel: Channel) -> bool:
    """True if the channel is opened by a token instead of a password."""
    return bool(channel.settings.get("sign_in"))


def token_secrets(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets of a channel with these tokens, or with the code of a sign-in."""
    return {_TOKENS: json.dumps(dict(values), sort_keys=True)}


def token_values(channel: Channel) -> dict[str, Any]:
    """Return the tokens of a channel; {} if it has none."""
    values: dict[str, Any] = json.loads(channel.secrets.get(_TOKENS, "{}"))
    return values


def access_token(channel: Channel, *, is_refused: bool = False) -> str:
    """Return a valid access token. `is_refused`: renew it in any case. Makes a network call when it is renewed.

    Raises SignInExpired when the provider gives none any more, Transient when it does not answer.
    """
    provider = mail_provider(channel.settings["sign_in"])
    values = token_values(channel)
    if provider is None:
        raise Permanent(_("The installation no longer has an app at the provider of this mailbox."))
    if not values:
        raise SignInExpired(_("Sign in again: the provider no longer accepts the sign-in."))
    tokens = OAuthTokens(provider, values, GuardedSession(), on_renewal=partial(_store_tokens, channel))
    try:
        return tokens.access_token(is_refused=is_refused)
    except CalendarError as error:
        if error.is_passing:
            raise Transient(_("The provider does not answer the sign-in. We keep trying.")) from error
        raise SignInExpired(_("Sign in again: the provider no longer accepts the sign-in.")) from error


def _store_tokens(channel: Channel, values: Mapping[str, Any]) -> None:
    """Store renewed tokens, unless the channel got another sign-in meanwhile."""
    before = channel.sealed_secrets
    channel.seal(token_secrets(values))
    if channel.pk is None:
        return
    with use_tenant(channel.tenant_id):
        Channel.objects.filter(pk=channel.pk, sealed_secrets=before).update(sealed_secrets=channel.sealed_secrets)
