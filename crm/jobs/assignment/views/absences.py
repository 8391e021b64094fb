"""Settings: a month's calendar of absences, one row per member; a click on a day begins an absence."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.forms import AbsenceForm, midnight, zone_of
from crm.jobs.assignment.views.absence_words import AbsenceWords, describe_absence
from crm.jobs.models.assignment import Absence
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock, formats
from crm.kernel.business_hours import BusinessHours
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require


@dataclass(frozen=True)
class Stretch:
    """Consecutive days of a member in a month: one free day, or `span` days of an absence that may extend beyond it."""

    day: date
    span: int = 1
    absence: Any = None
    begins: bool = True
    ends: bool = True


def month_days(first: date) -> list[date]:
    """Return the days of the month that begins on this day."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return [first + timedelta(days=at) for at in range((after - first).days)]


def stretches(days: list[date], absences: Iterable[tuple[date, date | None, Any]]) -> list[Stretch]:
    """Return all stretches, in order. Absences as first day, last day (None: unknown) and the absence; none overlap."""
    away = sorted(absences, key=lambda one: one[0])
    days_and_spans = []
    at = 0
    while at < len(days):
        day = days[at]
        absence = next((one for one in away if one[0] <= day and (one[1] is None or day <= one[1])), None)
        if absence is None:
            days_and_spans.append(Stretch(day))
            at += 1
            continue
        first, last, row = absence
        until = min(last or days[-1], days[-1])
        span = (until - day).days + 1
        days_and_spans.append(Stretch(day, span, row, begins=first == day, ends=last is not None and last == until))
        at += span
    return days_and_spans


PAGE = "jobs/assignment/absences.html"
FORM = "jobs/assignment/absence_form.html"
# A calendar of other years is a mistyped address.
_YEARS = range(2000, 2200)


class DayWords(NamedTuple):
    """A day in the header of the calendar."""

    day: date
    weekday: str
    is_today: bool


class AbsenceCell(NamedTuple):
    """A free day, which can be clicked, or an absence in words that spans days."""

    stretch: Stretch
    name: str
    is_off: bool
    is_today: bool
    absence: AbsenceWords | None


class AbsenceLine(NamedTuple):
    """A member's row in the calendar."""

    member: Member
    cells: list[AbsenceCell]


@require(MANAGE)
def absences(request: TenantRequest) -> HttpResponse:
    """Show the requested month, by default the present one."""
    reader = Reader.of(request.member, clock.now())
    first = _parse_month(request.GET.get("month", ""), reader.today)
    days = month_days(first)
    away = _absences_by_member(days)
    active = [member for member in directory().members.values() if member.active]
    context = {
        "days": [_day_head(day, reader) for day in days],
        "lines": [_member_line(member, days, away[member.pk], reader) for member in active],
        "listed": _list_absences(away, reader),
        "month": formats.month(first),
        "here": f"{first:%Y-%m}",
        "earlier": f"{first - timedelta(days=1):%Y-%m}",
        "later": f"{days[-1] + timedelta(days=1):%Y-%m}",
        "is_present": days[0] <= reader.today <= days[-1],
        "today": reader.today.isoformat(),
    }
    return render(request, PAGE, context)


@require(MANAGE)
def absence(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form of an absence that begins on a day; a POST plans it and shows the calendar."""
    member = next((one for one in directory().members.values() if one.uid == uid and one.active), None)
    if member is None:
        raise Http404
    day = read_day(request.GET.get("day", ""))
    form = AbsenceForm(member, request.POST or None, initial={"starts": day, "ends": day, "gives_back": True})
    back = reverse("jobs:absences", args=[request.tenant.slug])
    if request.method != "POST" or not form.is_valid():
        return _form_response(request, member, form, back)
    try:
        Absence.plan(member, by=request.member, **form.facts)
    except Refused as why:
        form.add_error(None, str(why))
        return _form_response(request, member, form, back)
    messages.success(request, _("Absence added."))
    back = f"{back}?month={form.cleaned_data['starts']:%Y-%m}"
    if request.htmx:
        return HttpResponseClientRedirect(back)
    return redirect(back)


def _form_response(request: TenantRequest, member: Member, form: AbsenceForm, back: str) -> HttpResponse:
    if is_fragment(request):
        if request.method == "POST":
            part = "#form"
        else:
            part = "#dialog"
    else:
        part = ""
    context = {"member": member, "form": form, "back": back}
    return render(request, FORM + part, context, status=422 if form.is_bound else 200)


def _parse_month(text: str, today: date) -> date:
    """Parse "2026-11" as the first day of the month; invalid values give the present month."""
    try:
        month = datetime.strptime(text[:7], "%Y-%m").date()  # noqa: DTZ007 (a month of a calendar has no zone)
    except ValueError:
        return today.replace(day=1)
    if month.year in _YEARS:
        return month
    return today.replace(day=1)


def _absences_by_member(days: list[date]) -> dict[int, list[tuple[date, date | None, Absence]]]:
    """Return by member the absences that overlap these days, as local days. One query."""
    from_, until = (midnight(day, directory().zone) for day in (days[0], days[-1] + timedelta(days=1)))
    # A member's day may begin a day before the organization's, and end one after.
    some = timedelta(days=1)
    rows = Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=from_ - some), starts_at__lt=until + some)
    by_member = defaultdict(list)
    for row in rows.order_by("starts_at", "pk"):
        zone = zone_of(directory().members[row.member_id])
        last = None
        if row.ends_at:
            last = (row.ends_at - timedelta(seconds=1)).astimezone(zone).date()
        by_member[row.member_id].append((row.starts_at.astimezone(zone).date(), last, row))
    return by_member


def _day_head(day: date, reader: Reader) -> DayWords:
    return DayWords(day, formats.weekday(day), day == reader.today)


def _member_line(
    member: Member, days: list[date], away: list[tuple[date, date | None, Absence]], reader: Reader
) -> AbsenceLine:
    hours = assignment_setup().hours_of(member.pk)
    return AbsenceLine(member, [_absence_cell(one, hours, member, reader) for one in stretches(days, away)])


def _absence_cell(stretch: Stretch, hours: BusinessHours | None, member: Member, reader: Reader) -> AbsenceCell:
    words = None
    if stretch.absence:
        words = describe_absence(stretch.absence, reader)
    return AbsenceCell(
        stretch, reader.date(stretch.day), _is_off(hours, stretch.day, member), stretch.day == reader.today, words
    )


def _is_off(hours: BusinessHours | None, day: date, member: Member) -> bool:
    """Return True if the member does not work on a day anyway."""
    zone = zone_of(member)
    return hours is not None and not hours.between(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def _list_absences(away: dict[int, list[Any]], reader: Reader) -> list[tuple[Member, AbsenceWords]]:
    """Return the same absences as a list, ordered by start."""
    rows = sorted((one for spans in away.values() for one in spans), key=lambda one: (one[0], one[2].pk))
    return [(directory().members[row.member_id], describe_absence(row, reader)) for _first, _last, row in rows]
