"""The call list: one call after another, each with its outcome, a note and the next step. Works without scripts."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.calls.card import card_context, queue_context, visible_job
from followups.calls.outcomes import OUTCOMES, CallOutcome, next_try
from followups.calls.queue import call_kinds, read_queue
from followups.models import FollowUp
from followups.planning.new_follow_up import describe_planned, planned_by
from followups.planning.typed_wish import agrees_to_once, parse_wish
from followups.views.follow_up_action import FollowUpAction, act_reader, get_follow_up
from followups.views.renewal import read_renewal, renewal_context

MOST_WORDS = 4000


@require("followups.work")
def call_list(request: TenantRequest) -> HttpResponse:
    """Show the most urgent call, or that there is none left today."""
    queue = read_queue(request.member, Reader.of(request.member, clock.now()))
    if not queue.waiting:
        return render(request, "followups/calls/done.html", queue_context(request, queue))
    return _show_call(request, queue.waiting[0])


@require("followups.work")
def call(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the card of one call. A call that is made already leads to the follow-up's page."""
    follow_up = get_follow_up(request, uid)
    if follow_up.kind not in call_kinds():
        raise Http404
    if not follow_up.is_open:
        return redirect("followups:follow_up", request.tenant.slug, uid)
    return _show_call(request, follow_up)


def _show_call(request: TenantRequest, follow_up: FollowUp, why: str = "", status: int = 200) -> HttpResponse:
    queue = read_queue(request.member, Reader.of(request.member, clock.now()))
    reader = Reader.of(request.member, clock.now())
    context = {**card_context(request, queue, follow_up), "why": why, "given": request.POST}
    context |= renewal_context(request, follow_up, reader)
    return render(request, "followups/calls/call.html", context, status=status)


class CallListAction(FollowUpAction):
    """The outcome of a call: it is answered with the next call."""

    def answer(self, request: TenantRequest, row: FollowUp, toast: Toast) -> HttpResponse:
        if toast.status == HTTPStatus.CONFLICT and not row.is_open:
            messages.warning(request, toast.text)
            return redirect("followups:calls", request.tenant.slug)
        if toast.status != HTTPStatus.OK:
            return _show_call(request, row, toast.text, toast.status)
        messages.success(request, f"{row.undo_name} · {toast.text}", extra_tags=toast.undo)
        return redirect(self._next_url(request))

    def _next_url(self, request: TenantRequest) -> str:
        """Return the URL of the call that followed when the form was shown, if it is still to be made."""
        slug = request.tenant.slug
        queue = read_queue(request.member, Reader.of(request.member, clock.now()))
        following = request.POST.get("following", "")
        if any(str(row.uid) == following for row in queue.waiting):
            return reverse("followups:call", args=[slug, following])
        return reverse("followups:calls", args=[slug])


action = CallListAction()


@action("followup.completed")
def end_call(request: TenantRequest, follow_up: FollowUp) -> str:
    """Save how a call went, and plan the next step."""
    outcome = OUTCOMES.get(request.POST.get("outcome", ""))
    if outcome is None:
        raise Refused(_("Choose how the call went."))
    reader = act_reader(request)
    line = request.POST.get("then", "").strip()
    wish = None
    if line:
        wish = parse_wish(line, reader, once=agrees_to_once(request))
    elif outcome.asks_when:
        raise Refused(_("Write when to call again, as “call tue 3pm”."))
    note = " ".join(filter(None, [str(outcome.words), request.POST.get("note", "").strip()]))[:MOST_WORDS]
    follow_up.complete(outcome.ends_as, by=request.member, note=note, contact=outcome.contact)
    done = _("Done: %(outcome)s.") % {"outcome": outcome.label}
    text = " ".join(filter(None, [done, read_renewal(request, follow_up, reader)]))
    if wish:
        planned = planned_by(request, visible_job(follow_up, request.member), wish, follow_up)
        return f"{text} {describe_planned(planned, reader)}"
    at = next_try(outcome, reader)
    if at is None:
        return text
    return f"{text} {describe_planned(_plan_next_try(request, follow_up, outcome, at), reader)}"


def _plan_next_try(request: TenantRequest, follow_up: FollowUp, outcome: CallOutcome, at: datetime) -> FollowUp:
    """Plan the same call again; undoing the outcome takes it back."""
    return FollowUp.plan(
        kind=follow_up.kind,
        subject=follow_up.subject,
        due_at=at,
        by=request.member,
        job=follow_up.job,
        assignee=directory().members.get(follow_up.assignee_id or 0) or request.member,
        priority=follow_up.priority,
        after=follow_up,
        origin=follow_up.followed_by,
    )
