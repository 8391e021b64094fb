"""Edit one follow-up: everything that is chosen when it is planned, in the same form."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.web.reader import Reader
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.details.detail_fields import posted_rows, read_details, stored_rows
from followups.feed import meeting_urls_of
from followups.models import FollowUp
from followups.models.edits import edit_all
from followups.models.follow_up import clean_subject
from followups.models.kind_setup import kinds
from followups.planning.form_context import field_context, posted_choices, reminder_context
from followups.planning.new_follow_up import chosen_member, read_promised_limit
from followups.recurrence.words import describe_series
from followups.time_choices import parse_form_time
from followups.views.follow_up_action import get_follow_up


@require("followups.work")
def edit(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form of a follow-up; POST saves it."""
    follow_up = get_follow_up(request, uid)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if request.method != "POST":
        return _render_page(request, follow_up, _stored_choices(request, follow_up))
    try:
        _save(request, follow_up)
    except Stale:
        follow_up = get_follow_up(request, uid)
        return _render_page(request, follow_up, _stored_choices(request, follow_up), stale_message(), 409)
    except Refused as why:
        follow_up = get_follow_up(request, uid)
        return _render_page(request, follow_up, posted_choices(request.POST), str(why), 422)
    messages.success(request, _("The follow-up is saved."))
    return redirect("followups:follow_up", request.tenant.slug, follow_up.uid)


@transaction.atomic
def _save(request: TenantRequest, follow_up: FollowUp) -> None:
    """Save what differs. Raises Refused with a sentence, and Stale for an outdated or closed follow-up."""
    post = request.POST
    follow_up.lock()
    follow_up.expect_version(post.get("version", ""))
    before = _stored_choices(request, follow_up)
    due_at = follow_up.due_at
    if (post.get("day", ""), post.get("clock", "")) != (before["day"], before["clock"]):
        due_at = _read_time(request)
        if due_at is not None:
            follow_up.reschedule(due_at, by=request.member)
    kind = post.get("kind", "")
    if kind != follow_up.kind and not kinds().offers(kind):
        raise Refused(_("Choose a type."))
    details = read_details(post, kind=kind)
    edit_all([(follow_up, _read_texts(request, follow_up, kind, before) | details)], by=request.member)
    member = chosen_member(post.get("assignee", ""))
    if member is not None:
        follow_up.assign_to(member, by=request.member)
    if post.get("priority", "") in map(str, Priority.values):
        follow_up.prioritize(int(post["priority"]), by=request.member)
    follow_up.set_reminders(details["own_reminders"], customer_times=details["customer_reminders"], by=request.member)
    follow_up.set_completes_on(details["completes_on"], by=request.member)


def _read_texts(request: TenantRequest, follow_up: FollowUp, kind: str, before: dict[str, Any]) -> dict[str, Any]:
    """Return the words of the form and the promised time, by column."""
    try:
        subject = clean_subject(request.POST.get("subject", ""), kind)
    except ValueError as why:
        raise Refused(_("Write what to do.")) from why
    limit_at = follow_up.limit_at
    if request.POST.get("limit_day", "") != before["limit_day"]:
        limit_at = read_promised_limit(request, follow_up.due_at or clock.now())
    notes = request.POST.get("notes", "").replace("\r\n", "\n").strip()[:4000]
    return {"kind": kind, "subject": subject, "notes": notes, "limit_at": limit_at}


def _read_time(request: TenantRequest) -> datetime | None:
    reader = Reader.of(request.member, clock.now())
    at = parse_form_time(request.POST.get("day", ""), request.POST.get("clock", ""), reader.zone)
    if at is None or at <= reader.now:
        raise Refused(_("Choose a day and time in the future."))
    return at


def _stored_choices(request: TenantRequest, follow_up: FollowUp) -> dict[str, Any]:
    """Return the values of the fields of a follow-up as it is."""
    zone = Reader.of(request.member, clock.now()).zone
    day = at = limit_day = ""
    if follow_up.due_at:
        local = follow_up.due_at.astimezone(zone)
        day = local.date().isoformat()
        at = f"{local:%H:%M}"
    if follow_up.limit_at:
        limit_day = follow_up.limit_at.astimezone(zone).date().isoformat()
    return {
        "subject": follow_up.subject,
        "kind": follow_up.kind,
        "assignee": str(follow_up.assignee.uid) if follow_up.assignee else "",
        "day": day,
        "clock": at,
        "priority": str(follow_up.priority),
        "notes": follow_up.notes,
        "limit_day": limit_day,
        "minutes": str(follow_up.own_minutes or ""),
        "meeting": follow_up.meeting,
        "completes_on": follow_up.completes_on,
        "zone": "",
    }


def _render_page(
    request: TenantRequest, follow_up: FollowUp, choices: dict[str, Any], why: str = "", status: int = 200
) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    rows = stored_rows(follow_up.details, follow_up.assignee_id, follow_up.kind)
    if status == 422:
        rows = posted_rows(request.POST)
    own = kinds().of(follow_up.kind)
    offered = kinds().fitting(follow_up.job.pipeline_id if follow_up.job else None)
    is_for_customer = bool(follow_up.person_id)
    context = {
        **field_context(choices, reader, follow_up.job),
        **reminder_context(choices, request.member, follow_up.job, rows=rows, has_customer=is_for_customer),
        "kinds": offered if own in offered else [own, *offered],
        "who_else": "" if follow_up.assignee_id else _("unassigned"),
        "follow_up": follow_up,
        "repeats_words": describe_series(follow_up.series, reader) if follow_up.series else "",
        "meeting_url": meeting_urls_of([follow_up]).get(follow_up.pk, ""),
        "why": why,
    }
    return render(request, "followups/edit.html", context, status=status)
