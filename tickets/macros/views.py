"""Settings: list and pages of macros; and applying a macro without a text at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comms.library.variables import by_name, examples
from comms.rendering.liquid_text import TooMuch, holes, without_marks, write
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from tickets.macros.application import apply_macro
from tickets.macros.forms import MacroForm
from tickets.macros.setup import find_macro, macros, macros_for
from tickets.macros.words import macro_effects
from tickets.models import Macro, Ticket
from tickets.views.ticket_action import action, sheet, ticket_label

SET_UP = "tickets.set_up"
PAGE = "tickets/macros/macro.html"


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.archived_at) for row in macros()])


@settings_page("tickets:macros", SET_UP, "tickets/macros/macros.html", version=version)
def macro_list(request: TenantRequest) -> Context:
    """Show the macros in use with descriptions, and the archived ones."""
    brands = directory().brands
    live = [row for row in macros() if row.archived_at is None]
    return {
        "lines": [(row, macro_effects(row), brands[row.brand_id].name if row.brand_id else "") for row in live],
        "off": [row for row in macros() if row.archived_at],
    }


def _get_macro(uid: UUID) -> Macro:
    return get_object_or_404(Macro.objects.all(), uid=uid)


archive_macro, restore_macro = macro_list.archive_actions(_get_macro)


@require(SET_UP)
def add_macro(request: TenantRequest) -> HttpResponse:
    """Add a macro."""
    return _edit_form(request, None)


@require(SET_UP)
def edit_macro(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit a macro, with a preview of its text and actions."""
    return _edit_form(request, _get_macro(uid))


def _edit_form(request: TenantRequest, macro: Macro | None) -> HttpResponse:
    now = ""
    if macro:
        now = version_of([getattr(macro, name) for name in (*Macro.FIELDS, "archived_at")])
    if not is_posted(request):
        return _render_form(request, MacroForm(macro=macro), macro, now)
    if macro and is_stale(request, now):
        return _render_form(request, MacroForm(macro=macro), macro, now, told=stale_message(), status=409)
    form = MacroForm(request.POST, macro=macro)
    if not form.is_valid():
        return _render_form(request, form, macro, now, status=422)
    if "preview" in request.POST:
        tried = Macro(**form.facts)
        return _render_form(
            request, form, macro, now, preview={"text": _render_example(tried.text), "does": macro_effects(tried)}
        )
    try:
        if macro is None:
            Macro.add(by=request.member, **form.facts)
        else:
            macro.edit(by=request.member, **form.facts)
    except Refused as why:
        form.add_error(None, str(why))
        return _render_form(request, form, macro, now, status=422)
    messages.success(request, _("Saved."))
    return redirect("tickets:macros", request.tenant.slug)


def _render_example(source: str) -> str:
    """Return a text rendered with example values; the error if it is no valid template."""
    try:
        return without_marks(holes(write(source, examples())))
    except TooMuch:
        return _("The text is longer than a message can be.")
    except ValueError as why:
        return str(why)


def _render_form(
    request: TenantRequest,
    form: MacroForm,
    macro: Macro | None,
    version: str,
    *,
    told: str = "",
    status: int = 200,
    preview: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "macro": macro,
        "version": version,
        "told": told,
        "trouble": bool(told),
        "preview": preview,
        "variables": by_name().values(),
    }
    return render(request, PAGE, context, status=status)


# Used on a ticket


def _ask_macro(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    options = [(one, macro_effects(one)) for one in macros_for(ticket)]
    at_once = [(one, words) for one, words in options if not one.text]
    context = {"macros": at_once, "more": len(options) > len(at_once)}
    return sheet(request, ticket, "macro", context)


@action("ticket.macro_applied", ask=_ask_macro)
def macro(request: TenantRequest, ticket: Ticket) -> str:
    """Apply a macro without a text, or show the choices."""
    # `once`: from a composer without scripts, whose form names the preset of its draft as well.
    chosen = find_macro(request.POST.get("once") or request.POST.get("preset", ""), ticket)
    if chosen is None:
        raise Refused(_("This macro is no longer available."))
    if chosen.text:
        raise Refused(_("This macro has a text: choose it in the reply."))
    apply_macro(ticket, chosen, by=request.member)
    return _("%(title)s: %(macro)s (%(does)s).") % {
        "title": ticket_label(ticket),
        "macro": chosen.name,
        "does": macro_effects(chosen),
    }
