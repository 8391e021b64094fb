"""Public page of an appointment, without an account: confirm, choose another time or cancel.

A GET never changes anything: scanners and mail programs open every link
(docs/rules.md#sending-law). A POST needs no login.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comms.appointments import links
from comms.appointments.appointment_values import appointment_values
from comms.library.dates import long_day
from crm.jobs.appointments.availability import FreeTime, eligible
from crm.jobs.appointments.customer_times import CustomerTimes, notice_words
from crm.jobs.appointments.feed.calendar_source import meeting_urls_of
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.local_time import zone_words
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.throttle import limit

# Times they may choose from; and so long before nothing can be changed here any more, only by telephone.
OFFERED = 6


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limit("customer_appointment", "60/m")
def customer_appointment(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page; a POST confirms, moves or cancels the appointment and redirects back."""
    try:
        link = links.read(token)
    except links.BrokenAppointmentLink:
        return _link_over_page(
            request, _("This link is not complete. Open it from the message again, or copy all of it.")
        )
    with use_tenant(link.tenant_id):
        row = _find_appointment(link)
        if row is None or row.ends_at + links.KEPT < clock.now():
            return _link_over_page(request, _("This link is too old. Use the one in a newer message."))
        with translation.override(_page_language(request, row)):
            toast = ""
            if request.method == "POST":
                try:
                    _apply_action(request, row)
                except (Refused, Stale) as why:
                    toast = str(why)
                    row = _find_appointment(link) or row
                else:
                    return _make_private(redirect(f"{request.path}?done=1"))
            context = _page_context(row) | {"told": toast, "done": "done" in request.GET and not toast}
            response = render(request, "comms/appointments/customer.html", context, status=422 if toast else 200)
    return _make_private(response)


@never_cache
@require_safe
@limit("customer_appointment", "60/m")
def customer_meeting(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the customer to the video meeting; to the page of the appointment while there is no link."""
    page = redirect("customer_appointment", token)
    try:
        link = links.read(token)
    except links.BrokenAppointmentLink:
        return _make_private(page)
    with use_tenant(link.tenant_id):
        row = _find_appointment(link)
        url = _meeting_url(row) if row else ""
    if url:
        return _make_private(redirect(url))
    return _make_private(page)


def _meeting_url(row: Appointment) -> str:
    """Return the link of an appointment by video until it ends; blank otherwise."""
    if not row.is_live or row.ends_at <= clock.now():
        return ""
    return meeting_urls_of([row]).get(row.pk, "")


def _find_appointment(link: links.AppointmentLink) -> Appointment | None:
    rows = Appointment.objects.select_related("job__brand", "job__site", "type", "site", "person")
    appointment: Appointment | None = rows.prefetch_related("attendances").filter(uid=link.uid).first()
    return appointment


def _apply_action(request: HttpRequest, row: Appointment) -> None:
    """Perform the action of a button. Raises Stale if the appointment changed since, or Refused."""
    if request.POST.get("version") != row.form_version:
        raise Refused(_("It was changed in the meantime. This is how it is now."))
    if row.starts_at <= clock.now():
        raise Refused(_("It has begun. Please call us."))
    act = request.POST.get("act", "")
    if act == "accept":
        row.accept(by=None, way="link")
    elif act == "decline":
        row.release("customer", by=None, way="link")
    elif act == "confirm":
        row.confirm(by=None, way="link")
    elif act == "cancel":
        words = request.POST.get("words", "").replace("\0", "")
        row.cancel(words.strip() or _("The customer cancelled on their page"), by=None, way="link")
    elif act == "ask":
        row.ask_for_another_time(request.POST.get("words", "").replace("\0", ""), way="link")
    elif slot := request.POST.get("slot", ""):
        offer = _customer_times(row).take(slot, _offered_members(row))
        row.reschedule(offer.starts_at, members=[offer.member], by=None, way="link")


def _customer_times(row: Appointment) -> CustomerTimes:
    own = (row.starts_at, row.ends_at)
    return CustomerTimes(row.type, row.job.brand_id, row.zone, row.minutes, besides=row.pk, besides_time=own)


def _offered_members(row: Appointment) -> list[Member]:
    """Return the members whose times are offered: the assigned ones before everyone else who qualifies."""
    able = eligible(row.type)
    mine = [one for one in able if one.pk in row.member_ids]
    return list(dict.fromkeys([*mine, *able]))


def _time_choices(row: Appointment) -> list[tuple[str, str]]:
    """Return the selectable times: button value and label."""
    return [
        (_choice_value(one), _time_text(row, one.starts_at))
        for one in _customer_times(row).offers(_offered_members(row), OFFERED)
    ]


def _choice_value(offer: FreeTime) -> str:
    return f"{offer.starts_at.isoformat()} {offer.member.uid}"


def _time_text(row: Appointment, at: datetime) -> str:
    language = translation.get_language() or "en"
    country = row.job.brand.country
    day = long_day(at.astimezone(row.zone).date(), language, country)
    return f"{day}, {formats.clock_time(at, row.zone, country, language)}"


def _page_context(row: Appointment) -> dict[str, Any]:
    brand = row.job.brand
    is_open = row.is_live and row.starts_at > clock.now()
    return {
        "row": row,
        "brand": brand,
        "hue": round((brand.hue - 3) / 15) % 24 * 15 + 3,
        "phone": formats.phone(brand.phone, brand.country),
        "when": _time_text(row, row.starts_at),
        "asked_when": _time_text(row, row.asked_time),
        "held_until": _time_text(row, row.held_until) if row.held_until else "",
        "zone": zone_words(row.zone, row.starts_at, brand.pk),
        "who": appointment_values(row, translation.get_language() or "en")["appointment.who"],
        "is_open": is_open,
        "offers": _time_choices(row) if is_open else [],
        "notice": notice_words(row.type),
        "is_by_video": row.is_by_video and row.is_live and row.ends_at > clock.now(),
        "meeting_url": _meeting_url(row),
    }


def _page_language(request: HttpRequest, row: Appointment) -> str:
    from_us = [row.person.language if row.person else "", row.job.brand.language, directory().tenant.language]
    languages = [one for one in from_us if one and translation.check_for_language(one)]
    if languages:
        return languages[0]
    return translation.get_language_from_request(request)


def _link_over_page(request: HttpRequest, words: str) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        return _make_private(render(request, "comms/gate/link_over.html", {"why": words}, status=410))


def _make_private(response: HttpResponse) -> HttpResponse:
    """Keep the address secret: no referrer is sent to linked sites, and search engines don't index it."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
