"""Label customers' messages after they arrived, by a worker. A language model is asked later, if there is one
(label_queue.py).

Private mail is left out: what a list or a trigger finds by labels is everybody's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.labels.label_queue import ask_soon
from assistant.models import MessageLabels, trained_labels
from assistant.reading.labeller import label_message
from assistant.reading.linear_model import LinearModel, text_features
from assistant.reading.vocabulary import FACETS, UPSET_BELOW, Label, MessageLabelSet
from comms.models import Message
from crm.automation.setup import working_rules
from crm.platform.events import events
from crm.platform.models import Event
from tickets.life.upset import record_upset
from tickets.models import Entry, Ticket

LABELLED = "ticket.labelled"
RULES = "rules"
TRAINED = "trained"
MODEL = "model"


def label_received(received: Sequence[Event]) -> None:
    """Label the messages of these events; mark an upset customer's conversation. Idempotent."""
    tickets = {event.data.get("message"): event.subject_id for event in received}
    rows = Message.objects.filter(pk__in=tickets, direction="in", automatic="", revoked_at=None).for_everybody()
    for labels in label_messages(list(rows.order_by("pk"))):
        report_labels(Ticket.objects.get(pk=tickets[labels.message_id]), labels)
    ask_soon(ticket for ticket in tickets.values() if ticket)


def label_messages(messages: Sequence[Message]) -> list[MessageLabels]:
    """Label messages that have no labels, and return the new labels."""
    before = set(MessageLabels.objects.filter(message__in=messages).values_list("message_id", flat=True))
    fresh = [labels_of(message) for message in messages if message.pk not in before]
    MessageLabels.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return fresh


def label_again(edited: Sequence[Event]) -> None:
    """Label messages that their senders changed; what members said of them stays in force. Idempotent."""
    messages = [event.subject_id for event in edited]
    for row in MessageLabels.objects.filter(message__in=messages):
        fresh = labels_of(row.message)
        reviewed = set(row.reviews.values_list("facet", flat=True))
        row.proposed = fresh.proposed
        row.sentiment = fresh.sentiment
        for facet in set(FACETS) - reviewed:
            row.put_label(facet, fresh.proposal(facet))
        row.save()
    ask_soon(Entry.objects.filter(message__in=messages).values_list("ticket_id", flat=True))


def forget_revoked(revoked: Sequence[Event]) -> None:
    """Delete the labels of messages that their senders deleted."""
    MessageLabels.objects.filter(message__in=[event.subject_id for event in revoked]).delete()


def labels_of(message: Message) -> MessageLabels:
    """Return the unsaved labels of a message."""
    labelled = label_message(message.text, subject=message.subject, language=message.language)
    labels = MessageLabels(message=message, at=message.at, sentiment=round(100 * labelled.sentiment))
    labels.proposed = {facet: _proposal(facet, labelled, message) for facet in FACETS}
    for facet in FACETS:
        labels.put_label(facet, labels.proposal(facet))
    return labels


def _proposal(facet: str, labelled: MessageLabelSet, message: Message) -> dict[str, Any]:
    label = labelled.labels[facet]
    place = sentence_range(label, message)
    proposal: dict[str, Any] = {"value": label.value, "sure": label.confidence, "by": RULES, **place}
    if weights := trained_labels().get(facet):
        value, share = LinearModel.of(weights).predict(text_features(message.text, label.value))
        if value != label.value:
            # The sentence is that of the rules' label.
            proposal = {"value": value, "sure": round(share, 3), "from": 0, "to": 0}
        proposal |= {"by": TRAINED, "sure": round(share, 3), "rule": label.value}
    return proposal


def sentence_range(label: Label, message: Message) -> dict[str, int]:
    """Return where in the message the sentence of a label stands."""
    begin = message.text.find(label.sentence)
    if not label.sentence or begin < 0:
        return {"from": 0, "to": 0}
    return {"from": begin, "to": begin + len(label.sentence)}


def report_labels(ticket: Ticket, labels: MessageLabels, before: Mapping[str, str] | None = None) -> None:
    """Mark an upset customer once a day, and record the labels for triggers, if there are any.

    `before`: the labels that a model has replaced; a trigger that these have started is not started again.
    """
    if labels.sentiment < 100 * UPSET_BELOW:
        record_upset(ticket, labels.message_id, sentiment=labels.sentiment)
    data: dict[str, Any] = {facet: labels.current(facet) for facet in FACETS}
    if data == before or not working_rules().started_by.get(LABELLED):
        return
    data |= {"message": labels.message_id, "sentiment": labels.sentiment}
    if before:
        data["before"] = dict(before)
    events.record(LABELLED, subject=ticket, by=None, data=data, job_id=ticket.job_id)
