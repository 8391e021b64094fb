"""Mark a conversation as spam: its messages, and later ones of their senders, go to the spam view."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from comms.inbound.mailboxes import member_at, own_addresses
from comms.models import Direction, JudgedSender, Medium, Message
from comms.models.message import SPAM
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import records_url
from libs.inbound_mail import MailAddress
from tickets.models import Entry, Status, Ticket, TicketClock
from tickets.views.ticket_action import TicketAction, ticket_label


@transaction.atomic
def move_to_spam(ticket: Ticket, *, by: Member, version: str | None = None) -> None:
    """Close a ticket as spam, remove its incoming messages, and block their senders. Idempotent.

    A lead that it opened by itself is dropped. Raises Refused under a legal hold, and where a customer's lead is
    concerned.
    """
    ticket.lock()
    if ticket.status == Status.CLOSED:
        return
    ticket.expect_version(version)
    if ticket.legal_hold:
        raise Refused(_("It is under a legal hold."))
    job = ticket.job
    if job and (job.person is None or job.person.unconfirmed_since is None):
        raise Refused(_("It is linked to a customer’s lead. Unlink it first."))
    # A call stays: it was spoken, and its recording has rules of its own.
    theirs = {"message__direction": Direction.IN, "message__automatic": "", "message__author": None}
    entries = Entry.objects.of(ticket).filter(**theirs).exclude(message__medium=Medium.CALL)
    received = list(entries.values_list("message_id", "message__address"))
    ids = [pk for pk, _address in received]
    Entry.objects.filter(message_id__in=ids).delete()
    TicketClock.objects.filter(message_id__in=ids).update(message=None)
    Message.objects.filter(pk__in=ids).update(automatic=SPAM, spam_since=clock.now(), job=None)
    for address in {address.lower() for _pk, address in received}:
        if address not in own_addresses() and member_at(MailAddress("", address)) is None:
            JudgedSender.judge(address, is_spam=True, by=by)
    _drop_lead(job, by=by)
    ticket.close(by=by, cause="spam")
    events.record("ticket.marked_spam", subject=ticket, by=by, data={"messages": len(ids)}, job_id=ticket.event_job_id)


def _drop_lead(job: Job | None, *, by: Member) -> None:
    """Drop the lead of a person who is known only from the spam message."""
    if job and job.is_open and Ticket.objects.open().filter(job=job).count() == 1:
        job.drop(_("Spam"), by=by)


class SpamAction(TicketAction):
    """Action that marks a conversation as spam; the list updates."""

    def answer(self, request: TenantRequest, row: Ticket, toast: Toast) -> HttpResponse:
        if toast.status == 200:
            level = messages.SUCCESS
        else:
            level = messages.WARNING
        messages.add_message(request, level, toast.text)
        return redirect(records_url(Ticket, request.tenant.slug))


@SpamAction()()
def mark_spam(request: TenantRequest, ticket: Ticket) -> str:
    """Mark a conversation as spam."""
    move_to_spam(ticket, by=request.member, version=request.POST["version"])
    return _("%(title)s: moved to spam. Later messages from this sender go there too.") % {
        "title": ticket_label(ticket)
    }
