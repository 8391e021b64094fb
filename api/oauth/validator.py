"""AppValidator: what oauthlib asks of us when an app asks for a code or for tokens. Runs in the app's tenant.

Allowed are the authorization code grant with PKCE (S256) and its refresh tokens. A code or refresh token that comes a
second time ends the connection it belongs to (RFC 9700, 4.14.2).
"""

from typing import Any

from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from api.models import ApiApp, ApiToken, AppCode, RefreshToken
from api.oauth.app_lookup import parse_credentials
from api.oauth.token_family import connect, rotate
from api.scopes import SCOPES
from crm.platform.models.accounts.token import secret_digest

S256 = "S256"
GRANTS = frozenset({"authorization_code", "refresh_token"})
# BASE64URL(SHA-256) without padding.
CHALLENGE_LENGTH = 43


class AppValidator(RequestValidator):
    """Finds apps, codes and tokens. `request.client` is the app."""

    # The app

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        request.client = find_live_app(client_id)
        return request.client is not None

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, _secret = _credentials(request)
        app = find_live_app(client_id)
        return app is None or app.is_confidential

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, secret = _credentials(request)
        app = find_live_app(client_id)
        if app is None or not app.has_secret(secret):
            return False
        request.client = app
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        app = find_live_app(client_id)
        if app is None or app.is_confidential:
            return False
        request.client = app
        return True

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> str | None:
        return None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(request.client.accepts_redirect(redirect_uri))

    def validate_response_type(
        self, client_id: str, response_type: str, client: ApiApp, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code"

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: ApiApp, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in GRANTS

    # Scopes

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return []

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: ApiApp, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(scopes) and set(scopes) <= SCOPES.keys()

    # The code

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True

    def save_authorization_code(self, client_id: str, code: dict[str, Any], request: Any, *args: Any) -> None:
        AppCode.objects.create(
            app=request.client,
            member=request.member,
            digest=secret_digest(code["code"]),
            redirect_uri=request.redirect_uri,
            scopes=list(dict.fromkeys(request.scopes)),
            challenge=request.code_challenge,
        )

    def validate_code(self, client_id: str, code: str, client: ApiApp, request: Any, *args: Any, **kwargs: Any) -> bool:
        codes = AppCode.objects.select_for_update(no_key=True).filter(app=client, digest=secret_digest(code))
        row: AppCode | None = codes.first()
        if row is None:
            return False
        if row.token_id is not None:
            ApiToken.objects.get(pk=row.token_id).revoke(by=None)
            return False
        if row.is_expired:
            return False
        request.app_code = row
        request.user = row.member
        request.scopes = row.scopes
        return bool(row.member.active)

    def get_code_challenge(self, code: str, request: Any) -> str:
        return str(request.app_code.challenge)

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return S256

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: ApiApp, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(redirect_uri == request.app_code.redirect_uri)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        request.app_code.token = request.connection
        request.app_code.save(update_fields=["token"])

    # Tokens

    def validate_refresh_token(
        self, refresh_token: str, client: ApiApp, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        digest = secret_digest(refresh_token)
        rows = RefreshToken.objects.select_for_update(no_key=True, of=("self",))
        row: RefreshToken | None = rows.filter(digest=digest, token__app=client).first()
        if row is None:
            return False
        if row.used_at is not None:
            row.token.revoke(by=None)
            return False
        token = row.token
        if row.is_expired or token.revoked_at is not None or not token.member.active:
            return False
        request.refresh_row = row
        request.user = token.member
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return list(request.refresh_row.token.scopes)

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        if request.grant_type == "refresh_token":
            connection = rotate(request.refresh_row, token["access_token"], token["refresh_token"])
        else:
            code = request.app_code
            connection = connect(
                request.client, code.member, code.scopes, token["access_token"], token["refresh_token"]
            )
        request.connection = connection
        # All that was agreed to, also if the app asked for less this time.
        token["scope"] = " ".join(connection.scopes)

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """End the connection of an access or refresh token of this app."""
        digest = secret_digest(token)
        own = ApiToken.objects.of_apps().filter(app=request.client)
        refreshed = RefreshToken.objects.filter(digest=digest).values("token_id")
        for connection in [*own.filter(digest=digest), *own.filter(pk__in=refreshed)]:
            connection.revoke(by=None)


def find_live_app(client_id: str | None) -> ApiApp | None:
    """Return the tenant's app of a client id; None if there is none."""
    app: ApiApp | None = ApiApp.objects.live().filter(client_id=(client_id or "").replace("\0", "")).first()
    return app


def require_s256(request: Any) -> dict[str, str]:
    """Refuse a challenge that would show the verifier itself. A check of oauthlib, before it asks for the scopes."""
    if request.code_challenge_method != S256 or len(request.code_challenge or "") != CHALLENGE_LENGTH:
        raise InvalidRequestError(description="Send a code_challenge with code_challenge_method=S256.", request=request)
    return {}


def _credentials(request: Any) -> tuple[str, str]:
    authorization = request.headers.get("Authorization", "")
    return parse_credentials(authorization, request.client_id or "", request.client_secret or "")
