"""Public pages for customers, without an account: unsubscribe and preferences.

A GET never changes anything: scanners and mail programs open every link
(docs/rules.md#sending-law). A POST needs no login and no
cookie, as a mail program sends it by itself.
"""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comms.addresses import masked_address
from comms.gate.preferences import links, preferences
from comms.gate.preferences.links import BrokenPreferenceLink, ExpiredPreferenceLink, PreferenceLink
from comms.gate.preferences.preferences import LIMITS, ConsentEvidence
from comms.models import Consent, Medium, Purpose
from crm.kernel.zone_names import zone_name
from crm.kernel.zones import country_of_phone, zones_of_place
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant

View = Callable[[HttpRequest, PreferenceLink], HttpResponse]


def by_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorator: a page behind a signed link, in its tenant and the reader's language."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def open_link(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = links.read(token)
        except ExpiredPreferenceLink:
            return _link_over_page(request, _("This link is too old. Use the one in a newer message."))
        except BrokenPreferenceLink:
            return _link_over_page(
                request, _("This link is not complete. Open it from the message again, or copy all of it.")
            )
        with use_tenant(link.tenant_id):
            if not Brand.objects.filter(pk=link.brand_id).exists():
                return _link_over_page(request, _("This link is too old. Use the one in a newer message."))
            with translation.override(_page_language(request, link)):
                response = view(request, link)
        # The address is the key: it is not to be passed on to wherever a link leads.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return open_link


@by_link
def unsubscribe(request: HttpRequest, link: PreferenceLink) -> HttpResponse:
    """Show the unsubscribe form; a POST unsubscribes, also by one click of a mail program, or undoes it (`undo`)."""
    undone = request.method == "POST" and "undo" in request.POST
    if undone:
        preferences.resubscribe(link, _build_evidence(request, Consent.Source.PREFERENCES))
    elif request.method == "POST":
        preferences.unsubscribe(link, _build_evidence(request, Consent.Source.ONE_CLICK))
    done = request.method == "POST" and not undone
    page = _page_context(link) | {"done": done, "undone": undone, "is_offer": link.purpose == Purpose.MARKETING}
    return render(request, "comms/gate/unsubscribe.html", page)


@by_link
def message_preferences(request: HttpRequest, link: PreferenceLink) -> HttpResponse:
    """Show the message preferences; a POST saves them."""
    if request.method == "POST":
        _save_preferences(request, link)
        return redirect(f"{request.path}?saved=1")
    return render(
        request,
        "comms/gate/preferences.html",
        _page_context(link) | _form_context(link) | {"saved": "saved" in request.GET},
    )


def _save_preferences(request: HttpRequest, link: PreferenceLink) -> None:
    if "nothing" in request.POST:
        preferences.stop_everything(link)
        return
    preferences.choose(link, request.POST.getlist("get"), _build_evidence(request, Consent.Source.PREFERENCES))
    limit, zone, language = (request.POST.get(name, "") for name in ("limit", "zone", "language"))
    preferences.set_pace(
        link, int(limit) if limit in map(str, LIMITS) else None, zone if zone in dict(_zone_choices(link)) else ""
    )
    if language in dict(settings.LANGUAGES):
        preferences.set_language(link, language)


def _page_context(link: PreferenceLink) -> dict[str, object]:
    brand = Brand.objects.get(pk=link.brand_id)
    return {
        "brand": brand,
        "hue": round((brand.hue - 3) / 15) % 24 * 15 + 3,
        "masked": masked_address(link.address),
        "token": link.token(),
        "medium": Medium(link.medium).label,
    }


def _form_context(link: PreferenceLink) -> dict[str, object]:
    boxes = preferences.choices(link)
    person = preferences.person_of(link)
    preference = preferences.preference_of(link)
    return {
        "media": [
            (Medium(one).label, [box for box in boxes if box.medium == one]) for one in preferences.media_of(link)
        ],
        "nothing": not any(box.is_on for box in boxes),
        "clicked": preferences.has_clicked(link),
        "stopped": any(one.reason == "stop" for one in preferences.in_force(link)),
        "limits": LIMITS,
        "limit": preference.weekly_limit,
        "zones": _zone_choices(link),
        "zone": preference.time_zone,
        "languages": settings.LANGUAGES if person else (),
        "language": translation.get_language(),
    }


def _zone_choices(link: PreferenceLink) -> list[tuple[str, str]]:
    """Return the time zones of a number's country if it has several; none for email."""
    if link.medium == Medium.EMAIL:
        return []
    names = sorted((zone.name for zone in zones_of_place(country_of_phone(link.address))), reverse=True)
    by_label = {zone_name(ZoneInfo(name)): name for name in names}
    if len(by_label) > 1:
        return sorted((name, label) for label, name in by_label.items())
    return []


def _page_language(request: HttpRequest, link: PreferenceLink) -> str:
    person = preferences.person_of(link)
    languages = dict(settings.LANGUAGES)
    wanted = (person.language if person else "", Brand.objects.get(pk=link.brand_id).language)
    return next((one for one in wanted if one in languages), translation.get_language_from_request(request))


def _build_evidence(request: HttpRequest, source: str) -> ConsentEvidence:
    return ConsentEvidence(source, get_adapter().get_client_ip(request), request.headers.get("User-Agent", ""))


def _link_over_page(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "comms/gate/link_over.html", {"why": why}, status=410)
