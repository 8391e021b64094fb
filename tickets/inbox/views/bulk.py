"""Act on the selected conversations: take them, solve, put off till tomorrow, set the priority; with undo."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Member
from crm.web.actions.row_action import safe_next
from crm.web.lists.selection import selected
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.inbox.replies import tomorrow_morning
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Ticket
from tickets.views.acts import receivers

# One by one, each with its own clock and events.
MOST = 500

Act = Callable[[Ticket, Member], None]


def _take(ticket: Ticket, by: Member) -> None:
    if ticket.member_id != by.pk:
        if by not in receivers(ticket, by):
            raise Refused(_("That is a colleague’s conversation."))
        ticket.assign_to(by, by=by)


def _solve(ticket: Ticket, by: Member) -> None:
    if ticket.is_open:
        ticket.solve(by=by)


def _snooze(ticket: Ticket, by: Member) -> None:
    if ticket.is_open:
        ticket.snooze(tomorrow_morning(Reader.of(by, clock.now())), by=by)


def _prioritized(priority: Priority) -> Act:
    def prioritize(ticket: Ticket, by: Member) -> None:
        if ticket.is_open:
            ticket.prioritize(priority, by=by)

    return prioritize


# What the form's buttons say, the event it is undone by, and what is done.
ACTS: dict[str, tuple[str, Act]] = {
    "take": ("ticket.assigned", _take),
    "solve": ("ticket.solved", _solve),
    "snooze": ("ticket.snoozed", _snooze),
    **{f"priority-{one.value}": ("ticket.prioritized", _prioritized(one)) for one in Priority},
}


@require("tickets.work")
@require_POST
def bulk(request: TenantRequest) -> HttpResponse:
    """Do one thing with all that are selected, or with none of them."""
    back = redirect(safe_next(request) or TICKETS.url("list", request.tenant.slug))
    kind, act = ACTS.get(request.POST.get("act", ""), ("", None))
    if act is None:
        return back
    try:
        ids = selected(TICKETS, request.POST, request.member)
        if len(ids) > MOST:
            raise Refused(_("That is more than %(most)s. Narrow the view, or take it in parts.") % {"most": MOST})
        rows = list(Ticket.objects.filter(pk__in=ids).order_by("pk"))
        with undo.recorded(kind, rows, by=request.member) as change:
            for ticket in rows:
                act(ticket, request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return back
    words = ngettext("Done with %(count)s conversation.", "Done with %(count)s conversations.", len(rows))
    undo_url = reverse("undo", args=[request.tenant.slug, change.uid]) if change.pk is not None else ""
    messages.success(request, words % {"count": len(rows)}, extra_tags=undo_url)
    return back
