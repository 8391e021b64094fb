"""Write, edit, delete and restore notes on a follow-up."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from crm.kernel.refusal import Refused
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.models import FollowUp, FollowUpNote
from followups.views.follow_up_action import FollowUpAction


class NoteAction(FollowUpAction):
    """Writing a note: allowed whatever version the form has seen, for it changes nothing that others wrote."""

    def check(self, request: TenantRequest, row: FollowUp) -> None:
        pass


action = NoteAction()


@action()
def note(request: TenantRequest, follow_up: FollowUp) -> str:
    """Write a note on it."""
    follow_up.note(request.POST.get("note", ""), by=request.member)
    return _("Noted.")


@require("followups.work")
def edit_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit one's own note. GET shows the form."""
    own_note = _get_own_note(request, uid)
    trouble = ""
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            own_note.edit(request.POST.get("note", ""), by=request.member)
        except Refused as why:
            trouble = str(why)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, _("Saved."))
            return redirect(_page_url(request, own_note))
    context = {
        "note": own_note,
        "follow_up": own_note.follow_up,
        "trouble": trouble,
        "page_url": _page_url(request, own_note),
    }
    return render(request, "followups/notes/edit.html", context, status=status)


@require("followups.work")
@require_POST
def delete_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Delete one's own note; it can be restored."""
    own_note = _get_own_note(request, uid)
    own_note.remove(by=request.member)
    undo = reverse("followups:restore_note", args=[request.tenant.slug, own_note.uid])
    messages.success(request, _("Note deleted."), extra_tags=undo)
    return redirect(_page_url(request, own_note))


@require("followups.work")
@require_POST
def restore_note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Restore one's own deleted note."""
    own_note = _get_own_note(request, uid)
    own_note.restore(by=request.member)
    messages.success(request, _("Note restored."))
    if request.htmx:
        return HttpResponseClientRedirect(_page_url(request, own_note))
    return redirect(_page_url(request, own_note))


def _get_own_note(request: TenantRequest, uid: UUID) -> FollowUpNote:
    """Return a note that the member wrote, of a follow-up they see; others are not found."""
    visible = FollowUp.objects.visible_to(request.member)
    own = FollowUpNote.objects.filter(uid=uid, author=request.member, follow_up__in=visible.values("pk"))
    own_note: FollowUpNote | None = own.select_related("follow_up").first()
    if own_note is None:
        raise Http404
    return own_note


def _page_url(request: TenantRequest, note: FollowUpNote) -> str:
    """Return the page the form was on, by default that of the follow-up."""
    own_page = reverse("followups:follow_up", args=[request.tenant.slug, note.follow_up.uid])
    return safe_next(request) or own_page
