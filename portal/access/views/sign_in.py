"""Sign-in with an address and a code sent to it, and sign-out.

Whether an address is somebody's is never told: asking answers the same, and takes the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comms.addresses import masked_address
from comms.outbox.by_template import way_to
from crm.kernel.normalization import normalize_email, normalize_phone
from crm.people.models import ContactPoint
from crm.web.requests.error_pages import too_many
from crm.web.requests.local_path import local_path
from crm.web.requests.throttle import count_call
from portal.access import codes, cookies, entrance, links, sessions
from portal.access.code_origin import origin_of, remember_browser
from portal.access.pages import PortalRequest, log_refusal, public_page
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess, PortalCode

# Of one network: codes asked for, and tried, an hour.
ASKED = 20
TRIED = 60
HOUR = 3600
LONGEST = 254
# Jobs of a person that the choice between the holders of an address shows.
MOST_JOBS = 3
# Addresses and numbers a link's holder chooses from.
MOST_POINTS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def sign_in(request: PortalRequest) -> HttpResponse:
    """Ask for an email address or phone number; a POST sends it a code if its owner has access."""
    link = _link_holder(request)
    if request.method != "POST":
        return render(request, "portal/sign_in.html", _address_context(request, link))
    if count_call(_network_key(request), "portal.ask", HOUR) > ASKED:
        return too_many(request, retry_after=HOUR)
    typed = request.POST.get("address", "").strip()
    point = None
    if link and "own" in request.POST:
        point = _point_of(link, request.POST["own"])
    if link and point:
        PortalAccess.invite(link.person, by=None)
    if point:
        address = point.value
    else:
        address = _normalize_address(request, typed)
    if not address:
        wrong = _("Enter an email address or a phone number.")
        context = _address_context(request, link) | {"wrong": wrong, "typed": typed[:LONGEST]}
        return render(request, "portal/sign_in.html", context, status=422)
    back = own_page(request, request.POST.get("next", ""))
    portal_code = codes.ask_code(address, origin_of(request, address), next_page=back, point=point)
    if back and "in_place" in request.POST:
        return redirect(code_in_place(back, portal_code.uid))
    return redirect("portal:code", company=request.company.slug, asked=portal_code.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def code(request: PortalRequest, asked: UUID) -> HttpResponse:
    """Ask for the code; a correct one signs the device in for thirty days. All wrong codes get the same answer.

    Of an address that several have it asks who comes in, once the code is proven; only then is it used up.
    """
    if request.method != "POST":
        return render(request, "portal/code.html", _code_page(request, asked))
    if count_call(_network_key(request), "portal.try", HOUR) > TRIED:
        return too_many(request, retry_after=HOUR)
    typed = "".join(character for character in request.POST.get("code", "")[:40] if character.isdigit())
    row = PortalCode.objects.filter(uid=asked).first()
    holders = []
    if row and row.accepts(typed):
        holders = codes.holders_of(row)
    if row is None or not holders:
        log_refusal(request, "a code that is not right")
        if row and "in_place" in request.POST and (back := own_page(request, row.next)):
            return redirect(code_in_place(back, asked, is_wrong=True))
        wrong = _("That code is wrong or has expired. Try again, or get a new one.")
        return render(request, "portal/code.html", _code_page(request, asked) | {"wrong": wrong}, status=422)
    point = _chosen_holder(request, holders)
    if point is None:
        return render(
            request, "portal/who.html", {"code": typed, "holders": [_holder_context(point) for point in holders]}
        )
    row.use()
    access = PortalAccess.objects.get(person=point.person_id)
    access.confirm(point)
    response = _let_in(request, access, row.next)
    remember_browser(request, response, row.address, company=request.company.slug)
    return response


def _chosen_holder(request: PortalRequest, holders: list[ContactPoint]) -> ContactPoint | None:
    """Return who signs in by an address: its only holder, or the chosen one of several; None until chosen."""
    if len(holders) == 1:
        return holders[0]
    chosen = request.POST.get("who", "")
    return next((point for point in holders if str(point.person.uid) == chosen), None)


def _holder_context(point: ContactPoint) -> dict[str, object]:
    """Return the context of a holder to choose: their name, and their places or jobs."""
    viewer = PortalViewer(
        point.person, entrance.brand_for(point.person_id), Level.SESSION, PortalAccess(person=point.person)
    )
    jobs = viewer.jobs().select_related("site").order_by("-pk")[: MOST_JOBS + 1]
    places = [job.site.one_line if job.site else job.title for job in jobs]
    return {"person": point.person, "places": places[:MOST_JOBS], "has_more": len(places) > MOST_JOBS}


def _let_in(request: PortalRequest, access: PortalAccess, next_page: str) -> HttpResponse:
    slug = request.company.slug
    device, secret = sessions.begin_session(access, request)
    response = redirect(own_page(request, next_page) or cookies.path_of(slug))
    sessions.remember_device(response, device, secret, company=slug)
    cookies.delete_cookie(response, cookies.LINK, company=slug)
    cookies.delete_cookie(response, cookies.PREVIEW, company=slug)
    return response


@require_POST
@public_page
def sign_out(request: PortalRequest) -> HttpResponse:
    """Sign out this device."""
    device = sessions.find_session(request)
    if device:
        device.delete()
    slug = request.company.slug
    response = redirect("portal:sign_in", company=slug)
    for name in (cookies.SESSION, cookies.LINK, cookies.BROWSER, cookies.PREVIEW):
        cookies.delete_cookie(response, name, company=slug)
    return response


def _address_context(request: PortalRequest, held: PortalViewer | None) -> dict[str, object]:
    return {
        "next": own_page(request, request.GET.get("next", "") or request.POST.get("next", "")),
        "own": own_points(held) if held else [],
        "demo_address": f"customer@{request.company.slug}.example" if settings.DEMO else "",
    }


def _code_page(request: PortalRequest, asked: UUID) -> dict[str, object]:
    """Return the context of the code page; in a demo, whose phone and mailbox receive the code."""
    context: dict[str, object] = {"asked": asked}
    if settings.DEMO:
        point = codes.point_of(f"customer@{request.company.slug}.example")
        if point:
            context["demo_who"] = point.person.uid
        else:
            context["demo_who"] = ""
    return context


def _link_holder(request: PortalRequest) -> PortalViewer | None:
    """Return the holder of a link, who gets the code at the address the link was sent to without typing it."""
    try:
        link = links.read_link(cookies.read_cookie(request, cookies.LINK), request.company.pk)
    except links.BrokenLink:
        return None
    return entrance.viewer_by(link)


def _point_of(held: PortalViewer, chosen: str) -> ContactPoint | None:
    """Return the chosen contact point of a link's holder by its id; None if it is not theirs."""
    return next((point for point, _hidden in own_points(held) if str(point.pk) == chosen), None)


def own_points(held: PortalViewer) -> list[tuple[ContactPoint, str]]:
    """Return the contact points a link's holder can get a code at, with labels; the link's own first."""
    rows = ContactPoint.objects.filter(person=held.person).select_related("person").verified_first("kind", "pk")
    points = [point for point in rows[:MOST_POINTS] if way_to(point, codes.TEMPLATE, held.brand)]
    used = None
    if held.link:
        used = held.link.point_id
    points.sort(key=lambda point: point.pk != used)
    return [(point, masked_address(point.value)) for point in points]


@dataclass(frozen=True)
class CodeStep:
    """Context of a page with a code form: the addresses a code may go to, else the requested code."""

    own: Sequence[tuple[ContactPoint, str]]
    asked: UUID | None
    is_wrong: bool

    @classmethod
    def of(cls, request: PortalRequest) -> "CodeStep | None":
        """Return the code step for a viewer by link; None for a signed-in viewer."""
        if request.viewer.level >= Level.SESSION:
            return None
        try:
            code_uid = UUID(request.GET.get("code", ""))
        except ValueError:
            code_uid = None
        return cls(own_points(request.viewer), code_uid, "wrong" in request.GET)


def code_in_place(page: str, asked: UUID, *, is_wrong: bool = False) -> str:
    """Return the URL of a page that contains the code form itself."""
    return f"{page}?{urlencode({'code': asked} | ({'wrong': 1} if is_wrong else {}))}#code"


def _normalize_address(request: PortalRequest, typed: str) -> str:
    """Return the normalised address or number; blank if it is neither."""
    if not typed or len(typed) > LONGEST:
        return ""
    return (normalize_email(typed) if "@" in typed else normalize_phone(typed, request.brand.country)) or ""


def own_page(request: PortalRequest, page: str) -> str:
    """Return a URL of this portal to return to; blank for any other URL."""
    return local_path(page, below=cookies.path_of(request.company.slug))


def _network_key(request: PortalRequest) -> str:
    return f"ip:{get_adapter().get_client_ip(request)}"
