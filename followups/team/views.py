"""The team page: hours of each member and working day against the hours they have, and moving work between them."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel import clock, durations
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.filters import SEE_ALL
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.head import layout_tabs
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.time_choices import parse_form_time
from followups.views.follow_up_action import action, follow_up_page, get_follow_up
from followups.views.plan import chosen_member
from followups.workload.day_load import DayLoad, TeamMemberDays, team_loads, unowned_load, working_days

# Follow-ups of a day that are shown to be moved; the rest is behind the number.
MOST_SHOWN = 12
# Hours, however many there are: no day of 24 hours.
_NO_DAYS = 1000 * 24 * 3600


@require(SEE_ALL)
def team(request: TenantRequest) -> HttpResponse:
    """Show the team's hours from the day of the URL, by default today; `open`: the member whose work is shown."""
    reader = Reader.of(request.member, clock.now())
    first = max(read_day(request.GET.get("day", "")) or reader.today, reader.today)
    days = working_days(first)
    rows = FollowUp.objects.visible_to(request.member)
    unowned_count, unowned_minutes = unowned_load(rows)
    opened = request.GET.get("open", "")
    page = FOLLOW_UPS.url("list", request.tenant.slug)
    own_path = request.path
    context = {
        "layout_tabs": layout_tabs(request, FOLLOW_UPS.filters()),
        "layout": "team",
        "days": [(reader.date(day), day == reader.today) for day in days],
        "first": days[0],
        "lines": [_member_line(request, load, page, opened, reader) for load in team_loads(days, reader.zone, rows)],
        "unowned": {"count": unowned_count, "hours": _hours(unowned_minutes), "view": f"?who={NOBODY}"},
        "list_url": page,
        "later": f"{own_path}?day={days[-1] + timedelta(days=1)}",
        "is_now": first == reader.today,
        "here": request.get_full_path(),
        "zone_name": reader.zone.key,
    }
    return render(request, "followups/team/team.html", context)


@require(SEE_ALL)
def rebalance(request: TenantRequest, uid: UUID) -> HttpResponse:
    """GET: the menu of a follow-up. POST: move it to the `day` and `member`, by the action that this is."""
    follow_up = get_follow_up(request, uid)
    if request.method != "POST":
        return _render_menu(request, follow_up)
    member = chosen_member(request.POST.get("member", ""))
    own_day = _local_day(follow_up, Reader.of(request.member, clock.now()))
    if member is None or member.pk == follow_up.assignee_id:
        return _change_day(request, uid=uid)
    if request.POST.get("day", "") != own_day:
        return _change_both(request, uid=uid)
    return _change_member(request, uid=uid)


def _local_day(follow_up: FollowUp, reader: Reader) -> str:
    """Return the reader's day on which it is due; "" without a date."""
    if follow_up.due_at is None:
        return ""
    return follow_up.due_at.astimezone(reader.zone).date().isoformat()


@action("followup.rescheduled")
def _change_day(request: TenantRequest, follow_up: FollowUp) -> str:
    return _move_day(request, follow_up)


@action("followup.assigned")
def _change_member(request: TenantRequest, follow_up: FollowUp) -> str:
    return _give_to(request, follow_up)


@action()
def _change_both(request: TenantRequest, follow_up: FollowUp) -> str:
    return f"{_move_day(request, follow_up)} {_give_to(request, follow_up)}"


def _move_day(request: TenantRequest, follow_up: FollowUp) -> str:
    """Move it to the day of the form, at its own time of day; today at one that is still to come."""
    reader = Reader.of(request.member, clock.now())
    wall_clock = request.POST.get("clock", "")
    if not wall_clock and follow_up.due_at:
        wall_clock = follow_up.due_at.astimezone(reader.zone).strftime("%H:%M")
    at = parse_form_time(request.POST.get("day", ""), wall_clock, reader.zone)
    if at is None or at <= reader.now:
        raise Refused(_("Choose a day and time in the future."))
    follow_up.reschedule(at, by=request.member)
    return _("Moved to %(moment)s.") % {"moment": reader.moment(at)}


def _give_to(request: TenantRequest, follow_up: FollowUp) -> str:
    member = chosen_member(request.POST.get("member", ""))
    if member is None:
        raise Refused(_("Choose a colleague."))
    follow_up.assign_to(member, by=request.member)
    return _("Assigned to %(name)s.") % {"name": member.name}


def _render_menu(request: TenantRequest, follow_up: FollowUp) -> HttpResponse:
    """Render the menu of a follow-up; without scripts, its page has the same actions."""
    if not request.htmx:
        return follow_up_page(request, follow_up)
    reader = Reader.of(request.member, clock.now())
    days = working_days(reader.today)
    loads = team_loads(days, reader.zone, FollowUp.objects.visible_to(request.member))
    own_day = _local_day(follow_up, reader)
    owner = directory().members.get(follow_up.assignee_id or 0)
    context = {
        "follow_up": follow_up,
        "days": [(day.isoformat(), reader.date(day)) for day in days],
        "own_day": own_day,
        "members": [(load.member, f"{_hours(load.planned)} / {_hours(load.capacity)}") for load in loads],
        "next": f"{reverse('followups:team', args=[request.tenant.slug])}?open={owner.uid if owner else NOBODY}",
    }
    return render(request, "followups/team/_menu.html", context)


def _member_line(
    request: TenantRequest, load: TeamMemberDays, page: str, opened: str, reader: Reader
) -> dict[str, Any]:
    member = load.member
    uid = str(member.uid)
    is_open = uid == opened
    own_path = request.path
    query = {"day": load.days[0].day, "open": "" if is_open else uid}
    return {
        "member": member,
        "uid": uid,
        "is_open": is_open,
        "open_url": f"{own_path}?{urlencode(query)}",
        "hours": _hours_words(load.planned, load.capacity),
        "is_over": load.planned > load.capacity,
        "cells": [_day_cell(request, one, member, page, is_open, reader) for one in load.days],
        "view": f"?{urlencode([('who', uid), *_due_within(load.days[0].day, load.days[-1].day)])}",
        "count": load.count,
    }


def _day_cell(
    request: TenantRequest, load: DayLoad, member: Member, page: str, is_open: bool, reader: Reader
) -> dict[str, Any]:
    uid = str(member.uid)
    slots = []
    if is_open:
        slots = [_slot(request, row, uid, reader) for row in load.follow_ups[:MOST_SHOWN]]
    return {
        "day": load.day.isoformat(),
        "words": _hours_words(load.planned, load.capacity),
        "load": load,
        "bar": min(100, load.percent),
        "url": f"{page}?{urlencode([('who', uid), *_due_within(load.day, load.day)])}",
        "count": len(load.follow_ups),
        "slots": slots,
        "more": max(0, len(load.follow_ups) - len(slots)) if is_open else 0,
    }


def _slot(request: TenantRequest, follow_up: FollowUp, uid: str, reader: Reader) -> dict[str, Any]:
    """Return a follow-up that can be dragged, with the values that static/js/moving.js sends."""
    slug = request.tenant.slug
    at = follow_up.sort_at.astimezone(reader.zone)
    return {
        "subject": follow_up.subject,
        "about": follow_up.about_name,
        "note": f"{reader.time(at)} · {_hours(kinds().of(follow_up.kind).minutes)}",
        "url": reverse("followups:follow_up", args=[slug, follow_up.uid]),
        "menu_url": reverse("followups:rebalance", args=[slug, follow_up.uid]),
        "starts": at.isoformat(),
        "version": follow_up.version,
        "members": uid,
    }


def _due_within(first: date, last: date) -> list[tuple[str, str]]:
    return [("where", f"due:since:{first}"), ("where", f"due:before:{last + timedelta(days=1)}")]


def _hours(minutes: int) -> str:
    return durations.short_duration(minutes * 60, _NO_DAYS)


def _hours_words(planned: int, capacity: int) -> str:
    if not capacity:
        return _hours(planned)
    return _("%(planned)s of %(capacity)s") % {"planned": _hours(planned), "capacity": _hours(capacity)}
