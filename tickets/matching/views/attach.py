"""Attach a ticket to a job, or open a lead for it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.matching.leads import lead_of_ticket
from tickets.matching.suggestions import job_suggestions
from tickets.matching.views.ticket_action import action, visible_ticket
from tickets.models import Ticket


def attach_context(request: TenantRequest, ticket: Ticket) -> dict[str, Any]:
    """Return the context of templates/tickets/_attach.html: jobs it may be about, and where the forms go."""
    return {
        "ticket": ticket,
        "suggestions": job_suggestions(ticket, request.member),
        "next": request.GET.get("next", "") or record_url(ticket, request.tenant.slug),
    }


@require("tickets.work")
def choose_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the jobs a ticket may be about, and what else can be done; to htmx the fragment alone."""
    context = attach_context(request, visible_ticket(request, number))
    return render(request, "tickets/_attach.html" if request.htmx else "tickets/attach.html", context)


@action("ticket.attached")
def attach(request: TenantRequest, ticket: Ticket) -> str:
    """Attach it to a job by number."""
    typed = request.POST.get("job", "").strip().removeprefix("#")
    seen = Job.objects.visible_to(request.member).select_related("person")
    job = seen.filter(number=read_number(typed) or 0).first()
    if job is None:
        raise Refused(_("There is no lead with this number, or you have no access to it."))
    ticket.attach(job, by=request.member)
    return _("Linked to %(job)s.") % {"job": job.title}


@action()
def make_lead(request: TenantRequest, ticket: Ticket) -> str:
    """Open a lead without status for the ticket's sender."""
    job = lead_of_ticket(ticket, by=request.member)
    return _("Lead %(number)s created: %(job)s.") % {"job": job.title, "number": job.number}
