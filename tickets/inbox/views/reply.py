"""Reply to a conversation, and presence in it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from comms.composer.composer import Composer
from comms.composer.composer_response import answer, context
from comms.composer.matter import Matter
from comms.models import Draft, Message
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest, page_path
from crm.web.requests.local_path import local_path
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.inbox import presence
from tickets.inbox.replies import OURS, SNOOZE, SOLVE, add_reply
from tickets.inbox.ticket_matter import matter_of
from tickets.inbox.views.conversation import find_successor, visible_ticket
from tickets.macros.setup import find_macro
from tickets.macros.words import reply_presets
from tickets.models import Entry, Status, Ticket

PARTS = "comms/composer/write.html#parts"


@require("tickets.work")
def reply(request: TenantRequest, number: int) -> HttpResponse:
    """Write to the requester by any channel; warns once if they wrote in the meantime."""
    ticket = visible_ticket(request, number)
    if ticket.status == Status.CLOSED:
        successor = find_successor(ticket, request.member)
        drafts = Draft.objects.unsent().filter(member=request.member, about=f"ticket {ticket.pk}").exclude(text="")
        closed = {"ticket": ticket, "successor": successor, "drafts": drafts}
        return render(request, "tickets/_closed.html", closed)
    presence.note_presence(ticket, request.member, presence.ANSWERING)
    newest = _newest_entry_id(ticket)
    seen = read_number(request.POST.get("seen"))
    matter = _reply_matter(request, ticket, newest if seen is None else seen)
    since = 0
    if _is_sending(request):
        since = _came_since(ticket, seen)
    if since:
        return _warn_of_newer(request, _reply_matter(request, ticket, newest), since)
    then = request.POST.get("then", "")
    return answer(request, matter, sent=partial(_finish_reply, request, ticket, then))


def _is_sending(request: TenantRequest) -> bool:
    return request.method == "POST" and not any(
        request.POST.get(name) for name in ("act", "pick", "once", "channel", "remove")
    )


def _finish_reply(request: TenantRequest, ticket: Ticket, then: str, message: Message) -> None:
    macro = find_macro(request.POST.get("preset", ""), ticket)
    add_reply(ticket, message, by=request.member, then=then, macro=macro)
    presence.leave(ticket, request.member)


def _reply_matter(request: TenantRequest, ticket: Ticket, seen: int) -> Matter:
    slug = request.tenant.slug
    ticket_url = reverse("tickets:ticket", args=[slug, ticket.number])
    page = ""
    if request.htmx:
        page = local_path(page_path(request))
    if ticket.job:
        there = record_url(ticket.job, slug)
    else:
        there = ticket_url
    return matter_of(
        ticket,
        url=reverse("tickets:reply", args=[slug, ticket.number]),
        back=page if page.startswith((ticket_url, there)) else ticket_url,
        about=f"ticket {ticket.pk}",
        next_url=_next_url(request),
        hidden=(("seen", str(seen)), ("version", ticket.form_version), ("on", "conversation")),
        presets=reply_presets(ticket, slug),
        endings=(
            (OURS, _("Send, keep it our move")),
            (SNOOZE, _("Send and snooze until tomorrow")),
            (SOLVE, _("Send and solve")),
        ),
    )


def _next_url(request: TenantRequest) -> str:
    """Return the URL of the next conversation in the list, for members who continue there."""
    inbox = reverse("tickets:list", args=[request.tenant.slug])
    if request.member.opens_next:
        return local_path(request.POST.get("next", ""), below=inbox)
    return ""


def _newest_entry_id(ticket: Ticket) -> int:
    pks = Entry.objects.filter(ticket=ticket, message__direction="in").order_by("-pk").values_list("pk", flat=True)
    return pks.first() or 0


def _came_since(ticket: Ticket, seen: int | None) -> int:
    """Count the customer's messages since the composer was opened."""
    if seen is None:
        return 0
    return Entry.objects.filter(ticket=ticket, message__direction="in", message__automatic="", pk__gt=seen).count()


def _warn_of_newer(request: TenantRequest, matter: Matter, since: int) -> HttpResponse:
    """Show the form again with the number of newer messages; sending it once more sends it."""
    composer = Composer(request, matter)
    if composer.way:
        composer.store_draft()
    words = ngettext(
        "%(count)s new message arrived while you were writing. Read it above; “Send” sends this anyway.",
        "%(count)s new messages arrived while you were writing. Read them above; “Send” sends this anyway.",
        since,
    )
    composer.trouble = words % {"count": since}
    if request.htmx:
        page = PARTS
    else:
        page = PARTS.partition("#")[0]
    response = render(request, page, context(composer), status=409)
    response["HX-Trigger-After-Settle"] = "tickets"
    return response


@require("tickets.view")
@require_GET
def here(request: TenantRequest, number: int) -> HttpResponse:
    """Record the member's presence and return that of others."""
    ticket = visible_ticket(request, number)
    presence.note_presence(ticket, request.member, presence.READING)
    answering, reading = presence.others(ticket, request.member)
    return render(request, "tickets/_presence.html", {"answering": answering, "reading": reading})
