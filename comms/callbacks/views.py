"""The callback list: whom to call, the oldest first; how it went is said in place, and the next one follows."""

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
    """Show one's own and nobody's, or everybody's."""
    return render(request, "comms/callbacks/list.html", _context(request, everybodys="all" in request.GET))


@require("comms.call")
@require_POST
def log(request: TenantRequest) -> HttpResponse:
    """Note how a call went; who was not reached goes to the end of the list."""
    outcome = request.POST.get("outcome", "")
    source = request.POST.get("source", "")
    chosen = _source(request, source)
    if outcome == "no_answer":
        said = _("No answer. They stay on the list.")
    else:
        said = _("Call logged.")
    note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
    try:
        if chosen is None or outcome not in OUTCOMES:
            raise Refused(_("Choose an outcome."))
        key = chosen.log(request.member, request.POST.get("key", ""), outcome, note)
    except Refused as why:
        return _answer(request, Toast(str(why), 422))
    undo = reverse("callbacks:take_back", args=[request.tenant.slug, source, key])
    return _answer(request, Toast(said, undo=f"{undo}?all" if "all" in request.POST else undo))


@require("comms.call")
@require_POST
def take_back(request: TenantRequest, source: str, key: UUID) -> HttpResponse:
    """Take back how a call went, said by mistake: who was called stands on the list again."""
    chosen = _source(request, source)
    if chosen is None:
        raise Http404
    try:
        chosen.take_back(request.member, str(key))
    except Refused as why:
        return _answer(request, Toast(str(why), 422))
    return _answer(request, Toast(_("Undone.")))


def _source(request: TenantRequest, name: str) -> CallbackSource | None:
    return next((one for one in sources(request.member) if one.name == name), None)


def _answer(request: TenantRequest, told: Toast) -> HttpResponse:
    """Show the list anew with what was done; without a script by a message and the page."""
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
    context = _context(request, everybodys=everybodys) | {"oob": request.htmx.target != "callbacks"}
    shown = render_to_string("comms/callbacks/list.html#callbacks", context, request)
    response = HttpResponse(shown + render_to_string("components/toast.html", {"told": told}, request))
    response["HX-Trigger"] = CHANGED
    return response


def _context(request: TenantRequest, *, everybodys: bool) -> dict[str, Any]:
    member = request.member
    reader = Reader.of(member, clock.now())
    found = callbacks(member, reader, request.tenant.slug, everybodys=everybodys)
    lines = [(one, formats.phone(one.phone, reader.country) if one.phone else "") for one in found]
    return {"lines": lines, "everybodys": everybodys}
