"""Decorators of portal views: they set company, brand, language and viewer; all refusals look the same.

`portal_page(level=…)` is for pages of somebody's own. `public_page` is for those before we know anybody: the way in.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from crm.people.models import Person
from crm.platform.models import Brand, Tenant
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from portal.access import cookies, sessions, visits
from portal.access.entrance import viewer_of
from portal.access.hosts import brand_of, place_of
from portal.access.viewer import Level, PortalViewer


class PortalMessages(CookieStorage):
    """Django's cookie message storage, with the portal's own cookie name."""

    cookie_name = cookies.MESSAGES


logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


class PortalRequest(HttpRequest):
    """Request of a portal view, for type checkers: company, brand and, on personal pages, the viewer."""

    htmx: HtmxDetails
    company: Tenant
    brand: Brand
    viewer: PortalViewer
    _messages: PortalMessages


def portal_page(*, level: Level = Level.SESSION) -> Callable[[View], View]:
    """Decorator of a personal page: requires an assurance `level`; others are asked for a code.

    The view gets `request.viewer`, inside the tenant and in their language. Http404 and PermissionDenied of the view
    are the one refusal of the portal. What a colleague sends who looks as a customer is refused in a sentence.
    """

    def decorate(view: View) -> View:
        def render_page(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = viewer_of(request, request.company.pk)
            if viewer is None or viewer.level < level:
                return to_sign_in(request)
            request.viewer = viewer
            request.brand = viewer.brand
            with translation.override(language_of(request, viewer.brand, viewer.person)):
                if viewer.is_preview and request.method not in ("GET", "HEAD"):
                    return only_looking(request)
                response = view(request, *args, **kwargs)
            return _finish_response(request, response)

        guarded = _of_company(view, render_page)
        guarded.portal_level = level  # type: ignore[attr-defined]
        return guarded

    return decorate


def public_page(view: View) -> View:
    """Decorator of a sign-in page: the view gets company and brand, inside the tenant, without a viewer."""

    def render_page(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request, request.brand)):
            return view(request, *args, **kwargs)

    guarded = _of_company(view, render_page)
    guarded.portal_level = None  # type: ignore[attr-defined]
    return guarded


def _of_company(view: View, shown: View) -> View:
    @never_cache
    @wraps(view)
    def inside(request: HttpRequest, company: str, **kwargs: Any) -> HttpResponse:
        request = cast("PortalRequest", request)
        tenant = Tenant.objects.filter(slug=company, suspended_at=None).first()
        own = place_of(request.get_host())
        if tenant is None or (own and own.company != company):
            raise Http404
        request.company, request._messages = tenant, PortalMessages(request)
        with ExitStack() as language:
            try:
                with use_tenant(tenant.pk, config_version=tenant.config_version):
                    request.brand = brand_of(request.get_host()) or directory().default_brand
                    response = shown(request, **kwargs)
            except (Http404, PermissionDenied) as why:
                # Outside the transaction, which took back what was half done.
                language.enter_context(translation.override(language_of(request, request.brand)))
                response = refuse_page(request, str(why) or "not theirs")
        if not _is_behind_a_code(request):
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inside


def _is_behind_a_code(request: PortalRequest) -> bool:
    """True if the page was shown to a signed-in device: crawlers can't reach it, so it needs no robots header.

    What opens without one does: the way in, refusals, and all that a link opens, which anybody may put on the web.
    """
    viewer = getattr(request, "viewer", None)
    return viewer is not None and viewer.may_act


def refuse_page(request: PortalRequest, why: str) -> HttpResponse:
    """Respond with the same page for missing, forbidden, expired and forged; only the log has the reason."""
    log_refusal(request, why)
    # The same page for who is known and who is not.
    vars(request).pop("viewer", None)
    return render(request, "portal/refused.html", status=404)


def log_refusal(request: PortalRequest, why: str) -> None:
    """Log a refusal: the page, the reason, and the viewer's id if known."""
    viewer = getattr(request, "viewer", None)
    route = ""
    if request.resolver_match:
        route = request.resolver_match.view_name
    fields = {"route": route, "why": why, "tenant": request.company.pk, "person": viewer.person.pk if viewer else None}
    logger.warning("portal refused", extra={key: value for key, value in fields.items() if value is not None})


def language_of(request: HttpRequest, brand: Brand, person: Person | None = None) -> str:
    """Return the language of a page: the one chosen on it, else the person's, the brand's, or the browser's."""
    languages = dict(settings.LANGUAGES)
    wanted = (cookies.read_cookie(request, cookies.LANGUAGE), person.language if person else "", brand.language)
    return next((one for one in wanted if one in languages), "") or translation.get_language_from_request(request)


def to_sign_in(request: PortalRequest, page: str = "") -> HttpResponse:
    """Redirect to sign-in, then to `page` or back; after a form, to the first page: its data is not kept."""
    sign_in = reverse("portal:sign_in", kwargs={"company": request.company.slug})
    if request.method in ("GET", "HEAD") and not request.htmx:
        sign_in += f"?{urlencode({'next': page or request.path})}"
    if request.htmx:
        return cast("HttpResponse", HttpResponseClientRedirect(sign_in))
    return redirect(sign_in)


def only_looking(request: PortalRequest) -> HttpResponse:
    """Refuse actions of a member who is previewing the portal as a customer."""
    words = _("You are viewing as %(name)s: nothing is sent or changed.") % {"name": request.viewer.person.name}
    return render(request, "portal/only_looking.html", {"words": words}, status=403)


def _finish_response(request: PortalRequest, response: HttpResponse) -> HttpResponse:
    """Record the device's visit and rotate its secret daily. Visits by link are recorded by `seen`."""
    device = request.viewer.device
    if device and response.status_code < 400:
        sessions.note_visit(device.access, device)
        if request.method == "GET" and not request.htmx and response.status_code == 200 and request.resolver_match:
            visits.note_page(
                device.access, request.resolver_match.view_name, request.resolver_match.kwargs.get("number", 0)
            )
        if request.method == "GET" and not request.htmx:
            sessions.rotate_secret(device, response, company=request.company.slug)
    return response
