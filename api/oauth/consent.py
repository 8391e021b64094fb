"""The page on which a member lets an app act as them: what it is called, who has it registered, and what it may do."""

from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from oauthlib.oauth2 import AccessDeniedError, FatalClientError, InvalidClientIdError, MissingClientIdError, OAuth2Error

from api.oauth.features import CONNECT
from api.oauth.server import oauth_server
from api.scopes import scope_choices
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# What an app sends, and the form sends back.
PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


@require(CONNECT)
def authorize(request: TenantRequest) -> HttpResponse:
    """Ask the member; a POST answers the app with a code, or that they said no.

    An app or address that is not registered gets no answer. A page says so to the member.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    sent = request.GET
    if request.method == "POST":
        sent = request.POST
    query = sent.copy()
    for name in set(query) - set(PARAMETERS):
        del query[name]
    uri = f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
    try:
        scopes, parameters = oauth_server().validate_authorization_request(uri)
    except (InvalidClientIdError, MissingClientIdError):
        raise Http404 from None
    except FatalClientError:
        words = _("The app sent an address that is not registered for it. Nothing was connected. Ask whoever runs it.")
        return render(request, "api/oauth/refused.html", {"words": words}, status=400)
    except OAuth2Error as error:
        return _redirect(error.in_uri(error.redirect_uri))
    if request.method != "POST":
        return _render_question(request, parameters, scopes, query)
    if "allow" not in request.POST:
        denied = AccessDeniedError(request=parameters["request"])
        return _redirect(denied.in_uri(parameters["redirect_uri"]))
    headers, _body, _status = oauth_server().create_authorization_response(
        uri, scopes=scopes, credentials={"member": request.member}
    )
    return _redirect(headers["Location"])


def _render_question(request: TenantRequest, parameters: dict[str, Any], scopes: list[str], query: Any) -> HttpResponse:
    labels = dict(scope_choices())
    redirect = urlsplit(parameters["redirect_uri"])
    context = {
        "app": parameters["request"].client,
        "scopes": [labels[scope] for scope in labels if scope in scopes],
        "target": redirect.netloc or redirect.scheme,
        "fields": [(name, query[name]) for name in PARAMETERS if name in query],
    }
    response = render(request, "api/oauth/authorize.html", context)
    # Browsers also hold the redirection after a form against this policy.
    source = f"{redirect.scheme}:"
    # A policy can't name an IPv6 address.
    if redirect.netloc and "[" not in redirect.netloc:
        source = f"{redirect.scheme}://{redirect.netloc}"
    response._csp_update = {"form-action": [source]}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


def _redirect(uri: str) -> HttpResponse:
    """Redirect to a registered address, which may have the scheme of an app."""
    response = HttpResponse(status=302)
    response["Location"] = uri
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
