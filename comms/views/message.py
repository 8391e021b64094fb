"""The page of one message: sender, text, files, and the confirmation of a new sender."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comms.invitations.card import cards_of
from comms.mail.problem_words import in_words
from comms.message_sharing import sharing_for
from comms.models import Channel, Medium, Message, Recording
from comms.original_mails import original_mails
from comms.timeline import ICONS, describe_message
from crm.jobs.customer_visibility import hidden_people
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url


def visible_message(request: TenantRequest, uid: UUID) -> Message:
    """Return a message the member may see. Raises Http404."""
    seen = Message.objects.visible_to(request.member).select_related("channel", "person", "job", "inbound")
    message: Message | None = seen.filter(uid=uid).first()
    if message is None:
        raise Http404
    return message


@require("comms.view")
@require_GET
def message_page(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one message; the view is recorded in the access log."""
    message = visible_message(request, uid)
    AccessLog.objects.note_read(message, by=request.member)
    reader = Reader.of(request.member, clock.now())
    sharing = sharing_for(message, request.member)
    job = None
    if message.job and message.job.is_visible_to(request.member):
        job = message.job
    person = message.person
    context: dict[str, Any] = {
        "message": message,
        "what": describe_message(message),
        "icon": ICONS.get(message.medium, "mail"),
        "moment": reader.moment(message.at),
        "with_subject": sharing in (Channel.Sharing.SUBJECT, Channel.Sharing.FULL),
        "with_text": sharing == Channel.Sharing.FULL,
        "job": job,
        "job_url": record_url(job, request.tenant.slug) if job else "",
        "person_url": _person_url(request, person),
        "recording": _recording_of(message, request.member) if sharing == Channel.Sharing.FULL else None,
        "card": cards_of([message], request.member, reader).get(message.pk),
        "problems": in_words(message.problems),
        "original": original_mails([message], request.member).get(message.pk),
        "files": message.attachments.order_by("position", "pk"),
        "to_confirm": person and person.unconfirmed_since and not person.merged_into_id,
        "may_confirm": allows(request.member, "jobs.correct"),
        "may_merge": allows(request.member, "people.merge"),
    }
    return render(request, "comms/message.html", context)


def _recording_of(message: Message, member: Member) -> UUID | None:
    """Return the recording of a call if the member may listen."""
    if message.medium != Medium.CALL or not allows(member, "comms.listen"):
        return None
    kept = Recording.objects.filter(message=message, file__isnull=False, removed_at__isnull=True)
    uid: UUID | None = kept.values_list("uid", flat=True).first()
    return uid


def _person_url(request: TenantRequest, person: Person | None) -> str:
    """Return the page of its sender or recipient; blank if the member may not see it."""
    if person is None or hidden_people([person.pk], request.member):
        return ""
    return record_url(person, request.tenant.slug)


@require("jobs.correct")
@require_POST
def confirm_sender(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Confirm the sender as a new customer; a known one is merged instead."""
    message = visible_message(request, uid)
    if message.person is None:
        raise Http404
    message.person.confirm(by=request.member)
    messages.success(request, _("%(name)s is confirmed as a customer.") % {"name": message.person.name})
    return redirect("comms:message", request.tenant.slug, message.uid)
