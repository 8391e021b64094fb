"""The addresses that apps call: tokens for a code or a refresh token, and their revocation. No page, no session."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauthlib.oauth2 import OAuth2Error

from api.oauth.app_lookup import find_app, read_credentials
from api.oauth.server import oauth_server
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.throttle import limit

# Of an address, a minute. Guessing a secret of 256 bits would take longer.
RATE = "300/m"
FORM = "application/x-www-form-urlencoded"


@csrf_exempt
@require_POST
@limit("oauth", RATE)
def token(request: HttpRequest) -> HttpResponse:
    """Answer a code, or a refresh token, with an access token and the next refresh token (RFC 6749, 4.1.3 and 6)."""
    return _answer_app(request, oauth_server().create_token_response)


@csrf_exempt
@require_POST
@limit("oauth", RATE)
def revoke(request: HttpRequest) -> HttpResponse:
    """End the connection of a token (RFC 7009). An unknown token is answered the same."""
    return _answer_app(request, oauth_server().create_revocation_response)


def _answer_app(request: HttpRequest, call: Callable[..., Any]) -> HttpResponse:
    """Call oauthlib in the tenant of the app. What a refused request revoked stays revoked."""
    client_id, _secret = read_credentials(request)
    place = find_app(client_id)
    if place is None:
        return _add_headers(JsonResponse({"error": "invalid_client"}, status=401), {})
    headers = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": FORM}
    with use_tenant(place.tenant_id, config_version=place.config_version):
        try:
            own_headers, body, status = call(
                request.build_absolute_uri(), http_method="POST", body=request.POST.urlencode(), headers=headers
            )
        except OAuth2Error as error:
            own_headers, body, status = error.headers, error.json, error.status_code
    response = HttpResponse(body or "", status=status, content_type="application/json")
    return _add_headers(response, own_headers)


def _add_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Basic realm="oauth"'
    response["Cache-Control"] = "no-store"
    return response
