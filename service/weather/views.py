"""Weather pages: a day's forecast, its hold with a preview of every new time, and the result of a hold."""

import json
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comms.appointments.appointment_values import appointment_values
from comms.appointments.type_templates import template_key
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.platform.models.accounts.token import Token
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from service.models.weather import Forecast, NewTime, WeatherHold
from service.weather.hours import bars_of, hours_in, working_hours
from service.weather.proposals import Proposal, proposals

HOLD = "weather.hold"
PURPOSE = "forecast"
LIFETIME = timedelta(days=3650)
# The longest that is posted, and the longest secret.
LONGEST = 20_000
LONGEST_SECRET = 100
MOST_DAYS = 31


@require(HOLD)
def weather(request: TenantRequest) -> HttpResponse:
    """Show a day's forecast and its visits with new times; a POST moves the chosen ones."""
    reader = Reader.of(request.member, clock.now())
    day = read_day(request.GET.get("day", "") or request.POST.get("day", "")) or _next_wet_day(reader.today)
    rows = proposals(day, request.member)
    refusal = ""
    if request.method == "POST":
        try:
            hold = WeatherHold.carry_out(
                day, _posted_text(request, "reason"), _chosen_times(request, rows), by=request.member
            )
        except Refused as why:
            refusal = str(why)
        else:
            return redirect("weather:hold", request.tenant.slug, hold.uid)
    soon = Forecast.objects.filter(day__gte=reader.today, day__lte=reader.today + timedelta(days=14)).order_by("day")
    context = _hold_context(request, day, rows, reader) | {
        "forecasts": [(row, reader.date(row.day)) for row in soon],
        "told": refusal,
        "holds": [(row, reader.near(row.done_at)) for row in WeatherHold.objects.order_by("-done_at", "-pk")[:10]],
        "url": request.session.pop("forecast_url", ""),
        "may_connect": allows(request.member, "weather.connect"),
    }
    return render(request, "service/weather/weather.html", context, status=422 if refusal else 200)


@require(HOLD)
def panel(request: TenantRequest) -> HttpResponse:
    """Show a day's hold beside the list of jobs; without htmx, the day's page."""
    day = read_day(request.GET.get("day", ""))
    if day is None or not is_fragment(request):
        return redirect(f"{reverse('weather:weather', args=[request.tenant.slug])}?day={day or ''}")
    reader = Reader.of(request.member, clock.now())
    context = _hold_context(request, day, proposals(day, request.member), reader)
    return render(request, "service/weather/_panel.html", context)


def _next_wet_day(today: date) -> date:
    """Return the next day with weather likely to stop work; without one, tomorrow."""
    tomorrow = today + timedelta(days=1)
    wet = Forecast.objects.threatening(tomorrow).first()
    if wet:
        return wet.day
    return tomorrow


def _hold_context(request: TenantRequest, day: date, rows: list[Proposal], reader: Reader) -> dict[str, Any]:
    """Return the context of a day's hold form: the hourly forecast, and each visit with its new times."""
    forecast = Forecast.objects.filter(day=day).first()
    return {
        "day": day,
        "day_words": reader.date(day),
        "forecast": forecast,
        "bars": bars_of(forecast.hours, working_hours(day)) if forecast and forecast.hours else None,
        "rows": [_proposal_row(row, reader) for row in rows],
        "movable": sum(bool(row.times) for row in rows),
        "reason": request.POST.get("reason", "") or (forecast.words if forecast else ""),
    }


def _proposal_row(row: Proposal, reader: Reader) -> dict[str, Any]:
    times = [(at.isoformat(), reader.moment(at), at in row.against) for at in row.times]
    text = ""
    if row.times and row.point:
        text = text_of(row.appointment, row.times[0], row.medium, row.point)
    return {"proposal": row, "was": reader.time(row.appointment.starts_at), "times": times, "text": text}


def _chosen_times(request: TenantRequest, rows: list[Proposal]) -> list[NewTime]:
    """Return the appointments chosen in a form, each with one of its offered times."""
    picked = set(request.POST.getlist("pick"))
    new_times = []
    for row in rows:
        wanted = request.POST.get(f"to-{row.appointment.uid}", "")
        at = next((at for at in row.times if at.isoformat() == wanted), None)
        if str(row.appointment.uid) in picked:
            if at is None:
                raise Refused(_("A time was taken in the meantime. Check the day again."))
            new_times.append(NewTime(row.appointment, at))
    return new_times


@require(HOLD)
@require_POST
def note(request: TenantRequest) -> HttpResponse:
    """Save the forecast of a day."""
    day = read_day(request.POST.get("day", ""))
    chance = read_number(request.POST.get("chance"), most=999)
    try:
        if day is None or chance is None:
            raise Refused(_("Choose a day, and a chance from 0 to 100."))
        hours = hours_in(_posted_text(request, "hours"))
        Forecast.note(day, chance, _posted_text(request, "words"), hours=hours, by=request.member)
        messages.success(request, _("Noted."))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(f"{reverse('weather:weather', args=[request.tenant.slug])}?day={day or ''}")


@require("weather.connect")
@require_POST
def connect(request: TenantRequest) -> HttpResponse:
    """Create the URL a weather service posts to, replacing the previous one. It is shown once."""
    secret = Token.issue(PURPOSE, 0, LIFETIME)
    request.session["forecast_url"] = f"{settings.SITE_URL}{reverse('forecast', args=[secret])}"
    return redirect("weather:weather", request.tenant.slug)


@require(HOLD)
def hold(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show what a hold moved, and which messages were sent before it was undone."""
    row = _find_hold(uid)
    reader = Reader.of(request.member, clock.now())
    moved = row.moved.select_related("appointment__job").order_by("was_at", "pk")
    context = {
        "hold": row,
        "day": reader.date(row.day),
        "moved": [
            (one.appointment.job, reader.moment(one.was_at), reader.moment(one.moved_to) if one.moved_to else "")
            for one in moved
        ],
        "left": [(one.person or one.address, one.address) for one in row.sent_messages()],
    }
    return render(request, "service/weather/hold.html", context)


@require(HOLD)
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo the hold."""
    row = _find_hold(uid)
    try:
        undone = row.take_back(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("weather:hold", request.tenant.slug, row.uid)
    staying = 0
    if undone:
        staying = len(undone.staying)
    words = _("Dates restored.")
    if staying:
        stay = ngettext("%(count)s was changed since and stays.", "%(count)s were changed since and stay.", staying)
        words = f"{words} {stay % {'count': staying}}"
    messages.success(request, words)
    return redirect("weather:hold", request.tenant.slug, row.uid)


@csrf_exempt
@never_cache
@require_POST
@limit("forecast", "60/m")
def forecast(request: HttpRequest, secret: str) -> HttpResponse:
    """Receive forecasts as JSON: {"day": "2026-05-14", "chance": 80, "words": "Rain from 10"}, or a list of them.

    A day may have "hours", too: {"10": 40, "11": 80}.
    """
    token = None
    if len(secret) < LONGEST_SECRET:
        token = Token.find(PURPOSE, secret)
    if token is None or token.expires_at <= clock.now():
        return JsonResponse({"why": "unknown address"}, status=404)
    if len(request.body) > LONGEST:
        return JsonResponse({"why": "too long"}, status=413)
    try:
        payload = json.loads(request.body)
        if isinstance(payload, list):
            days = payload
        else:
            days = [payload]
        read = [
            (
                date.fromisoformat(one["day"]),
                int(one["chance"]),
                str(one.get("words", "")),
                {int(hour): int(percent) for hour, percent in one.get("hours", {}).items()},
            )
            for one in days
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JsonResponse({"why": "a day and a chance are wanted"}, status=422)
    with use_tenant(token.tenant_id):
        try:
            with transaction.atomic():
                for day, chance, words, hours in read[:MOST_DAYS]:
                    Forecast.note(day, chance, words.replace("\0", ""), hours=hours, by=None)
        except Refused as why:
            return JsonResponse({"why": str(why)}, status=422)
    return JsonResponse({"noted": len(read[:MOST_DAYS])})


def _find_hold(uid: UUID) -> WeatherHold:
    row: WeatherHold | None = WeatherHold.objects.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


def _posted_text(request: TenantRequest, name: str) -> str:
    return request.POST.get(name, "")


def text_of(row: Appointment, starts_at: datetime, medium: str, point: ContactPoint) -> str:
    """Return the text of the message about a new time; blank if there is none."""
    moved = copy(row)
    brand = row.job.brand
    moved.starts_at = starts_at
    template = catalogue().find(template_key(row, "moved"), brand.pk)
    chosen = None
    if template:
        chosen = choose(template, medium, person=row.person, brand=brand)
    if chosen is None:
        return ""
    properties = appointment_values(moved, chosen.version.language)
    subject = subject_of(
        brand=brand, language=chosen.version.language, person=row.person, job=row.job, given=properties
    )
    try:
        return str(compose(chosen.version, subject, address=point.value).fields.get("text", ""))
    except Refused:
        return ""
