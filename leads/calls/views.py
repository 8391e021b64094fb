"""Views of calls: their list, the panel of one call on its message, and what a member decides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.models import Message
from crm.jobs.list.conditions import SEE_ALL
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Change
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment, page_path
from crm.web.requests.permissions import require
from leads.calls.call_list import CALLS
from leads.calls.call_rows import FIRST_REASONS, call_rows
from leads.calls.decision import count_call, excuse_call, take_back_decision
from leads.calls.numbers import all_numbers
from leads.calls.report import call_figures
from leads.lead_list import LEADS
from leads.models import ExcuseReason, TrackedCall
from leads.sources.report import figures as source_figures
from leads.sources.report.formatting import SourceReportFormat
from leads.sources.report.lead_count import ReportScope
from leads.sources.report.period import read as read_period

DECIDE = "leads.decide_calls"


def _reason_choices() -> dict[str, Any]:
    others = [reason for reason in ExcuseReason if reason not in FIRST_REASONS]
    return {
        "reasons": ExcuseReason.choices,
        "first_reasons": [(str(reason), str(reason.label)) for reason in FIRST_REASONS],
        "other_reasons": [(str(reason), str(reason.label)) for reason in others],
    }


@require("sources.view")
def calls(request: TenantRequest) -> HttpResponse:
    """Show the calls on tracking numbers, with what counts and why."""
    member = request.member
    filters = CALLS.read(request.GET, member)
    rows = CALLS.apply(filters, member).prefetch_related("message__person")
    page = read_page(rows, request.GET, CALLS.order_of(filters))
    context = {
        "page": page,
        "rows": call_rows(page.rows, member, Reader.of(member, clock.now()), request.tenant.slug),
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "may_decide": allows(member, DECIDE),
        "may_manage": allows(member, "sources.manage"),
    }
    return render(request, "leads/calls/list.html", context | frame(request, CALLS, filters))


@require("sources.view")
def figures(request: TenantRequest) -> HttpResponse:
    """Show the calls of the report on sources, for its period; the report loads it as a panel."""
    if not allows(request.member, SEE_ALL):
        raise Http404
    reader = Reader.of(request.member, clock.now())
    _name, period = read_period(request.GET, clock.now().astimezone(directory().zone).date())
    scope = ReportScope(period)
    jobs = LEADS.base(LEADS.filters(), request.member)
    of_sources = source_figures.read(jobs, scope, source_figures.kept_of(scope))
    slug = request.tenant.slug
    context = {
        "rows": call_figures(period, of_sources, SourceReportFormat(reader, slug), slug),
        "days": " – ".join(reader.date(day) for day in (period.first, period.last)),
        "may_manage": allows(request.member, "sources.manage"),
        "has_numbers": bool(all_numbers()),
    }
    return render(request, f"leads/calls/figures.html{_panel_part(request)}", context)


@require("comms.view")
def call_panel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show whether the call of a message counts, and the buttons that decide it; empty for other messages."""
    visible = Message.objects.visible_to(request.member).filter(uid=uid)
    message = visible.first()
    if message is None:
        raise Http404
    call = TrackedCall.objects.filter(message=message).select_related("message__person").first()
    message_url = reverse("comms:message", args=[request.tenant.slug, uid])
    if call is None and not is_fragment(request):
        return redirect(message_url)
    row = None
    if call:
        [row] = call_rows([call], request.member, Reader.of(request.member, clock.now()), request.tenant.slug)
    context = {
        "row": row,
        # A conversation that shows it is where its forms lead back to.
        "here": page_path(request) or message_url,
        "may_decide": allows(request.member, DECIDE),
        "message_url": message_url,
        **_reason_choices(),
    }
    return render(request, f"leads/calls/call.html{_call_part(request)}", context)


def _call_part(request: TenantRequest) -> str:
    """Return the part of a call's page that is asked for: the list shows its decisions in a menu."""
    if is_fragment(request) and request.GET.get("on") == "list":
        return "#menu"
    return _panel_part(request)


def _panel_part(request: TenantRequest) -> str:
    if is_fragment(request):
        return "#panel"
    return ""


class TrackedCallAction(RowAction[TrackedCall]):
    """A decision about a call; its toast takes it back."""

    model = TrackedCall
    permission = DECIDE

    def success_toast(self, request: TenantRequest, row: TrackedCall, text: str, change: Change | None) -> Toast:
        undo = ""
        if row.is_decided:
            undo = reverse("calls:take_back", args=[request.tenant.slug, row.uid])
        return Toast(text, undo=undo)

    def answer(self, request: TenantRequest, row: TrackedCall, toast: Toast) -> HttpResponse:
        level = messages.SUCCESS
        if toast.status != 200:
            level = messages.WARNING
        messages.add_message(request, level, toast.text, extra_tags=toast.undo)
        fallback = reverse("comms:message", args=[request.tenant.slug, row.message.uid])
        return redirect(safe_next(request) or fallback)


action = TrackedCallAction()


class CallReturn(TrackedCallAction):
    """Taking a decision back: the toast that offers it carries no version."""

    def check(self, request: TenantRequest, row: TrackedCall) -> None:
        """Skip the version check: the method compares the state."""


@action()
def excuse(request: TenantRequest, call: TrackedCall) -> str:
    """Excuse a call for a reason."""
    has_dropped = excuse_call(call, request.POST.get("reason", ""), by=request.member)
    words = call.verdict_words
    if has_dropped:
        return _("%(verdict)s. Its lead was dropped.") % {"verdict": words}
    if call.lead_id and call.has_opened_lead:
        return _("%(verdict)s. Its lead stays, as it was worked on.") % {"verdict": words}
    return f"{words}."


@action()
def count(request: TenantRequest, call: TrackedCall) -> str:
    """Count a call as a lead."""
    count_call(call, by=request.member)
    return _("Counted as a lead of %(number)s.") % {"number": readable_address(call.number.name)}


@CallReturn()()
def take_back(request: TenantRequest, call: TrackedCall) -> str:
    """Take a member's decision back."""
    take_back_decision(call, by=request.member)
    return _("Undone: %(verdict)s.") % {"verdict": call.verdict_words}
