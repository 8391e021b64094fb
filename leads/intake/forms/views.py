"""The page of a form as a visitor sees it, and the script that embeds it. No cookie, no third party.

What proves that a form is ours is its signed token; a cookie would not be sent from within another website.
"""

from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from crm.kernel import formats
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.throttle import count_call
from leads.intake import arrival
from leads.intake.address import place_named, url_of
from leads.intake.forms import token as tokens
from leads.intake.forms.entry import EMBEDDED, FormEntry
from leads.intake.posts.request import Broken, TooLarge, address_of, body_of, kept_headers
from leads.models import IntakeDoor
from leads.models.intake_door import doors

THANKS = "thanks"


@csrf_exempt
@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know no view with arguments
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, place: str) -> HttpResponse:
    """Show the form of a brand; POST stores the entry and shows a thank-you."""
    named = place_named(place)
    if named is None:
        return _render_gone(request)
    with use_tenant(named.tenant_id):
        door = doors().get(named.door_id)
        if door is None or door.archived_at or door.kind != IntakeDoor.DoorKind.FORM:
            return _render_gone(request)
        brand = directory().brands[door.brand_id]
        if brand.archived_at:
            return _render_gone(request)
        with translation.override(_brand_language(brand)):
            if request.method == "POST":
                return _submit_form(request, door, brand)
            if THANKS in request.GET:
                return _render_page(request, door, brand, FormEntry(), thanks=True)
            return _render_page(request, door, brand, _prefilled_entry(request))


def _prefilled_entry(request: HttpRequest) -> FormEntry:
    """Return an empty form with the visitor's origin from the query string and the referrer."""
    entry = FormEntry.of(request.GET)
    entry.brought.setdefault("landing_page", request.build_absolute_uri()[:500])
    if before := request.headers.get("Referer", "")[:500]:
        entry.brought.setdefault("referrer", before)
    return entry


def _submit_form(request: HttpRequest, door: IntakeDoor, brand: Brand) -> HttpResponse:
    """Validate and store an entry; errors are shown beside their fields and the input is kept."""
    if count_call(f"{door.tenant_id}:{address_of(request)}", "intake-form", 60) > settings.INTAKE_FORM_RATE:
        return _render_page(
            request,
            door,
            brand,
            FormEntry(errors={"": _("You’ve sent this several times. Please wait a minute.")}),
            status=429,
        )
    try:
        body = body_of(request)
    except (TooLarge, Broken):
        return _render_page(
            request, door, brand, FormEntry(errors={"": _("This is too much for one form.")}), status=413
        )
    entry = FormEntry.of(QueryDict(body))
    entry.check(brand.country)
    token = tokens.read(door, entry.token)
    if token is None or token.is_expired:
        entry.errors[""] = _("The page was open for too long. Nothing is lost: press Send once more.")
    elif token.is_too_quick and not entry.is_trapped:
        entry.errors[""] = _("That was very quick. Press Send once more.")
    if token is None or (entry.errors and not entry.is_trapped):
        return _render_page(request, door, brand, entry, status=422)
    _store_submission(request, door, body, token.key, is_spam=entry.is_trapped)
    back = {THANKS: "1"} | ({EMBEDDED: "1"} if EMBEDDED in request.GET else {})
    return redirect(f"{request.path}?{urlencode(back)}")


def _store_submission(request: HttpRequest, door: IntakeDoor, body: bytes, key: str, *, is_spam: bool) -> None:
    stored = arrival.keep(
        door, body, content_type="application/x-www-form-urlencoded", key=key, headers=kept_headers(request)
    )
    if stored.is_new and is_spam:
        stored.submission.ignore(_("A program filled in the hidden field."), by=None)
    elif stored.is_new:
        arrival.read_soon(stored.submission)


def _render_page(
    request: HttpRequest, door: IntakeDoor, brand: Brand, entry: FormEntry, *, status: int = 200, thanks: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "brand": brand,
        "hue": round((brand.hue - 3) / 15) % 24 * 15 + 3,
        "door": door,
        "entry": entry,
        "thanks": thanks,
        "token": tokens.issue(door),
        "version": door.version,
        "phone": formats.phone(brand.phone, brand.country) if brand.phone else "",
        "embedded": EMBEDDED in request.GET,
    }
    return render(request, "leads/intake/form.html", context, status=status)


def _render_gone(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        why = _("This form is no longer available. Please call us, or write to us.")
        return render(request, "comms/gate/link_over.html", {"why": why}, status=404)


def _brand_language(brand: Brand) -> str:
    if brand.language in dict(settings.LANGUAGES):
        return brand.language
    return "en"


@require_GET
@cache_control(public=True, max_age=3600)
def script(request: HttpRequest, place: str) -> HttpResponse:
    """Return the script that embeds a form in a website."""
    named = place_named(place)
    if named is None:
        return HttpResponse("// There is nothing at this address.", status=404, content_type="text/javascript")
    with use_tenant(named.tenant_id):
        door = doors().get(named.door_id)
        if door is None or door.archived_at or door.kind != IntakeDoor.DoorKind.FORM:
            return HttpResponse("// There is nothing at this address.", status=404, content_type="text/javascript")
        brand = directory().brands[door.brand_id]
        with translation.override(_brand_language(brand)):
            context = {"url": url_of(door), "title": _("Write to %(brand)s") % {"brand": brand.name}}
            return render(request, "leads/intake/embed.js", context, content_type="text/javascript; charset=utf-8")
