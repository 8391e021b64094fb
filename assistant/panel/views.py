"""The panel beside a record: what left the organization, the switch, the summary, and the parts of other helpers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assistant.calls.hidden_words import hidden_words
from assistant.calls.queue import is_opted_out
from assistant.models import AssistantCall, ModelProvider, RecordOptOut, assistant_setup
from assistant.panel.helper_roles import is_helper_on
from assistant.panel.parts import parts_of
from assistant.permissions import USE
from assistant.ratings.rating_form import RatingForm
from assistant.summaries.model_summary import HELPER
from assistant.summaries.shown_summary import shown_summary
from assistant.summaries.subjects import subject_place, visible_subject
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

PANEL = "assistant/panel.html"


@require(USE)
def of_conversation(request: TenantRequest, number: int) -> HttpResponse:
    """Show the assistant of a conversation."""
    return _panel(request, visible_subject("conversation", str(number), request.member))


@require(USE)
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the assistant of a lead or job."""
    return _panel(request, visible_subject("job", str(number), request.member))


@require(USE)
def of_customer(request: TenantRequest, uid: Any) -> HttpResponse:
    """Show the assistant of a customer."""
    return _panel(request, visible_subject("customer", str(uid), request.member))


@require(USE)
def of_property(request: TenantRequest, uid: Any) -> HttpResponse:
    """Show the assistant of a property."""
    return _panel(request, visible_subject("property", str(uid), request.member))


def _panel(request: TenantRequest, record: Any) -> HttpResponse:
    slug = request.tenant.slug
    parts = [
        (part, reverse(part.url_name, args=[slug, getattr(record, part.key)]))
        for part in parts_of(type(record))
        if allows(request.member, part.permission)
    ]
    context = {**_place_context(request, record), **_sent_context(record), "parts": parts}
    if is_helper_on(HELPER, request.member):
        context |= _summary_context(request, record)
    return render(request, f"{PANEL}#panel" if is_fragment(request) else PANEL, context)


@require(USE)
def summary(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Show the summary of a record alone, for its region that reloads itself."""
    record = visible_subject(place, key, request.member)
    if not is_fragment(request):
        return redirect(record_url(record, request.tenant.slug))
    if not is_helper_on(HELPER, request.member):
        return HttpResponse()
    context = {**_place_context(request, record), **_summary_context(request, record)}
    return render(request, "assistant/_summary.html", context)


@require(USE)
@require_POST
def switch(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Allow or forbid that a language model is asked about a record."""
    record = visible_subject(place, key, request.member)
    RecordOptOut.switch(record, on=request.POST.get("on") == "1", by=request.member)
    if is_fragment(request):
        return _panel(request, record)
    return redirect(record_url(record, request.tenant.slug))


def _place_context(request: TenantRequest, record: Any) -> dict[str, Any]:
    place, key = subject_place(record)
    return {"place": place, "key": key, "record_page": record_url(record, request.tenant.slug)}


def _summary_context(request: TenantRequest, record: Any) -> dict[str, Any]:
    reader = Reader.of(request.member, clock.now())
    is_page = _is_page(request)
    AccessLog.objects.note_read(record, by=request.member)
    record_summary = shown_summary(record, request.member, reader, request.tenant.slug, is_page=is_page)
    rating_form = RatingForm.of(
        record, HELPER, state=record_summary.state, by_model=record_summary.is_by_model, member=request.member
    )
    return {"summary": record_summary, "rating_form": rating_form, "is_page": is_page}


def _is_page(request: TenantRequest) -> bool:
    """True on the assistant's own page, which has no conversation beside it; its fragments say so."""
    return "page" in request.GET or not is_fragment(request)


def _sent_context(record: Any) -> dict[str, Any]:
    """Return what was last sent about a record, for the line that says what left the organization."""
    setup = assistant_setup()
    sent = AssistantCall.objects.about(record).exclude(provider="").order_by("-pk").first()
    words: dict[str, Any] = {}
    if sent:
        words = {"hidden": hidden_words(sent.hidden), "kept_back": hidden_words(sent.kept_back)}
    return {
        "has_model": setup.provider != ModelProvider.RULES and setup.is_on,
        "is_own_server": setup.is_own_server,
        "is_on_here": not is_opted_out(record._meta.label_lower, record.pk),
        "sent": sent,
        **words,
    }
