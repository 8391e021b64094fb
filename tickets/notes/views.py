"""Write, edit, delete and pin notes on a ticket, and show their earlier versions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.mentions import mentioned_members
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from crm.web.timeline.event_words import name_of
from tickets.matching.views.ticket_action import action, visible_ticket
from tickets.models import Entry, Ticket
from tickets.models.note import members_seeing
from tickets.notes import form

PAGE = "tickets/notes/write.html"
MOST_VERSIONS = 50


@require("tickets.work")
def note(request: TenantRequest, number: int) -> HttpResponse:
    """Write a note, visible to the team or a part of it."""
    ticket = visible_ticket(request, number)
    if request.method != "POST":
        return _render_note(request, ticket)
    try:
        written = form.read_note(request)
        due_at = form.due(request)
        made = Entry.write(
            ticket,
            written.body,
            by=request.member,
            audience=written.audience,
            team=written.team,
            pinned=bool(request.POST.get("pin")),
            due_at=due_at,
        )
    except Refused as why:
        return _render_note(request, ticket, trouble=str(why))
    return _finish_note(request, ticket, _notice_words(made, request, _("Noted.")))


@require("tickets.work")
def edit_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit one's own note."""
    note = _find_note(request, uid)
    if note.author_id != request.member.pk:
        raise Http404
    if request.method != "POST":
        return _render_note(request, note.ticket, note)
    try:
        written = form.read_note(request, note)
        note.edit(written.body, audience=written.audience, team=written.team, by=request.member)
    except Refused as why:
        return _render_note(request, note.ticket, note, trouble=str(why))
    return _finish_note(request, note.ticket, _notice_words(note, request, _("Saved.")))


@require("tickets.work")
@require_POST
def delete_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Delete one's own note; it can be restored."""
    note = _find_note(request, uid)
    try:
        note.remove(by=request.member)
    except Refused as why:
        return action.answer(request, note.ticket, Toast(str(why), 422))
    undo = reverse("tickets:restore_note", args=[request.tenant.slug, note.uid])
    return action.answer(request, note.ticket, Toast(_("Note deleted."), undo=undo))


@require("tickets.work")
@require_POST
def restore_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Restore one's own deleted note."""
    seen = Ticket.objects.visible_to(request.member)
    own = Entry.objects.filter(uid=uid, kind=Entry.Kind.NOTE, author=request.member, ticket__in=seen.values("pk"))
    note = own.select_related("ticket").first()
    if note is None:
        raise Http404
    note.restore(by=request.member)
    return action.answer(request, note.ticket, Toast(_("Note restored.")))


@require("tickets.work")
@require_POST
def pin_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Pin a note to the top of the conversation, or unpin it."""
    note = _find_note(request, uid)
    if request.POST.get("pinned") == "no":
        note.unpin(by=request.member)
        return action.answer(request, note.ticket, Toast(_("No longer pinned.")))
    note.pin(by=request.member)
    return action.answer(request, note.ticket, Toast(_("Pinned to the top.")))


@require("tickets.view")
@require_GET
def note_versions(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show earlier versions of a note, newest first."""
    note = _find_note(request, uid)
    reader = Reader.of(request.member, clock.now())
    versions = note.versions.order_by("-pk")[:MOST_VERSIONS]
    lines = [(version.body, reader.near(version.at), name_of(version.by_id)) for version in versions]
    return render(request, "tickets/notes/versions.html", {"ticket": note.ticket, "note": note, "lines": lines})


def _find_note(request: TenantRequest, uid: UUID) -> Entry:
    """Return a note the member may read, of a ticket they see. Raises Http404."""
    seen = Ticket.objects.visible_to(request.member)
    notes = Entry.objects.readable_by(request.member).filter(uid=uid, kind=Entry.Kind.NOTE)
    note: Entry | None = notes.filter(ticket__in=seen.values("pk")).select_related("ticket", "team").first()
    if note is None:
        raise Http404
    return note


def _render_note(request: TenantRequest, ticket: Ticket, found: Entry | None = None, trouble: str = "") -> HttpResponse:
    context = {"ticket": ticket, **form.note_context(request, found, trouble)}
    if request.htmx:
        page = f"{PAGE}#form"
    else:
        page = PAGE
    return render(request, page, context, status=422 if trouble else 200)


def _notice_words(made: Entry, request: TenantRequest, done: str) -> str:
    """Return who is notified, and which mentioned members can't see the conversation."""
    named = [one for one in mentioned_members(made.body) if one.pk != request.member.pk]
    notified = members_seeing(made.ticket, named, besides=request.member)
    blind = [one for one in named if one not in notified]
    words = [done]
    if notified:
        words.append(_("%(names)s will be notified.") % {"names": ", ".join(one.name for one in notified)})
    if blind:
        names = ", ".join(one.name for one in blind)
        words.append(_("Not notified, as they have no access to it: %(names)s.") % {"names": names})
    return " ".join(words)


def _finish_note(request: TenantRequest, ticket: Ticket, words: str) -> HttpResponse:
    if request.htmx:
        response = render(request, "components/toast.html", {"told": Toast(words), "on": "conversation"})
        response["HX-Trigger"] = "tickets"
        return response
    messages.success(request, words)
    return redirect(record_url(ticket, request.tenant.slug))
