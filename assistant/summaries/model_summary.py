"""The summary that a model writes: what it is asked, and which of its sentences are kept.

A sentence is kept if it cites at least one text that was sent, and has no name, number, link or markup that these texts
lack. Only what everybody may read who sees the record is sent, so one summary serves all of them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

from assistant.calls.answer_check import (
    InvalidAnswer,
    check_language,
    has_markup,
    names_other_tenant,
    unsupported_facts,
)
from assistant.calls.assistant_helper import AnsweredCall
from assistant.calls.request import ModelRequest
from assistant.models import AssistantCall, CallVerdict, StoredSummary
from assistant.sources.record_text import as_sources
from assistant.sources.record_texts import read_texts
from assistant.summaries.subjects import find_subject
from crm.kernel import clock
from crm.platform.organization.configuration import directory

HELPER = "summary"
MOST_SENTENCES = 6
LONGEST_SENTENCE = 300
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "sources", "open"],
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                    "open": {"type": "boolean"},
                },
            },
        }
    },
}
_INSTRUCTIONS = """\
Summarize the texts for a colleague in two to five short sentences: what the customer wants and feels, what was agreed
or promised, by when, and what is open. Give for each sentence the numbers of the texts it rests on in "sources".
Set "open" for the one sentence that says what is still to be done.
"""


def summary_key(last_ref: str, count: int, language: str) -> str:
    """Return the key of what is summarized: another one means that something came or went."""
    return f"{last_ref}:{count}:{language}"


def summary_request(call: AssistantCall) -> ModelRequest | None:
    """Return what is asked about a call's record; None if it is gone or has no texts."""
    record = find_subject(call.subject_kind, call.subject_id)
    if record is None:
        return None
    read = read_texts(record, None, directory().tenant.slug)
    if not read.texts:
        return None
    language = str(call.options.get("language", "en"))
    sources = as_sources(read.texts, read.customers, read.colleagues, read.addresses)
    key = summary_key(read.last_ref, len(read.texts), language)
    return ModelRequest(_INSTRUCTIONS, sources, _SCHEMA, key, language=language)


def store_summary(answered: AnsweredCall) -> str:
    """Store the sentences of an answer that can be used. Raises InvalidAnswer for one in another language."""
    answers = answered.answer["sentences"][:MOST_SENTENCES]
    check_language((str(sentence["text"]) for sentence in answers), answered.request.language)
    sentences = [kept for sentence in answers if (kept := _usable_sentence(sentence, answered))]
    if not sentences:
        raise InvalidAnswer(CallVerdict.UNCITED)
    call = answered.call
    StoredSummary.objects.update_or_create(
        subject_kind=call.subject_kind,
        subject_id=call.subject_id,
        language=answered.request.language,
        defaults={"key": answered.request.key, "sentences": sentences, "made_at": clock.now(), "call": call},
    )
    return CallVerdict.USED


def _usable_sentence(sentence: Mapping[str, Any], answered: AnsweredCall) -> dict[str, Any] | None:
    """Return a sentence as it is stored; None if it has no source, or says what its sources do not."""
    text = " ".join(str(sentence["text"]).split())
    numbers = [number for number in dict.fromkeys(sentence["sources"]) if number in answered.built.sources]
    if not text or not numbers or len(text) > LONGEST_SENTENCE or has_markup(text):
        return None
    cited = [answered.built.sources[number] for number in numbers]
    restored = answered.built.redactor.restore(text)
    bodies = [f"{source.label} {source.text}" for source in cited]
    if names_other_tenant(restored, bodies) or next(unsupported_facts(restored, bodies), None):
        return None
    return {"text": restored, "refs": [source.ref for source in cited], "open": bool(sentence["open"])}


def stored_summary(record: models.Model, language: str) -> StoredSummary | None:
    """Return the stored summary of a record, whether or not something came since."""
    summary: StoredSummary | None = StoredSummary.objects.about(record).filter(language=language).first()
    return summary
