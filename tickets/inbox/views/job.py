"""Conversations of a job, on a job page of another app: one to read and answer, and the titles of the others.

What shows it and answers it is the inbox's own (views/conversation.py, views/reply.py).
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.inbox.thread import read_thread
from tickets.inbox.views.conversation import head_context, readable
from tickets.models import Ticket
from tickets.sla.words import TicketWords

# Conversations that are named, and messages of the open one that are shown at first.
MOST = 6
MOST_MESSAGES = 8


@require("tickets.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the newest or the requested conversation of a job: as a panel for htmx, else as a page.

    `lines`: the others alone, for what changes while somebody writes.
    """
    member = request.member
    reader = Reader.of(request.member, clock.now())
    job: Job | None = Job.objects.visible_to(member).filter(number=number).first()
    if job is None:
        raise Http404
    rows = readable(member).filter(job=job, merged_into__isnull=True)
    tickets: list[Ticket] = list(rows.order_by("-last_message_at", "-pk")[:MOST])
    number_text = request.GET.get("open", "")
    opened = next((ticket for ticket in tickets if str(ticket.number) == number_text), next(iter(tickets), None))
    lines = [(ticket, TicketWords(ticket, reader)) for ticket in tickets if ticket is not opened]
    context: dict[str, Any] = {"job": job, "opened": opened, "lines": lines, "on_job": True}
    if "lines" in request.GET:
        return render(request, "tickets/of_job.html#lines", context)
    if opened:
        AccessLog.objects.note_read(opened, by=member)
        context |= head_context(request, opened, reader)
        context["thread"] = read_thread(opened, member, reader, most=MOST_MESSAGES)
    return render(request, "tickets/of_job.html#panel" if request.htmx else "tickets/of_job.html", context)
