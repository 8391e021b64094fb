"""The conversations of a job, on the page that an app above jobs has for it: the newest in place, the others named."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crm.jobs.models import Job
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.inbox.thread import read_thread
from tickets.models import Ticket
from tickets.sla.words import TicketWords

MOST = 6


@require("tickets.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the conversations of a job, by its number: to htmx the panel, else a page of its own."""
    member, reader = request.member, Reader.of(request.member, clock.now())
    job: Job | None = Job.objects.visible_to(member).filter(number=number).first()
    if job is None:
        raise Http404
    rows = Ticket.objects.visible_to(member).filter(job=job, merged_into__isnull=True)
    tickets = list(rows.order_by("-last_message_at", "-pk")[:MOST])
    context = {
        "job": job,
        "lines": [(ticket, TicketWords(ticket, reader)) for ticket in tickets],
        "thread": read_thread(tickets[0], member, reader) if tickets else None,
    }
    return render(request, "tickets/of_job.html#panel" if request.htmx else "tickets/of_job.html", context)
