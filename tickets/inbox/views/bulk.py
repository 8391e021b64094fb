"""Bulk actions on selected conversations: assign, solve, snooze till tomorrow, set the priority, tag; with undo."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Member
from crm.web.actions.row_action import safe_next
from crm.web.lists.selection import selected_ids
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.inbox.replies import tomorrow_morning
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Status, Ticket
from tickets.models.ticket_verbs.assignment import assign_tickets
from tickets.views.ticket_verbs import NOBODY, holders, receivers, teams

# One by one, each with its own clock and events.
MOST = 500
LONGEST_REASON = 200

Act = Callable[[list[Ticket], Member], None]


def _for_each(act: Callable[[Ticket, Member], None]) -> Act:
    def acts(tickets: list[Ticket], by: Member) -> None:
        for ticket in tickets:
            act(ticket, by)

    return acts


def _take_ticket(ticket: Ticket, by: Member) -> None:
    if ticket.member_id != by.pk:
        if by not in receivers(ticket, by):
            raise Refused(_("This conversation belongs to a colleague."))
        ticket.assign_to(by, by=by)


def _solve_open(ticket: Ticket, by: Member) -> None:
    if ticket.is_open:
        ticket.solve(by=by)


def _snooze_open(ticket: Ticket, by: Member) -> None:
    if ticket.is_open:
        ticket.snooze(tomorrow_morning(Reader.of(by, clock.now())), by=by)


def _set_priority(priority: Priority) -> Act:
    def prioritize(ticket: Ticket, by: Member) -> None:
        if ticket.is_open:
            ticket.prioritize(priority, by=by)

    return _for_each(prioritize)


# What the form's buttons say, the event it is undone by, and what is done.
ACTS: dict[str, tuple[str, Act]] = {
    "take": ("ticket.assigned", _for_each(_take_ticket)),
    "solve": ("ticket.solved", _for_each(_solve_open)),
    "snooze": ("ticket.snoozed", _for_each(_snooze_open)),
    **{f"priority-{one.value}": ("ticket.prioritized", _set_priority(one)) for one in Priority},
}


def _pressed_act(request: TenantRequest) -> tuple[str, Act | None]:
    """Return the action of the pressed button; None for an unknown one."""
    name = request.POST.get("act", "")
    if name not in ("tag", "untag"):
        return ACTS.get(name, ("", None))
    chosen = [tag for tag in tags().all.values() if str(tag.uid) == request.POST.get("tag")]

    def change_tags(ticket: Ticket, by: Member) -> None:
        if not chosen:
            raise Refused(_("Choose a tag."))
        ticket.tag(*(([], chosen) if name == "untag" else (chosen,)), by=by)

    return "ticket.tagged", _for_each(change_tags)


@require("tickets.work")
@require_POST
def bulk(request: TenantRequest) -> HttpResponse:
    """Apply an action to all selected tickets, or to none."""
    kind, act = _pressed_act(request)
    if act is None:
        return _redirect_to_list(request)
    try:
        return _run_act(request, kind, _selected_tickets(request), act)
    except Refused as why:
        messages.warning(request, str(why))
        return _redirect_to_list(request)


@require("tickets.assign")
@require_POST
def bulk_assign(request: TenantRequest) -> HttpResponse:
    """Show the form for assigning the selected tickets, or assign them. Closed tickets are skipped."""
    try:
        rows = [ticket for ticket in _selected_tickets(request) if ticket.status != Status.CLOSED]
        if not rows:
            raise Refused(_("These conversations are closed."))
    except Refused as why:
        messages.warning(request, str(why))
        return _redirect_to_list(request)
    if "to" not in request.POST:
        return _ask_whom(request, len(rows))
    kind, act = _assignment_act(request.POST["to"], request.POST.get("reason", ""), request.member)
    return _run_act(request, kind, rows, act)


def _ask_whom(request: TenantRequest, count: int) -> HttpResponse:
    context = {
        "count": count,
        "holders": holders(request.member),
        "teams": teams(request.member),
        "kept": [(name, request.POST.get(name, "")) for name in ("view", "next", "all")],
        "picked": ",".join([request.POST.get("picked", ""), *request.POST.getlist("pick")]).strip(","),
    }
    return render(request, "tickets/bulk.html#dialog" if request.htmx else "tickets/bulk.html", context)


def _assignment_act(wanted: str, reason: str, member: Member) -> tuple[str, Act]:
    """Return the event kind and act for the form's choice: "member:…", "team:…" or unassigned. Raises Http404."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    what, _colon, uid = wanted.partition(":")
    if what == "team":
        team = next((team for team in teams(member) if str(team.uid) == uid), None)
        if team is None:
            raise Http404
        return "ticket.team_changed", _for_each(lambda ticket, by: ticket.give_to_team(team, by=by, reason=reason))
    to = next((one for one in holders(member) if str(one.uid) == uid), None)
    if to is None and wanted != NOBODY:
        raise Http404
    return "ticket.assigned", partial(_assign_all, to, reason)


def _assign_all(to: Member | None, reason: str, tickets: list[Ticket], by: Member) -> None:
    assign_tickets([(ticket, to) for ticket in tickets], by=by, reason=reason)


def _selected_tickets(request: TenantRequest) -> list[Ticket]:
    """Return the selected tickets. Raises Refused for none, or too many."""
    ids = selected_ids(TICKETS, request.POST, request.member)
    if len(ids) > MOST:
        raise Refused(_("That is more than %(most)s. Narrow the view, or take it in parts.") % {"most": MOST})
    return list(Ticket.objects.filter(pk__in=ids).order_by("pk"))


def _run_act(request: TenantRequest, kind: str, rows: list[Ticket], act: Act) -> HttpResponse:
    with undo.record_undoable(kind, rows, by=request.member) as change:
        act(rows, request.member)
    words = ngettext("%(count)s conversation updated.", "%(count)s conversations updated.", len(rows))
    undo_url = ""
    if change.pk is not None:
        undo_url = reverse("undo", args=[request.tenant.slug, change.uid])
    messages.success(request, words % {"count": len(rows)}, extra_tags=undo_url)
    return _redirect_to_list(request)


def _redirect_to_list(request: TenantRequest) -> HttpResponse:
    return redirect(safe_next(request) or TICKETS.url("list", request.tenant.slug))
