"""The reply that a model drafts: what it is asked, and the checks before it is shown to the member who asked."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from assistant.calls.answer_check import InvalidAnswer, check_language, has_markup, names_other_tenant
from assistant.calls.assistant_helper import AnsweredCall
from assistant.calls.request import ModelRequest, SourceText
from assistant.drafts.reply_basis import ReplyBasis
from assistant.models import AssistantCall, CallVerdict, ProposedReply, ReplyLength, ReplyTone
from assistant.sources.record_text import as_sources
from assistant.sources.record_texts import read_texts
from assistant.summaries.subjects import find_subject
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

HELPER = "draft"
LONGEST_REPLY = 4000
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reply"],
    "properties": {"reply": {"type": "string"}},
}
_INSTRUCTIONS = """\
Write the reply of our colleague to the customer's last messages, based on the text marked "template": keep what fits,
and answer each open question from the texts. If a question can't be answered from them, say that we will come back to
it. Promise no money and no date that the texts do not contain. Give the whole reply in "reply".
"""
_TONES = {
    ReplyTone.PLAIN: "Tone: plain and factual.",
    ReplyTone.WARM: "Tone: warm and personal.",
    ReplyTone.FORMAL: "Tone: formal and polite.",
}


def reply_options(tone: str, length: str, language: str) -> dict[str, str]:
    """Return valid options of a draft; the usual ones for unknown words."""
    return {
        "tone": tone if tone in ReplyTone.values else ReplyTone.PLAIN.value,
        "length": length if length in ReplyLength.values else ReplyLength.USUAL.value,
        "language": language if language in ("en", "nl") else "",
    }


def reply_request(call: AssistantCall) -> ModelRequest | None:
    """Return what is asked for a member's reply to a record's customer; None if none can be written."""
    record = find_subject(call.subject_kind, call.subject_id)
    member = Member.objects.filter(pk=call.member_id, active=True).first()
    if record is None or member is None:
        return None
    slug = directory().tenant.slug
    basis = ReplyBasis.of(record, member, slug, str(call.options.get("language", "")))
    read = read_texts(record, None, slug)
    if basis is None or basis.way is None or not read.texts:
        return None
    sources = [*as_sources(read.texts, read.customers, read.colleagues, read.addresses)]
    if basis.composed:
        names = sources[0].names
        template = SourceText("template", basis.composed.words, kind="template", is_ours=True, label="template")
        sources.append(SourceText(**{**vars(template), "names": names}))
    instructions = f"{_INSTRUCTIONS}{_TONES.get(call.options.get('tone'), '')}"
    if call.options.get("length") == ReplyLength.SHORT:
        instructions += "\nLength: three sentences at most."
    return ModelRequest(
        instructions, tuple(sources), _SCHEMA, read.last_ref, language=basis.reply_language, longest=1200
    )


def store_reply(answered: AnsweredCall) -> str:
    """Store a drafted reply for the member. Raises InvalidAnswer for what must not be proposed."""
    reply = str(answered.answer["reply"]).strip()
    if not reply or has_markup(reply):
        raise InvalidAnswer(CallVerdict.INVALID)
    if len(reply) > LONGEST_REPLY:
        raise InvalidAnswer(CallVerdict.OVERSIZED)
    check_language([reply], answered.request.language)
    text = answered.built.redactor.restore(reply)
    sources = [f"{source.label} {source.text}" for source in answered.request.texts]
    if names_other_tenant(text, [*sources, directory().tenant.name]):
        raise InvalidAnswer(CallVerdict.INVALID)
    call = answered.call
    template = next((source.text for source in answered.request.texts if source.kind == "template"), "")
    options = reply_options(**{name: str(call.options.get(name, "")) for name in ("tone", "length", "language")})
    ProposedReply.objects.update_or_create(
        member_id=call.member_id,
        subject_kind=call.subject_kind,
        subject_id=call.subject_id,
        defaults={
            **options,
            "key": answered.request.key,
            "template_text": template,
            "text": text,
            "made_at": clock.now(),
            "call": call,
        },
    )
    return CallVerdict.USED


def proposed_reply(record: models.Model, member: Member) -> ProposedReply | None:
    """Return the reply that a model drafted for a member, until they used it or threw it away."""
    reply: ProposedReply | None = ProposedReply.objects.about(record).filter(member=member).first()
    return reply
