"""Views of the calendar: day, week or month; and one appointment next to its day, with its actions."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from crm.jobs.appointments.appointment_panel import appointment_panel
from crm.jobs.appointments.days.calendar import context
from crm.jobs.appointments.days.calendar_query import KEEP, CalendarQuery, chosen_keys
from crm.jobs.appointments.days.chooser import chooser_of
from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.obstacles import WORK
from crm.kernel import clock, formats
from crm.kernel.zone_names import zone_name
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

VIEW = "appointments.view"


@require(VIEW)
def calendar(request: TenantRequest) -> HttpResponse:
    """Show the requested days, by default today. The selection is remembered."""
    reader = Reader.of(request.member, clock.now())
    if KEEP in request.GET:
        request.session[_last_members_key(request)] = chosen_keys(request.GET)
    return page(request, CalendarQuery.of(request.GET, reader.today, _last_members(request)), reader)


def _last_members_key(request: TenantRequest) -> str:
    return f"calendar_who_{request.tenant.pk}"


def _last_members(request: TenantRequest) -> tuple[str, ...]:
    """Return the members and teams selected last time."""
    return tuple(request.session.get(_last_members_key(request), ()))


@require(VIEW)
def appointment(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one appointment beside its day."""
    return appointment_page(request, get_appointment(request, uid))


def get_appointment(request: TenantRequest, uid: UUID) -> Appointment:
    """Return the appointment with this id, for those who may see it."""
    rows = Appointment.objects.visible_to(request.member).select_related("job__brand", "type", "site", "person")
    row: Appointment | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


def appointment_page(
    request: TenantRequest, row: Appointment, status: int = 200, told: str = "", *, may_insist: bool = False
) -> HttpResponse:
    """Render an appointment next to its day. A refused form shows the reason and the input as submitted."""
    reader = Reader.of(request.member, clock.now())
    day = QueryDict(f"day={row.starts_at.astimezone(reader.zone).date().isoformat()}")
    query = CalendarQuery.of(day, reader.today, _last_members(request))
    more = appointment_panel(request, row, reader) | {"told": told, "trouble": status != 200, "may_insist": may_insist}
    return page(request, query, reader, status, focus=next(iter(row.member_ids), None), **more)


def page(
    request: TenantRequest,
    asked: CalendarQuery,
    reader: Reader,
    status: int = 200,
    *,
    focus: int | None = None,
    **more: Any,
) -> HttpResponse:
    """Render the calendar. `focus`: the member whose day a phone shows."""
    organization = directory()
    values = context(asked, reader, request.member, focus)
    url = reverse("calendar:calendar", args=[request.tenant.slug])
    values |= {
        "asked": asked,
        "url": url,
        "heading": _period_heading(asked, reader),
        "views": [(name, asked.query(view=name), asked.view == name) for name in ("day", "week", "month")],
        "earlier": asked.query(day=asked.step(-1)),
        "later": asked.query(day=asked.step(1)),
        "today": asked.query(day=reader.today),
        "is_today": reader.today in asked.days() and asked.view == "day",
        "strip": _week_links(asked, reader) if asked.view == "day" else [],
        "whose": [(one, asked.query(focus=one.key)) for one in values.get("columns", ())],
        "chooser": chooser_of(asked, request.member, values["members"], values["teams"]),
        "types": appointment_types().values(),
        "brands": organization.brands.values(),
        "zone": zone_name(reader.zone),
        "zone_name": str(reader.zone),
        "here_query": asked.query(),
        "may_work": allows(request.member, WORK),
    }
    return render(request, "jobs/appointments/calendar.html", values | more, status=status)


def _period_heading(asked: CalendarQuery, reader: Reader) -> str:
    if asked.view == "month":
        return formats.month(asked.day)
    if asked.view == "week":
        days = asked.days()
        return f"{reader.date(days[0])} – {reader.date(days[-1])}"
    return reader.date(asked.day)


def _week_links(asked: CalendarQuery, reader: Reader) -> list[tuple[str, str, int, bool]]:
    """Return the days of the week as links, for a phone: query, weekday, day, whether it is shown."""
    week = CalendarQuery("week", asked.day).days()
    return [(asked.query(day=day), formats.weekday(day), day.day, day == asked.day) for day in week]
