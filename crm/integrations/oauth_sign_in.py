"""OAuthSignIn: a sign-in at a provider (OAuth 2 with PKCE) that begins on our page and ends when the browser returns.

The session holds the verifier and a random state, so only the browser that began it can finish it. It begins with a
link: the policy of pages forbids forms that lead to other sites.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.integrations.providers.oauth import OAuthProvider, new_verifier, sign_in_url
from crm.kernel.refusal import Refused
from crm.web.requests.error_pages import not_found
from crm.web.requests.http import TenantRequest

_MOST_SECONDS = 3600
_LONGEST = 4_000


@dataclass(frozen=True)
class ReturnedSignIn:
    """A sign-in that came back: what its beginning noted, and the values that a worker exchanges for tokens."""

    details: dict[str, Any]
    code_values: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OAuthSignIn:
    """The sign-in of a kind of connection. `key`: in the session and the signature; the others are names of URLs."""

    key: str
    # The one address that the provider knows, and the page in a tenant that finishes the sign-in.
    return_url: str
    finish_url: str

    @property
    def redirect_uri(self) -> str:
        return f"{settings.SITE_URL}{reverse(self.return_url)}"

    def begin(self, request: TenantRequest, provider: OAuthProvider, details: dict[str, Any]) -> HttpResponse:
        """Send the member to the provider. `details`: for the page that finishes it, JSON values."""
        nonce = secrets.token_urlsafe(24)
        verifier = new_verifier()
        request.session[self.key] = {"state": nonce, "verifier": verifier, "details": details}
        state = signing.dumps([request.tenant.slug, nonce], salt=self.key)
        return redirect(sign_in_url(provider, state=state, verifier=verifier, redirect_uri=self.redirect_uri))

    def pass_on(self, request: HttpRequest) -> HttpResponse:
        """Pass what the provider sent on to the tenant in which the sign-in began."""
        state = self._read_state(request)
        if state is None:
            return not_found(request)
        url = reverse(self.finish_url, args=[state[0]])
        return redirect(f"{url}?{request.GET.urlencode()}")

    def finish(self, request: TenantRequest) -> ReturnedSignIn:
        """End the sign-in that this browser began. Raises Refused if it began none, or access was not allowed."""
        begun = request.session.pop(self.key, None)
        state = self._read_state(request)
        if begun is None or state is None or not self._is_same(request, begun, state):
            raise Refused(_("The sign-in took too long or was begun elsewhere. Try again."))
        code = request.GET.get("code", "")[:_LONGEST]
        if not code:
            raise Refused(_("The provider did not allow access."))
        values = {"code": code, "verifier": begun["verifier"], "redirect_uri": self.redirect_uri}
        return ReturnedSignIn(begun["details"], values)

    def _read_state(self, request: HttpRequest) -> tuple[str, str] | None:
        """Return the tenant's slug and the nonce of the state; None unless we signed it within the hour."""
        text = request.GET.get("state", "")[:_LONGEST]
        try:
            slug, nonce = signing.loads(text, salt=self.key, max_age=_MOST_SECONDS)
        except (signing.BadSignature, ValueError):
            return None
        return str(slug), str(nonce)

    def _is_same(self, request: TenantRequest, begun: dict[str, Any], state: tuple[str, str]) -> bool:
        slug, nonce = state
        return slug == request.tenant.slug and secrets.compare_digest(nonce, str(begun["state"]))
