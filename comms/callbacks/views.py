"""The callback list, oldest first; an outcome is logged in place, and the next one moves up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comms.callbacks.source import OUTCOMES, CallbackSource, callbacks, sources
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

LONGEST_NOTE = 2000
# Events of the browser after a call was logged: numbers in the navigation ask again.
CHANGED = "callbacks, tickets, messages, followups"


@require("comms.call")
@require_GET
def callback_list(request: TenantRequest) -> HttpResponse:
    """Show the member's own and unassigned callbacks, or everybody's."""
    return render(request, "comms/callbacks/list.html", _list_context(request, everybodys="all" in request.GET))


@require("comms.call")
@require_POST
def log(request: TenantRequest) -> HttpResponse:
    """Log the outcome of a call; a customer who was not reached moves to the end of the list."""
    outcome = request.POST.get("outcome", "")
    source = request.POST.get("source", "")
    chosen = _find_source(request, source)
    if outcome == "no_answer":
        toast = _("No answer. They stay on the list.")
    else:
        toast = _("Call logged.")
    note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
    try:
        if chosen is None or outcome not in OUTCOMES:
            raise Refused(_("Choose an outcome."))
        key = chosen.log(request.member, request.POST.get("key", ""), outcome, note)
    except Refused as why:
        return _list_response(request, Toast(str(why), 422))
    undo = reverse("callbacks:take_back", args=[request.tenant.slug, source, key])
    return _list_response(request, Toast(toast, undo=f"{undo}?all" if "all" in request.POST else undo))


@require("comms.call")
@require_POST
def take_back(request: TenantRequest, source: str, key: UUID) -> HttpResponse:
    """Undo the logged outcome of a call: the customer is on the list as before."""
    chosen = _find_source(request, source)
    if chosen is None:
        raise Http404
    try:
        chosen.take_back(request.member, str(key))
    except Refused as why:
        return _list_response(request, Toast(str(why), 422))
    return _list_response(request, Toast(_("Undone.")))


def _find_source(request: TenantRequest, name: str) -> CallbackSource | None:
    return next((one for one in sources(request.member) if one.name == name), None)


def _list_response(request: TenantRequest, told: Toast) -> HttpResponse:
    """Render the list with the outcome; without JavaScript, redirect with a message."""
    everybodys = "all" in request.POST or "all" in request.GET
    if not request.htmx:
        if told.status == 200:
            level = messages.SUCCESS
        else:
            level = messages.WARNING
        messages.add_message(request, level, told.text, extra_tags=told.undo)
        query = ""
        if everybodys:
            query = "?all"
        return redirect(f"{reverse('callbacks:list', args=[request.tenant.slug])}{query}")
    context = _list_context(request, everybodys=everybodys) | {"oob": request.htmx.target != "callbacks"}
    html = render_to_string("comms/callbacks/list.html#callbacks", context, request)
    response = HttpResponse(html + render_to_string("components/toast.html", {"told": told}, request))
    response["HX-Trigger"] = CHANGED
    return response


def _list_context(request: TenantRequest, *, everybodys: bool) -> dict[str, Any]:
    member = request.member
    reader = Reader.of(member, clock.now())
    lines_found = callbacks(member, reader, request.tenant.slug, everybodys=everybodys)
    lines = [(one, formats.phone(one.phone, reader.country) if one.phone else "") for one in lines_found]
    return {"lines": lines, "everybodys": everybodys}
