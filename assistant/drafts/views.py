"""The draft above the composer: by template, or by a model; a member puts it into the reply, or throws it away."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assistant.calls.queue import may_ask, request_call
from assistant.drafts.difference import compare_texts
from assistant.drafts.model_reply import HELPER, proposed_reply, reply_options
from assistant.drafts.reply_basis import ReplyBasis
from assistant.models import AssistantCall, CallVerdict, ProposedReply, ReplyLength, ReplyTone
from assistant.panel.helper_roles import is_helper_on
from assistant.permissions import USE
from assistant.ratings.rating_form import RatingForm
from assistant.summaries.subjects import visible_subject
from comms.models import Draft
from comms.models.draft import join_texts
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

DRAFT = "assistant/draft.html"


@require(USE)
def of_conversation(request: TenantRequest, number: int) -> HttpResponse:
    """Show the draft of a reply to a conversation."""
    return draft(request, "conversation", str(number))


@require(USE)
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the draft of a message to the customer of a job."""
    return draft(request, "job", str(number))


@require(USE)
def draft(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Show the draft of a reply; a POST asks the model for one."""
    basis = _basis(request, place, key)
    options = _options(request)
    if request.method == "POST":
        request_call(HELPER, basis.record, by=request.member, options=options)
    is_chosen = request.method == "POST" or "tone" in request.GET
    context = _draft_context(basis, options, is_chosen=is_chosen) | {"place": place, "key": key}
    context["is_page"] = "page" in request.GET or not is_fragment(request)
    return render(request, f"{DRAFT}#draft" if is_fragment(request) else DRAFT, context)


@require(USE)
@require_POST
def use_draft(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Put the draft into the composer, below what the member has typed there. Nothing is sent."""
    basis = _basis(request, place, key)
    if basis.way is None or not allows(request.member, "comms.send"):
        raise Http404
    proposed = proposed_reply(basis.record, request.member)
    text = basis.composed.words if basis.composed else ""
    if proposed:
        text = proposed.text
    if text:
        _put_into_composer(basis, text)
    _end_proposal(proposed, CallVerdict.PUT_IN)
    url = f"{basis.matter.url}?medium={basis.way.medium}"
    if is_fragment(request):
        return render(request, "assistant/_used.html", {"reply_url": url})
    return redirect(url)


@require(USE)
@require_POST
def discard_draft(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Throw the draft away."""
    basis = _basis(request, place, key)
    _end_proposal(proposed_reply(basis.record, request.member), CallVerdict.THROWN_AWAY)
    if is_fragment(request):
        return HttpResponse("")
    return redirect(basis.matter.url)


def _basis(request: TenantRequest, place: str, key: str) -> ReplyBasis:
    record = visible_subject(place, key, request.member)
    if not is_helper_on(HELPER, request.member):
        raise Http404
    basis = ReplyBasis.of(record, request.member, request.tenant.slug, _options(request)["language"])
    if basis is None:
        raise Http404
    return basis


def _options(request: TenantRequest) -> dict[str, str]:
    data = request.POST if request.method == "POST" else request.GET
    return reply_options(data.get("tone", ""), data.get("length", ""), data.get("language", ""))


def _shown_options(options: dict[str, str], proposed: ProposedReply | None, *, is_chosen: bool) -> dict[str, str]:
    """Return the options that the page offers first: those just chosen, else those of the draft that is shown."""
    if proposed is None or is_chosen:
        return options
    return options | {"tone": proposed.tone, "length": proposed.length}


def _draft_context(basis: ReplyBasis, options: dict[str, str], *, is_chosen: bool) -> dict[str, Any]:
    proposed = proposed_reply(basis.record, basis.member)
    calls = AssistantCall.objects.about(basis.record).filter(helper=HELPER, member=basis.member)
    is_waiting = calls.open().exists()
    last = calls.order_by("-pk").first()
    failed = ""
    if last and not is_waiting and proposed is None and last.verdict not in _QUIET:
        failed = last.get_verdict_display()
    rating_form = RatingForm.of(
        basis.record,
        HELPER,
        state=proposed.key if proposed else basis.read.last_ref,
        by_model=proposed is not None,
        member=basis.member,
    )
    return {
        "rating_form": rating_form,
        "pieces": _pieces(basis, proposed),
        "proposed": proposed,
        "offer": basis.offer,
        "questions": basis.questions,
        "can_write": basis.way is not None,
        "may_ask": may_ask(HELPER, basis.record),
        "is_waiting": is_waiting,
        "failed": failed,
        "options": _shown_options(options, proposed, is_chosen=is_chosen),
        "tones": ReplyTone.choices,
        "lengths": ReplyLength.choices,
        "languages": [("", _("Language of the customer")), ("en", "English"), ("nl", "Nederlands")],
    }


# What became of the last draft, where nothing went wrong.
_QUIET = (CallVerdict.PUT_IN, CallVerdict.THROWN_AWAY, CallVerdict.USED)


def _pieces(basis: ReplyBasis, proposed: ProposedReply | None) -> list[Any]:
    template = basis.composed.words if basis.composed else ""
    if proposed is None:
        return list(compare_texts(template, template))
    texts = basis.read.texts
    spoken = [f"{text.who} {text.text}" for text in texts if text.kind != "note"]
    notes = [text.text for text in texts if text.kind == "note"]
    return list(compare_texts(proposed.template_text or template, proposed.text, sources=spoken, notes=notes))


def _put_into_composer(basis: ReplyBasis, text: str) -> None:
    assert basis.way
    where = basis.matter.draft(basis.member.pk, basis.way.medium)
    begun = Draft.at(where).first()
    values: dict[str, Any] = {}
    if begun is None and basis.offer and basis.offer.version.pk:
        values = {"template_version": basis.offer.version}
    subject = basis.subject
    has_template = bool(values) or bool(begun and begun.template_version_id)
    if not has_template:
        text = text.rstrip().removesuffix(basis.ending).rstrip()
    if begun:
        subject = begun.subject
        text = join_texts(begun.text, text)
    Draft.keep(where=where, subject=subject, text=text, **values)


def _end_proposal(proposed: ProposedReply | None, verdict: str) -> None:
    """Delete a proposal, and note its end in the log."""
    if proposed is None:
        return
    if proposed.call_id:
        AssistantCall.objects.filter(pk=proposed.call_id).update(verdict=verdict)
    proposed.delete()
