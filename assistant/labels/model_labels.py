"""The labels that a model gives a message: its call is built, and what can be used replaces the rules' labels.

What the model does not say, or says without a sentence of the message, stays as the rules have it; so does everything
if there is no answer. What a member said is in force whatever the model answers.
"""

from dataclasses import replace
from typing import Any

from assistant.calls.answer_check import InvalidAnswer
from assistant.calls.assistant_helper import AnsweredCall
from assistant.calls.request import ModelRequest
from assistant.labels.label_question import (
    INSTRUCTIONS,
    LONGEST_ANSWER,
    SCHEMA,
    AnsweredLabels,
    number_sentences,
    question_key,
    read_labels,
)
from assistant.labels.labelling import MODEL, report_labels, sentence_range
from assistant.models import AssistantCall, CallVerdict, MessageLabels
from assistant.reading.vocabulary import FACETS
from assistant.sources.record_text import as_sources
from assistant.sources.record_texts import read_texts
from crm.platform.organization.configuration import directory
from tickets.models import Entry, Ticket


def label_request(call: AssistantCall) -> ModelRequest | None:
    """Return the question about a call's message; None if it is gone, may not be read by all, or says nothing."""
    ticket = Ticket.objects.filter(pk=call.subject_id).first()
    entry = Entry.objects.filter(ticket=ticket, message=call.options.get("message")).select_related("message").first()
    if ticket is None or entry is None:
        return None
    read = read_texts(ticket, None, directory().tenant.slug)
    text = next((text for text in read.texts if text.ref == f"e{entry.uid}"), None)
    if text is None:
        return None
    numbered = number_sentences(text.text)
    if not numbered:
        return None
    sources = as_sources([replace(text, text=numbered)], read.customers, read.colleagues, read.addresses)
    key = question_key(entry.message_id, entry.message.text)
    return ModelRequest(INSTRUCTIONS, sources, SCHEMA, key, longest=LONGEST_ANSWER)


def store_labels(answered: AnsweredCall) -> str:
    """Store the labels of an answer that can be used. Raises InvalidAnswer if none can."""
    call = answered.call
    rows = MessageLabels.objects.filter(message=call.options["message"]).select_related("message")
    row = rows.select_for_update(of=("self",)).first()
    if row is None or question_key(row.message_id, row.message.text) != answered.request.key:
        return CallVerdict.THROWN_AWAY  # deleted or edited in the meantime
    answer = read_labels(answered.answer, row.message.text)
    if not answer.labels:
        raise InvalidAnswer(CallVerdict.UNCITED)
    before = {facet: row.current(facet) for facet in FACETS}
    put_answer(row, answer)
    row.save()
    report_labels(Ticket.objects.get(pk=call.subject_id), row, before)
    return CallVerdict.USED


def put_answer(row: MessageLabels, answer: AnsweredLabels) -> None:
    """Replace the proposed labels by those of an answer, without saving; those that a member reviewed stay in force."""
    reviewed = set(row.reviews.values_list("facet", flat=True)) if row.pk else set()
    proposed: dict[str, Any] = dict(row.proposed)
    for facet, label in answer.labels.items():
        earlier = proposed.get(facet, {})
        proposed[facet] = {
            "value": label.value,
            "sure": label.confidence,
            "by": MODEL,
            # What the words say: training learns from it, and the figures compare.
            "rule": earlier.get("rule", earlier.get("value", label.value)),
            **sentence_range(label, row.message),
        }
    row.proposed = proposed
    for facet in set(answer.labels) - reviewed:
        row.put_label(facet, row.proposal(facet))
    if answer.sentiment is not None:
        row.sentiment = round(100 * answer.sentiment)
