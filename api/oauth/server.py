"""The OAuth 2 server: oauthlib's, with our storage and our tokens."""

from functools import cache
from typing import Any

from oauthlib.oauth2 import WebApplicationServer

from api.models.api_token import new_secret
from api.oauth.token_family import ACCESS_LIFETIME
from api.oauth.validator import AppValidator, require_s256


@cache
def oauth_server() -> WebApplicationServer:
    """Return the server. It keeps nothing between requests."""
    server = WebApplicationServer(
        AppValidator(), token_generator=_new_token, token_expires_in=int(ACCESS_LIFETIME.total_seconds())
    )
    server.auth_grant.custom_validators.pre_auth.append(require_s256)
    return server


def _new_token(request: Any, refresh_token: bool = False) -> str:
    return new_secret()
