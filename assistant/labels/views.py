"""The panel of labels in a conversation and on a lead, and what a member says of a label."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assistant.labels.label_question import HELPER
from assistant.labels.panel import label_panel
from assistant.labels.training import train_tomorrow
from assistant.models import LabelReview, MessageLabels
from assistant.panel.helper_roles import is_helper_on, off_response
from assistant.permissions import USE
from assistant.reading.vocabulary import VALUES
from assistant.summaries.subjects import visible_subject
from comms.models import Message
from crm.jobs.models import Job
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.models import Entry, Ticket


@require(USE)
def panel(request: TenantRequest, number: int) -> HttpResponse:
    """Show the labels of a conversation's newest labelled message."""
    ticket = Ticket.objects.visible_to(request.member).filter(number=number).first()
    if ticket is None:
        raise Http404
    return _render_panel(request, ticket)


@require(USE)
def lead(request: TenantRequest, number: int) -> HttpResponse:
    """Show the labels of the newest labelled message in a lead's conversations."""
    return _render_panel(request, _find_lead(request, number))


@require(USE)
@require_POST
def review(request: TenantRequest, uid: UUID, facet: str) -> HttpResponse:
    """Record that a label is right, or which one is; a blank answer takes back what was said."""
    ticket, labels = _find_labels(request, uid)
    right = request.POST.get("right", "")
    if not is_helper_on(HELPER, request.member) or facet not in labels.proposed:
        raise Http404
    if right and right not in VALUES[facet]:
        raise Http404
    if right:
        LabelReview.say(labels, facet, right, by=request.member)
        train_tomorrow()
    else:
        LabelReview.take_back(labels, facet, by=request.member)
    if not is_fragment(request):
        return redirect(safe_next(request) or record_url(ticket, request.tenant.slug))
    if number := request.POST.get("lead", ""):
        return _render_panel(request, _find_lead(request, number))
    return _render_panel(request, ticket)


def _find_lead(request: TenantRequest, number: str | int) -> Job:
    """Return a lead that the member may see. Raises Http404."""
    lead: Job = visible_subject("job", str(number), request.member)
    return lead


def _find_labels(request: TenantRequest, uid: UUID) -> tuple[Ticket, Any]:
    """Return the conversation and labels of a message that the member may read. Raises Http404."""
    message = Message.objects.readable_by(request.member).filter(uid=uid).first()
    entry = Entry.objects.readable_by(request.member).filter(message=message).first() if message else None
    if entry is None:
        raise Http404
    ticket = Ticket.objects.visible_to(request.member).filter(pk=entry.ticket_id).first()
    labels = MessageLabels.objects.filter(message=message).select_related("message").first()
    if ticket is None or labels is None:
        raise Http404
    return ticket, labels


def _render_panel(request: TenantRequest, record: Ticket | Job) -> HttpResponse:
    if not is_helper_on(HELPER, request.member):
        return off_response(request, _("Labels"))
    context = {
        "record": record,
        "title": record.subject or record.customer_name if isinstance(record, Ticket) else record.title,
        "lead": record.number if isinstance(record, Job) else "",
        "panel": label_panel(record, request.member, request.tenant.slug, is_page=not is_fragment(request)),
    }
    template = "assistant/labels/_panel.html" if is_fragment(request) else "assistant/labels/panel.html"
    return render(request, template, context)
