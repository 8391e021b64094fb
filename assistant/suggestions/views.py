"""The suggestion beside a record, the answers to it, and how useful suggestions are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assistant.models import SuggestionAnswer
from assistant.panel.helper_roles import is_helper_on, off_response
from assistant.permissions import SET_UP, USE
from assistant.suggestions.choice import choose_suggestion, find_again
from assistant.suggestions.figures import suggestion_figures
from assistant.suggestions.suggestion import SuggestionSubject
from assistant.summaries.subjects import subject_place, visible_subject
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url, visible_rows

HELPER = "suggestions"
LABEL = gettext_lazy("One suggestion")
PLACES = ("job", "customer")


@require(USE)
def lead(request: TenantRequest, number: int) -> HttpResponse:
    """Show the suggestion for a lead."""
    return _render_suggestion(request, visible_subject("job", str(number), request.member))


@require(USE)
def person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the suggestion for a customer."""
    return _render_suggestion(request, visible_subject("customer", str(uid), request.member))


@require(USE)
def conversation(request: TenantRequest, number: int) -> HttpResponse:
    """Show the suggestion for the lead of a conversation, or else for its customer."""
    ticket = visible_subject("conversation", str(number), request.member)
    if ticket.job_id and visible_rows(Job, request.member).filter(pk=ticket.job_id).exists():
        return _render_suggestion(request, ticket.job)
    if ticket.person_id and visible_rows(Person, request.member).filter(pk=ticket.person_id).exists():
        return _render_suggestion(request, ticket.person)
    if is_fragment(request):
        return HttpResponse()
    return redirect(record_url(ticket, request.tenant.slug))


@require(USE)
@require_POST
def answer(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Record the answer to a suggestion. An accepted one opens its form, filled in; nothing else happens."""
    if place not in PLACES or not is_helper_on(HELPER, request.member):
        raise Http404
    record = visible_subject(place, key, request.member)
    suggestion = find_again(_subject(request, record), request.POST.get("kind", ""))
    chosen = request.POST.get("answer", "")
    if suggestion is None or suggestion.key != request.POST.get("state", ""):
        messages.info(request, _("Something has changed in the meantime; this suggestion no longer applies."))
        return _after_answer(request, record)
    if chosen not in SuggestionAnswer.SuggestionReaction.values or not chosen:
        raise Http404
    SuggestionAnswer.give(suggestion.topic, suggestion.kind, suggestion.key, chosen, by=request.member)
    if chosen == SuggestionAnswer.SuggestionReaction.ACCEPTED:
        return redirect(suggestion.accept_url)
    return _after_answer(request, record)


def _after_answer(request: TenantRequest, record: Any) -> HttpResponse:
    if is_fragment(request):
        return _render_suggestion(request, record)
    return redirect(record_url(record, request.tenant.slug))


def _subject(request: TenantRequest, record: Any) -> SuggestionSubject:
    return SuggestionSubject(record, request.member, Reader.of(request.member, clock.now()), request.tenant.slug)


def _render_suggestion(request: TenantRequest, record: Any) -> HttpResponse:
    if not is_helper_on(HELPER, request.member):
        return off_response(request, LABEL)
    suggestion = choose_suggestion(_subject(request, record))
    if suggestion:
        SuggestionAnswer.note_shown(suggestion.topic, suggestion.kind, suggestion.key, request.member)
    place, key = subject_place(record)
    context = {"record": record, "suggestion": suggestion, "place": place, "key": key}
    name = "assistant/suggestions/_one.html" if is_fragment(request) else "assistant/suggestions/one.html"
    return render(request, name, context)


@require(SET_UP)
def figures(request: TenantRequest) -> HttpResponse:
    """Show how many suggestions of each kind were shown, accepted and put aside."""
    name = "assistant/suggestions/_figures.html" if is_fragment(request) else "assistant/suggestions/figures.html"
    return render(request, name, {"figures": suggestion_figures()})
