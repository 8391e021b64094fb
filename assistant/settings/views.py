"""Settings, Assistant: the language model, what it may read, what it costs, and what was asked."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assistant.calls.assistant_helper import helpers
from assistant.calls.hidden_words import hidden_words
from assistant.calls.prompt import build_prompt
from assistant.calls.queue import request_call
from assistant.calls.request import ModelRequest
from assistant.calls.spend import currency, micros, spend_by_helper, spent_this_month
from assistant.models import AssistantCall, AssistantSetup, ModelProvider, assistant_setup
from assistant.models.assistant_setup import SHARED, TRY
from assistant.panel.parts import parts_of
from assistant.permissions import SET_UP
from assistant.settings.call_rows import call_rows, total_words
from assistant.settings.forms import SetupForm, initial_of
from assistant.settings.try_out import last_try
from assistant.sources.record_text import as_sources
from assistant.sources.record_texts import read_texts
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.settings.fields import require_valid
from crm.web.settings.page import Context, settings_page
from tickets.models import Ticket


def _version() -> str:
    return assistant_setup().form_version


@settings_page("assistant:settings", SET_UP, "assistant/settings.html", version=_version)
def setup_page(request: TenantRequest) -> Context:
    """Show the setup, this month's cost, and the log."""
    setup = assistant_setup()
    posted = None
    if request.path.endswith("/save/"):
        posted = request.POST
    reader = Reader.of(request.member, clock.now())
    return {
        "setup": setup,
        "form": SetupForm(posted, initial=initial_of(setup)),
        "is_allowed_here": settings.ASSISTANT_MODELS,
        "has_model": setup.provider != ModelProvider.RULES,
        "key_set": reader.day(setup.key_set_at) if setup.key_set_at else "",
        "spend": _spend_context(setup),
        "last_try": last_try(),
        "rows": call_rows(reader, request.tenant.slug),
        "parts": parts_of(None),
        "currency": currency(),
    }


class SpendLine(NamedTuple):
    """A helper's cost of this month, and its part of the bar: start and width in percent of the limit."""

    label: str
    cost: str
    calls: int
    start: float
    width: float


def _spend_context(setup: AssistantSetup) -> dict[str, Any]:
    now = clock.now()
    limit = micros(setup.spend_limit)
    return {
        "total": total_words([spent_this_month(now)], currency()),
        "limit": formats.money(setup.spend_limit, currency(), directory().tenant.country),
        "lines": _spend_lines(spend_by_helper(now), limit),
    }


def _spend_lines(by_helper: Mapping[str, tuple[int, int]], limit: int) -> list[SpendLine]:
    lines: list[SpendLine] = []
    start = 0.0
    for helper in helpers():
        if helper.name not in by_helper:
            continue
        cost, count = by_helper[helper.name]
        width = min(cost * 100 / limit, 100 - start) if limit else 0.0
        lines.append(SpendLine(str(helper.label), total_words([cost], currency()), count, start, width))
        start += width
    return lines


@setup_page.action()
def save(request: TenantRequest) -> str:
    """Save the setup."""
    AssistantSetup.set(by=request.member, **require_valid(SetupForm(request.POST)).fields_to_save)
    return _("Saved.")


@setup_page.action(any_version=True)
def switch_model(request: TenantRequest) -> str:
    """Switch the language model off or on for the whole organization."""
    on = request.POST.get("on") == "1"
    AssistantSetup.switch(on=on, by=request.member)
    if on:
        return _("The language model is on.")
    return _("The language model is off. What was being asked is thrown away.")


@setup_page.action(any_version=True)
def try_model(request: TenantRequest) -> str:
    """Ask the model one harmless question, by a worker."""
    setup = AssistantSetup.objects.first()
    if setup is None or request_call(TRY, setup, by=request.member) is None:
        raise Refused(_("Choose a model and switch it on first."))
    return _("It is being asked. The answer appears below.")


@require(SET_UP)
@require_POST
def preview(request: TenantRequest) -> HttpResponse:
    """Show what would be sent of the newest conversation with the choices of the form, before they are saved."""
    form = SetupForm(request.POST)
    form.is_valid()
    choices = {name: form.cleaned_data[name] for name in SHARED if name in form.cleaned_data}
    setup = AssistantSetup(**choices)
    newest = Ticket.objects.visible_to(request.member).filter(sole_reader__isnull=True, last_message_at__isnull=False)
    ticket = newest.order_by("-last_message_at", "-pk").first()
    built = None
    if ticket:
        read = read_texts(ticket, None, request.tenant.slug)
        sources = as_sources(read.texts, read.customers, read.colleagues, read.addresses)
        if sources:
            built = build_prompt(ModelRequest("", sources, {}, "preview"), setup, request.tenant.country)
    context: dict[str, Any] = {"ticket": ticket, "text": built.prompt.user if built else ""}
    if built:
        context["hidden"] = hidden_words(built.redactor.hidden)
        context["kept_back"] = hidden_words(built.redactor.kept_back)
    page = "assistant/preview.html"
    return render(request, f"{page}#preview" if is_fragment(request) else page, context)


@require(SET_UP)
def call_text(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the text of a call as it was sent."""
    call = get_object_or_404(AssistantCall.objects.all(), uid=uid)
    try:
        text = call.text
    except InvalidToken:
        text = ""
    reader = Reader.of(request.member, clock.now())
    context = {"call": call, "text": text, "when": reader.moment(call.created_at)}
    return render(request, "assistant/call_text.html", context)
