"""Ask a customer to book, and the booking page. A GET never books, because scanners open every link."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comms.appointments.links import appointment_url
from comms.library.dates import long_day
from comms.models import Medium, Message
from comms.outbox.by_template import channel_of, point_of
from crm.jobs.appointments.availability import FreeTime, eligible
from crm.jobs.appointments.customer_times import CustomerTimes, notice_words
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models.appointments.local_time import zone_of, zone_words
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from service.booking import links
from service.models import BookingRequest
from service.projects.views.project_action import find_project

OFFERED = 9


@require("projects.work")
@require_POST
def ask_to_book(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Send the customer a link to choose the time of an appointment."""
    project = find_project(request, uid)
    wanted = request.POST.get("type", "")
    type_ = next((row for row in offered_types() if str(row.pk) == wanted), None)
    try:
        if type_ is None:
            raise Refused(_("This type is no longer available. Choose another."))
        row = BookingRequest.ask(project.job, type_, by=request.member)
        medium = _send_link(row, request)
        alone = _("This customer can’t be reached: give them this link.")
        if medium:
            sentence = _("Sent by %(way)s.") % {"way": medium}
        else:
            sentence = alone
        messages.success(request, f"{sentence} {links.address_of(row)}")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("service:project", request.tenant.slug, uid)


def _send_link(row: BookingRequest, request: TenantRequest) -> str:
    """Send the link by mail, else by text; return the medium, blank if there is none."""
    job = row.job
    with override(_page_language(job)):
        subject = _("Choose a time: %(what)s") % {"what": row.type.name}
        words = _("Choose the time that suits you for “%(what)s”: %(url)s")
        text = words % {"what": row.type.name, "url": links.address_of(row)}
    for medium in (Medium.EMAIL, Medium.SMS):
        channel = channel_of(job.brand_id, medium)
        point = point_of(job.person_id, medium)
        if channel is None or point is None:
            continue
        Message.queue(
            channel=channel,
            address=point.value,
            address_name=job.person.name if job.person else "",
            by=request.member,
            undo=True,
            contact_point=point,
            person=job.person,
            job=job,
            subject=subject if medium == Medium.EMAIL else "",
            text=text,
        )
        return str(medium.label)
    return ""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limit("customer_booking", "60/m")
def customer_booking(request: HttpRequest, token: str) -> HttpResponse:
    """Show free times; a POST books the chosen one and shows the result."""
    link = links.read(token)
    if link is None:
        return _mark_private(
            render(request, "comms/gate/link_over.html", {"why": _broken_link_words(request)}, status=410)
        )
    with use_tenant(link.tenant_id):
        rows = BookingRequest.objects.select_related("job__brand", "job__site", "job__person", "type", "appointment")
        row: BookingRequest | None = rows.filter(uid=link.uid).first()
        if row is None:
            return _mark_private(
                render(request, "comms/gate/link_over.html", {"why": _broken_link_words(request)}, status=410)
            )
        with translation.override(_page_language(row.job)):
            refusal = ""
            if request.method == "POST":
                try:
                    _book_time(request, row)
                except Refused as why:
                    refusal = str(why)
                    row.refresh_from_db()
                else:
                    return _mark_private(redirect(request.path))
            return _mark_private(
                render(
                    request,
                    "service/booking/customer.html",
                    _booking_context(row, refusal),
                    status=422 if refusal else 200,
                )
            )


def _book_time(request: HttpRequest, row: BookingRequest) -> None:
    offer = _bookable_times(row).take(request.POST.get("slot", ""), eligible(row.type))
    try:
        row.choose(offer.starts_at, offer.member)
    except InTheWay:
        raise Refused(_("Somebody else took that time just now. Choose another one.")) from None


def _bookable_times(row: BookingRequest) -> CustomerTimes:
    return CustomerTimes(row.type, row.job.brand_id, ZoneInfo(zone_of(row.job, row.job.site)))


def _offer_value(offer: FreeTime) -> str:
    return f"{offer.starts_at.isoformat()} {offer.member.uid}"


def _booking_context(row: BookingRequest, told: str) -> dict[str, Any]:
    brand = row.job.brand
    zone = ZoneInfo(zone_of(row.job, row.job.site))
    chosen = None
    if row.appointment and row.appointment.is_live:
        chosen = row.appointment
    offers = []
    if row.is_open and not chosen:
        offers = _bookable_times(row).offers(eligible(row.type), OFFERED)
    if chosen:
        first = chosen.starts_at
    else:
        first = clock.now()
    return {
        "row": row,
        "brand": brand,
        "hue": round((brand.hue - 3) / 15) % 24 * 15 + 3,
        "phone": formats.phone(brand.phone, brand.country),
        "told": told,
        "chosen": _time_words(chosen.starts_at, zone, brand.country) if chosen else "",
        "chosen_url": appointment_url(chosen) if chosen else "",
        "zone": zone_words(zone, first, brand.pk),
        "notice": notice_words(row.type),
        "offers": [(_offer_value(one), _time_words(one.starts_at, zone, brand.country)) for one in offers],
    }


def _time_words(at: datetime, zone: ZoneInfo, country: str) -> str:
    language = translation.get_language() or "en"
    day = long_day(at.astimezone(zone).date(), language, country)
    return f"{day}, {formats.clock_time(at, zone, country, language)}"


def _page_language(job: Any) -> str:
    person = ""
    if job.person:
        person = job.person.language
    languages = [one for one in (person, job.brand.language, directory().tenant.language) if one]
    return next((one for one in languages if translation.check_for_language(one)), "en")


def _broken_link_words(request: HttpRequest) -> str:
    with translation.override(translation.get_language_from_request(request)):
        return _("This link is not complete. Open it from the message again, or copy all of it.")


def _mark_private(response: HttpResponse) -> HttpResponse:
    """Set headers against referrers and indexing, because the URL is the key."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
