"""OAuth 2 with PKCE (RFC 6749, RFC 7636): where members sign in, and the tokens that a sign-in is exchanged for."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

from crm.integrations.models.connection_state import CalendarProblem, CalendarProvider
from crm.integrations.providers.interface import CalendarError
from crm.kernel import clock
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.http.public_address import ForbiddenAddress

_LIFETIME = 3600


@dataclass(frozen=True, kw_only=True)
class OAuthProvider:
    """A provider's endpoints, with the credentials of this installation."""

    name: str
    authorize_url: str
    token_url: str
    client_id: str
    client_secret: str
    scopes: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    # Whether it knows PKCE, and takes our credentials in the Authorization header instead of the form.
    has_pkce: bool = True
    uses_basic: bool = False
    # A token is renewed so long before it runs out.
    early: timedelta = timedelta(minutes=2)


def oauth_provider(name: str) -> OAuthProvider | None:
    """Return a provider. None if the installation has no credentials for it."""
    if name == CalendarProvider.GOOGLE and settings.GOOGLE_CLIENT_ID:
        return OAuthProvider(
            name=name,
            authorize_url=settings.GOOGLE_AUTHORIZE_URL,
            token_url=settings.GOOGLE_TOKEN_URL,
            client_id=settings.GOOGLE_CLIENT_ID,
            client_secret=settings.GOOGLE_CLIENT_SECRET,
            scopes="https://www.googleapis.com/auth/calendar",
            # Without them Google gives no refresh token the second time.
            parameters={"access_type": "offline", "prompt": "consent"},
        )
    if name == CalendarProvider.MICROSOFT and settings.MICROSOFT_CLIENT_ID:
        return OAuthProvider(
            name=name,
            authorize_url=f"{settings.MICROSOFT_LOGIN_URL}/authorize",
            token_url=f"{settings.MICROSOFT_LOGIN_URL}/token",
            client_id=settings.MICROSOFT_CLIENT_ID,
            client_secret=settings.MICROSOFT_CLIENT_SECRET,
            scopes="offline_access Calendars.ReadWrite",
        )
    return None


def new_verifier() -> str:
    """Return a PKCE code verifier."""
    return secrets.token_urlsafe(48)


def sign_in_url(provider: OAuthProvider, *, state: str, verifier: str, redirect_uri: str) -> str:
    """Return the address at which a member signs in and allows access."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": provider.scopes,
        "state": state,
        **provider.parameters,
    }
    if provider.has_pkce:
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{provider.authorize_url}?{urlencode(query)}"


def _account_of(tokens: Mapping[str, Any]) -> str:
    """Return the address in the ID token of an answer, blank without one.

    Its signature is not checked: it comes from the provider itself over TLS (OpenID Connect Core, 3.1.3.7).
    """
    parts = str(tokens.get("id_token") or "").split(".")
    if len(parts) != 3:
        return ""
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    return str(claims.get("email") or claims.get("preferred_username") or "").lower()


class OAuthTokens:
    """The tokens of an account: a code that is exchanged on first use, then an access token that is renewed.

    `on_renewal` is called with the new tokens as soon as they are known.
    """

    def __init__(
        self,
        provider: OAuthProvider,
        values: Mapping[str, Any],
        session: GuardedSession,
        on_renewal: Callable[[Mapping[str, Any]], object] = lambda values: None,
    ) -> None:
        self._provider = provider
        self._session = session
        self._on_renewal = on_renewal
        self.values = dict(values)

    def access_token(self, *, is_refused: bool = False) -> str:
        """Return a valid access token. `is_refused`: renew it in any case. Raises CalendarError."""
        if "code" in self.values:
            form = {"code": self.values["code"], "redirect_uri": self.values["redirect_uri"]}
            if self._provider.has_pkce:
                form["code_verifier"] = self.values["verifier"]
            self._request_tokens(grant_type="authorization_code", **form)
        elif is_refused or self.values.get("expires_at", 0) <= (clock.now() + self._provider.early).timestamp():
            self._request_tokens(grant_type="refresh_token", refresh_token=self.values["refresh"])
        return str(self.values["access"])

    def _request_tokens(self, **form: str) -> None:
        provider = self._provider
        credentials = {"client_id": provider.client_id, "client_secret": provider.client_secret}
        basic = None
        if provider.uses_basic:
            basic = (provider.client_id, provider.client_secret)
            credentials = {}
        headers = {"Accept": "application/json"}
        try:
            answer = self._session.post(provider.token_url, data=credentials | form, auth=basic, headers=headers)
        except (requests.RequestException, ForbiddenAddress) as error:
            raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True) from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True)
        if answer.status_code != 200:
            # The access was revoked, or the code was used before.
            raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False)
        try:
            tokens = answer.json()
            refresh = tokens.get("refresh_token") or self.values["refresh"]
            expires_at = clock.now().timestamp() + int(tokens.get("expires_in") or _LIFETIME)
            account = _account_of(tokens) or self.values.get("account", "")
            self.values = {"access": tokens["access_token"], "refresh": refresh, "expires_at": expires_at}
            if account:
                self.values["account"] = account
        except KeyError as error:
            raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False) from error
        except (ValueError, TypeError, AttributeError) as error:
            # No JSON object: a page of something in between.
            raise CalendarError(CalendarProblem.ANSWER, is_passing=True) from error
        self._on_renewal(self.values)
