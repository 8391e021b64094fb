"""Pages of series: create one, see its occurrences, edit it, and change single occurrences."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import RowAction, Toast
from crm.web.reader import Reader
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.details.detail_fields import posted_rows, stored_rows
from followups.links.planned_record import PlannedRecord, read_planned_record
from followups.links.record_names import name_record
from followups.models import FollowUp, FollowUpSeries
from followups.models.kind_setup import kinds
from followups.models.links import has_customer, links_of
from followups.planning.form_context import field_context, posted_choices, reminder_context
from followups.planning.new_follow_up import planned_by, repeats
from followups.planning.typed_wish import read_wish
from followups.quick_entry.moment import OPENING
from followups.recurrence.edits import (
    SeriesValues,
    build_series,
    create_series,
    edit_all,
    edit_following,
    end_series,
    resume_series,
)
from followups.recurrence.form import SeriesForm, blank_choices, choices_of
from followups.recurrence.occurrences import iterate_occurrences
from followups.recurrence.preview import build_preview, list_done
from followups.recurrence.single import bring_back, edit_occurrence, move_occurrence, put_back, skip_occurrence
from followups.reminders.fields import ReminderField
from followups.time_choices import parse_form_time
from followups.views.follow_up_action import get_follow_up, planned_toast


@require("followups.work")
def new_series(request: TenantRequest) -> HttpResponse:
    """Show the form of a series about the lead in `?job=`, or the follow-up in `?of=`; POST creates it."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    first, about = _read_about(request)
    record = about.record
    if first is not None:
        record = first.record
    if request.method != "POST":
        return _render_page(request, choices=_first_choices(request, first), first=first, about=about)
    if request.POST.get("do") == "preview":
        return _render_page(request, choices=posted_choices(request.POST), first=first, about=about)
    if first is None and not repeats(request.POST):
        return _plan_once(request, about)
    try:
        series = create_series(SeriesForm(request.POST).values(), by=request.member, about=record, first=first)
    except Refused as why:
        return _render_page(request, choices=posted_choices(request.POST), first=first, about=about, why=str(why))
    messages.success(request, _("The series is planned."))
    return redirect(_series_url(request, series))


def _plan_once(request: TenantRequest, about: PlannedRecord) -> HttpResponse:
    """Plan one follow-up by the same form: it does not repeat."""
    reader = Reader.of(request.member, clock.now())
    try:
        planned = planned_by(request, about.job, read_wish(request, reader), about=about.record)
    except Refused as why:
        return _render_page(request, choices=posted_choices(request.POST), about=about, why=str(why))
    toast = planned_toast(request, planned, reader)
    messages.success(request, toast.text, extra_tags=toast.undo)
    return redirect("followups:follow_up", request.tenant.slug, planned.uid)


@require("followups.work")
def series_page(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a series with its occurrences; POST saves the form for one, the following, or all occurrences."""
    series = _get_series(request, uid)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if request.method != "POST":
        return _render_page(request, series=series, choices=choices_of(series))
    if request.POST.get("do") == "preview":
        return _render_page(request, series=series, choices=posted_choices(request.POST))
    try:
        saved = _save(request, series)
    except Stale:
        series = _get_series(request, uid)
        return _render_page(request, series=series, choices=choices_of(series), why=stale_message(), status=409)
    except Refused as why:
        return _render_page(request, series=series, choices=posted_choices(request.POST), why=str(why))
    messages.success(request, _("The series is saved."))
    return redirect(_series_url(request, saved))


@require("followups.work")
@require_POST
def preview(request: TenantRequest) -> HttpResponse:
    """Render what the form gives so far: the rule in words and the next occurrences."""
    series = None
    if request.POST.get("series"):
        series = _get_series(request, _read_uid(request.POST["series"]))
    job = None
    if series is None:
        job = _read_about(request)[1].job
    return render(request, "followups/series/_preview.html", _preview_context(request, series, request.POST, job))


def _save(request: TenantRequest, series: FollowUpSeries) -> FollowUpSeries:
    """Save the form as far as the chosen scope reaches. Returns the series that has the next occurrences."""
    values = SeriesForm(request.POST).values()
    version = request.POST.get("version", "")
    scope = request.POST.get("scope", "")
    original = _read_instant(request.POST.get("original", ""))
    if scope == "one" and original is not None:
        edit_occurrence(series, original, values, by=request.member, version=version)
    elif scope == "following" and original is not None:
        return edit_following(series, original, values, by=request.member, version=version)
    elif scope == "all":
        edit_all(series, values, by=request.member, version=version)
    else:
        raise Refused(_("Choose how far the change reaches."))
    return series


class SeriesAction(RowAction[FollowUpSeries]):
    """An action on a series."""

    model = FollowUpSeries
    permission = "followups.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> FollowUpSeries:
        series = _get_series(request, named["uid"])
        if lock:
            series.lock()
        return series

    def answer(self, request: TenantRequest, row: FollowUpSeries, toast: Toast) -> HttpResponse:
        level = messages.SUCCESS
        if toast.status != 200:
            level = messages.WARNING
        messages.add_message(request, level, toast.text)
        return redirect(_series_url(request, row))


action = SeriesAction()


@action()
def end(request: TenantRequest, series: FollowUpSeries) -> str:
    """End it."""
    end_series(series, by=request.member)
    return _("The series has ended. What was to come is cancelled.")


@action()
def resume(request: TenantRequest, series: FollowUpSeries) -> str:
    """Continue it."""
    resume_series(series, by=request.member)
    return _("The series goes on.")


@action()
def skip(request: TenantRequest, series: FollowUpSeries) -> str:
    """Leave out one occurrence."""
    skip_occurrence(series, _posted_original(request), reason=request.POST.get("reason", ""), by=request.member)
    return _("Left out.")


@action()
def unskip(request: TenantRequest, series: FollowUpSeries) -> str:
    """Bring a skipped occurrence back."""
    bring_back(series, _posted_original(request), by=request.member)
    return _("Brought back.")


@action()
def move(request: TenantRequest, series: FollowUpSeries) -> str:
    """Move one occurrence."""
    at = parse_form_time(request.POST.get("day", ""), request.POST.get("clock", ""), series.time_zone)
    if at is None:
        raise Refused(_("Choose a day and time in the future."))
    move_occurrence(series, _posted_original(request), at, by=request.member)
    return _("Moved to %(moment)s.") % {"moment": Reader.of(request.member, clock.now()).moment(at)}


@action()
def unmove(request: TenantRequest, series: FollowUpSeries) -> str:
    """Put a moved occurrence back."""
    put_back(series, _posted_original(request), by=request.member)
    return _("Put back.")


def _get_series(request: TenantRequest, uid: UUID | None) -> FollowUpSeries:
    series: FollowUpSeries = get_object_or_404(FollowUpSeries.objects.visible_to(request.member), uid=uid)
    return series


def _series_url(request: HttpRequest, series: FollowUpSeries) -> str:
    return reverse("followups:series", args=[request.tenant.slug, series.uid])  # type: ignore[attr-defined]


def _read_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read_instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return None
    return instant.astimezone(UTC)


def _posted_original(request: TenantRequest) -> datetime:
    original = _read_instant(request.POST.get("original", ""))
    if original is None:
        raise Refused(_("The series has no occurrence at that time any more."))
    return original


def _read_about(request: TenantRequest) -> tuple[FollowUp | None, PlannedRecord]:
    """Return the follow-up in `of` that is to repeat, and the record the series is about."""
    fields = request.GET
    if request.method == "POST":
        fields = request.POST
    if fields.get("of"):
        uid = _read_uid(fields["of"])
        if uid is None:
            raise Http404
        return get_follow_up(request, uid), PlannedRecord()
    return None, read_planned_record(fields, request.member)


def _first_choices(request: TenantRequest, first: FollowUp | None) -> dict[str, Any]:
    reader = Reader.of(request.member, clock.now())
    zone = directory().zone
    tomorrow = reader.today + timedelta(days=1)
    if first is None or first.due_at is None:
        return blank_choices(tomorrow, OPENING, zone.key)
    local = first.due_at.astimezone(zone)
    choices = blank_choices(local.date(), local.time(), zone.key)
    choices |= {"subject": first.subject, "kind": first.kind, "priority": str(first.priority), "notes": first.notes}
    choices |= {"minutes": str(first.own_minutes or ""), "meeting": first.meeting, "completes_on": first.completes_on}
    if first.assignee:
        choices["assignee"] = str(first.assignee.uid)
    return choices


def _preview_context(
    request: TenantRequest, series: FollowUpSeries | None, posted: QueryDict, job: Job | None
) -> dict[str, Any]:
    """Return the preview of what is typed, or why there is none. It needs no subject yet."""
    reader = Reader.of(request.member, clock.now())
    fields = posted.copy()
    if not fields.get("subject", "").strip():
        fields["subject"] = "–"
    context: dict[str, Any] = {"series": series, "unclear": "", "today": reader.today.isoformat()}
    try:
        typed = _typed_series(series, SeriesForm(fields).values(), job)
    except Refused as why:
        return context | {"unclear": str(why)}
    return context | {"preview": build_preview(typed, reader)}


def _typed_series(series: FollowUpSeries | None, values: SeriesValues, job: Job | None) -> FollowUpSeries:
    """Return the unsaved series of a form; with the exceptions of the saved one."""
    typed = build_series(values, job=job)
    if series is not None:
        typed.pk = series.pk
        typed.job = series.job
        typed.cut_at = series.cut_at
    return typed


def _render_page(
    request: TenantRequest,
    *,
    choices: dict[str, Any],
    series: FollowUpSeries | None = None,
    first: FollowUp | None = None,
    about: PlannedRecord | None = None,
    why: str = "",
    status: int = 0,
) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    posted = _query_of(choices)
    record = (series or first or about or PlannedRecord()).record
    job = links_of(record)["job"]
    is_for_customer = has_customer(record)
    rows = _reminder_rows(request, series or first)
    context = {
        **_preview_context(request, series, posted, job),
        **field_context(choices, reader, job),
        **reminder_context(choices, request.member, job, rows=rows, has_customer=is_for_customer),
        "who_else": _("Whoever has the lead") if job else _("Whoever plans it"),
        "why": why,
        "first": first,
        "job": job,
        "about": about,
        "record_name": name_record(record) if record else "",
        "kinds": _offered_kinds(choices["kind"]),
    }
    if series is not None:
        context |= {"done": list_done(series, reader), "original": _next_original(series, reader.now)}
        context["is_archived"] = not kinds().offers(series.kind)
    if why and not status:
        status = 422
    return render(request, "followups/series/page.html", context, status=status or 200)


def _query_of(choices: dict[str, Any]) -> QueryDict:
    """Return choices as a form sends them."""
    query = QueryDict(mutable=True)
    for name, value in choices.items():
        if isinstance(value, list):
            query.setlist(name, value)
        else:
            query[name] = str(value)
    return query


def _offered_kinds(chosen: str) -> list[Any]:
    return [kind for kind in kinds().all.values() if not kind.archived or kind.code == chosen]


def _reminder_rows(request: TenantRequest, stored: FollowUpSeries | FollowUp | None) -> list[ReminderField] | None:
    """Return the reminders as they were typed, else those of a series or follow-up; None: what is proposed."""
    if "proposed" in request.POST:
        return posted_rows(request.POST)
    if stored is None:
        return None
    return stored_rows(stored.details, stored.assignee_id, stored.kind)


def _next_original(series: FollowUpSeries, now: datetime) -> str:
    """Return the original instant of the next occurrence, from which on a change reaches."""
    open_rows = FollowUp.objects.open().filter(series=series, original_start__isnull=False, due_at__gt=now)
    first = open_rows.order_by("original_start").values_list("original_start", flat=True).first()
    if first is None:
        first = next((one.original for one in iterate_occurrences(series) if one.original > now), None)
    if first is None:
        return ""
    return str(first.isoformat())
