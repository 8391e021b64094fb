"""Contact: show the customer's contact details; log a contact, a customer's message or our reply."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.action_choices import contact_choices
from crm.jobs.models import CONTACTS, Job
from crm.jobs.next_step import signals
from crm.jobs.timeline.event_words import CHANNELS, contact_words
from crm.jobs.views.job_action import action, get_job, sheet
from crm.jobs.views.notes import LONGEST
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

CONTACTED = "job.contacted"


@require("jobs.view")
def reach(request: TenantRequest, number: int) -> HttpResponse:
    """Show the customer's numbers and addresses, and the form to log a contact; recorded in the access log."""
    job = get_job(request, number)
    AccessLog.objects.note_read(job, by=request.member)
    points = []
    if job.person_id:
        points = list(ContactPoint.objects.filter(person_id=job.person_id).order_by("pk"))
    country = directory().tenant.country
    phones = [
        (p.value, formats.phone(p.value, country), p.note) for p in points if p.kind == ContactPoint.PointKind.PHONE
    ]
    emails = [(point.value, point.note) for point in points if point.kind == ContactPoint.PointKind.EMAIL]
    contacts = []
    if allows(request.member, "jobs.move"):
        contacts = contact_choices()
    return sheet(request, job, "reach", {"phones": phones, "emails": emails, "contacts": contacts})


@action(CONTACTED)
def contact(request: TenantRequest, job: Job) -> str:
    """Log a call, text, email or visit: its outcome, what was said, and the next step as a typed line."""
    kind, _colon, outcome = request.POST.get("contact", "").partition(":")
    if outcome not in CONTACTS.get(kind, ()):
        raise Refused(_("Choose an outcome."))
    body = request.POST.get("body", "").strip()[:LONGEST]
    job.contact(kind, outcome, by=request.member, note=body)
    signals.contact_logged.send(Job, job=job, kind=kind, outcome=outcome, by=request.member)
    then = request.POST.get("then", "").strip()
    once = request.POST.get("plan_once", "")
    planned = signals.plan_line(job, then, by=request.member, cause=CONTACTED, once=once)
    return " ".join(filter(None, [f"{job.title}: {contact_words(kind, outcome)}.", planned]))


def _chosen_channel(request: TenantRequest, job: Job) -> str:
    channel = request.POST.get("channel", "")
    if channel not in CHANNELS:
        raise Refused(_("Choose how."))
    return channel


@action("job.heard")
def hear(request: TenantRequest, job: Job) -> str:
    """Record that the customer wrote: it is our turn, and the message awaits a reply."""
    job.hear(_chosen_channel(request, job), by=request.member)
    return _("%(title)s: waiting for our reply.") % {"title": job.title}


@action("job.answered")
def answer(request: TenantRequest, job: Job) -> str:
    """Mark the lead as answered: no message awaits a reply, and it is the customer's turn."""
    if job.waiting_since is None:
        return _("%(title)s: no reply needed.") % {"title": job.title}
    job.answer(job.unread_channel, by=request.member, turn=True)
    return _("%(title)s: answered.") % {"title": job.title}
