"""Confirm or dismiss a suggested match; or record that a message belongs here."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.matching import possible
from tickets.matching.views.ticket_action import action, visible_entry


@require(action.permission)
@require_POST
def confirm(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Move it to the suggested conversation, which the member must see, too."""
    entry = visible_entry(request, uid)
    try:
        if "possible" in entry.evidence and possible.may_look_at(entry, request.member) is None:
            raise Refused(_("That conversation belongs to a colleague: ask them to look."))
        move = possible.confirm_match(entry, by=request.member)
    except Refused as why:
        return action.answer(request, entry.ticket, Toast(str(why), 422))
    moved = _("Moved to conversation #%(number)s.") % {"number": move.target.number}
    undo = reverse("tickets:take_back_move", args=[request.tenant.slug, move.uid])
    return action.answer(request, move.target, Toast(moved, undo=undo))


@require(action.permission)
@require_POST
def dismiss(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Leave it where it is."""
    entry = visible_entry(request, uid)
    possible.dismiss_match(entry, by=request.member)
    return action.answer(request, entry.ticket, Toast(_("It stays a separate conversation.")))


@require(action.permission)
@require_POST
def keep_together(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Keep a message on the ticket, although it names another place."""
    entry = visible_entry(request, uid)
    possible.keep_together(entry, by=request.member)
    return action.answer(request, entry.ticket, Toast(_("It stays in this conversation.")))
