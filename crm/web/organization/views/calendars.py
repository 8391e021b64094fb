"""Settings of business calendars. An edit that moves due dates shows how many first, and is saved by a second click."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.kernel import clock, formats
from crm.kernel.days import read_day
from crm.kernel.zone_names import zone_name
from crm.platform.models import Brand, BusinessCalendar, ClosingDay
from crm.platform.organization import calendar_effects
from crm.web.organization.calendar_forms import CalendarForm, ClosingForm, calendar_initial, next_holidays
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import is_name_taken
from crm.web.settings.page import Context, settings_page
from crm.web.shell.first_steps import accept_first_step

PAGE = "web/calendar.html"
CLOSING_PAGE = "web/calendar_close.html"
PROGRESS = "web/_calendar_progress.html"


@settings_page("calendars", "calendars.manage", "web/calendars.html")
def listing(request: TenantRequest) -> Context:
    """List all calendars with their weekly hours and the brands and members that use them; archived ones last."""
    rows = sorted(BusinessCalendar.objects.order_by("name"), key=lambda row: row.archived_at is not None)
    brands: dict[int | None, list[str]] = {}
    for pk, name in Brand.objects.filter(archived_at=None).order_by("name").values_list("calendar_id", "name"):
        brands.setdefault(pk, []).append(name)
    lines = [
        (
            row,
            zone_name(ZoneInfo(row.time_zone)),
            number_format(f"{row.hours({}).weekly / 3600:g}"),
            brands.get(row.pk, []) + (brands.get(None, []) * row.is_default),
        )
        for row in rows
    ]
    return {"lines": lines}


def _get_calendar(calendar: UUID) -> BusinessCalendar:
    return get_object_or_404(BusinessCalendar.objects.all(), uid=calendar)


@require("calendars.manage")
def create(request: TenantRequest) -> HttpResponse:
    """Create a calendar; it starts with office hours in the organization's zone."""
    posted = is_posted(request)
    tenant = request.tenant
    start = calendar_initial(BusinessCalendar(time_zone=tenant.time_zone, holiday_country=tenant.country))
    form = CalendarForm(request.POST if posted else None, initial=start, zone=tenant.time_zone)
    if posted and form.is_valid() and not is_name_taken(form, BusinessCalendar.objects.all()):
        row = BusinessCalendar.create(by=request.member, name=form.cleaned_data["name"], **form.facts)
        messages.success(request, _("Saved."))
        return redirect("calendar", tenant.slug, row.uid)
    return render_form(request, PAGE, form, {}, "")


@require("calendars.manage")
def calendar(request: TenantRequest, calendar: UUID) -> HttpResponse:
    """Edit one calendar; an edit that moves due dates needs a second click."""
    posted = is_posted(request)
    row = _get_calendar(calendar)
    before = calendar_initial(row)
    version = version_of(before, row.is_default, row.archived_at)
    page = _page_context(request, row)
    fresh = CalendarForm(initial=before, zone=row.time_zone)
    if not posted:
        return render_form(request, PAGE, fresh, page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, fresh, page, version)
    form = CalendarForm(request.POST, initial=before, zone=row.time_zone)
    if not form.is_valid() or is_name_taken(form, BusinessCalendar.objects.all(), row):
        return render_form(request, PAGE, form, page, version)
    own = dict(ClosingDay.objects.filter(calendar=row).values_list("day", "name"))
    warning = _effects_warning(request, row, BusinessCalendar(**form.facts), own)
    if warning:
        return render_form(request, PAGE, form, page | warning, version)
    row.rename(form.cleaned_data["name"], by=request.member)
    row.change_hours(by=request.member, **form.facts)
    accept_first_step(request, row)
    messages.success(request, _("Saved. Due dates are being recalculated; this page shows the progress."))
    return redirect("calendar", request.tenant.slug, row.uid)


@require("calendars.manage")
def progress(request: TenantRequest, calendar: UUID) -> HttpResponse:
    """Show the progress of recalculating due dates after its last edit."""
    row = _get_calendar(calendar)
    return render(request, PROGRESS, {"calendar": row, "progress": calendar_effects.progress_of(row)})


@require("calendars.manage")
def close(request: TenantRequest, calendar: UUID) -> HttpResponse:
    """Add a closing day."""
    posted = is_posted(request)
    row = _get_calendar(calendar)
    form = ClosingForm(request.POST if posted else None)
    if not posted or not form.is_valid():
        return render_form(request, CLOSING_PAGE, form, {"calendar": row}, "")
    day = form.cleaned_data["day"]
    name = form.cleaned_data["name"]
    own = dict(ClosingDay.objects.filter(calendar=row).values_list("day", "name"))
    warning = _effects_warning(request, row, row, own | {day: name})
    if warning:
        return render_form(request, CLOSING_PAGE, form, {"calendar": row} | warning, "")
    row.close_on(day, name, by=request.member)
    messages.success(request, _("The closing day is added."))
    return redirect("calendar", request.tenant.slug, row.uid)


@listing.action(_get_calendar)
def reopen(request: TenantRequest, calendar: BusinessCalendar) -> HttpResponse:
    """Remove a closing day."""
    day = read_day(request.POST.get("day", ""))
    if day is None:
        raise Http404
    calendar.open_on(day, by=request.member)
    messages.success(request, _("The closing day is removed."))
    return redirect("calendar", request.tenant.slug, calendar.uid)


@listing.action(_get_calendar)
def make_default(request: TenantRequest, calendar: BusinessCalendar) -> str:
    """Make it the calendar of brands that have none set."""
    calendar.make_default(by=request.member)
    return _("%(name)s is the default now.") % {"name": calendar.name}


@listing.action(_get_calendar)
def archive(request: TenantRequest, calendar: BusinessCalendar) -> str:
    """Archive a calendar: it can no longer be chosen."""
    calendar.archive(by=request.member)
    return _("The calendar is archived. Running clocks keep using it.")


@listing.action(_get_calendar)
def restore(request: TenantRequest, calendar: BusinessCalendar) -> str:
    """Restore an archived calendar."""
    calendar.restore(by=request.member)
    return _("The calendar is restored.")


def _effects_warning(
    request: TenantRequest, row: BusinessCalendar, changed: BusinessCalendar, own: dict[date, str]
) -> dict[str, Any]:
    """Return the warning to show before saving; blank if no date moves, or the same warning was already shown."""
    version = version_of(
        changed.week, changed.time_zone, changed.holiday_country, changed.holiday_region, sorted(own.items())
    )
    if request.POST.get("previewed") == version:
        return {}
    effects = calendar_effects.effects_of(row, changed.hours(own))
    if effects:
        return {"effects": effects, "previewed": version}
    return {}


def _page_context(request: TenantRequest, row: BusinessCalendar) -> dict[str, Any]:
    today = clock.now().astimezone(ZoneInfo(row.time_zone)).date()
    own = ClosingDay.objects.filter(calendar=row, day__gte=today).order_by("day")
    return {
        "calendar": row,
        "own": [(closing, _format_day(request, closing.day, today)) for closing in own],
        "official": [
            (_format_day(request, day, today), name)
            for day, name in next_holidays(row.holiday_country, row.holiday_region, today)
        ],
        "brands": row.brands,
        "progress": calendar_effects.progress_of(row),
    }


def _format_day(request: TenantRequest, day: date, today: date) -> str:
    return formats.long_day(day, today, request.tenant.country)
