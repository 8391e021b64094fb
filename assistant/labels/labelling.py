"""Label customers' messages after they arrived, by a worker; a model may make them better, and none is needed.

Private mail is left out: what a list or a trigger finds by labels is everybody's.
"""

from collections.abc import Sequence
from typing import Any

from assistant.models import MessageLabels, trained_labels
from assistant.reading.labeller import label_message
from assistant.reading.linear_model import LinearModel, text_features
from assistant.reading.vocabulary import FACETS, UPSET_BELOW, Label, MessageLabelSet
from comms.models import Message
from crm.automation.setup import working_rules
from crm.platform.events import events
from crm.platform.models import Event
from tickets.life.upset import record_upset
from tickets.models import Ticket

LABELLED = "ticket.labelled"
RULES = "rules"
TRAINED = "trained"


def label_received(received: Sequence[Event]) -> None:
    """Label the messages of these events; mark an upset customer's conversation. Idempotent."""
    tickets = {event.data.get("message"): event.subject_id for event in received}
    rows = Message.objects.filter(pk__in=tickets, direction="in", automatic="", revoked_at=None).for_everybody()
    for labels in label_messages(list(rows.order_by("pk"))):
        _report(Ticket.objects.get(pk=tickets[labels.message_id]), labels)


def label_messages(messages: Sequence[Message]) -> list[MessageLabels]:
    """Label messages that have no labels, and return the new labels."""
    before = set(MessageLabels.objects.filter(message__in=messages).values_list("message_id", flat=True))
    fresh = [labels_of(message) for message in messages if message.pk not in before]
    MessageLabels.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return fresh


def label_again(edited: Sequence[Event]) -> None:
    """Label messages that their senders changed; what members said of them stays in force. Idempotent."""
    for row in MessageLabels.objects.filter(message__in=[event.subject_id for event in edited]):
        fresh = labels_of(row.message)
        reviewed = set(row.reviews.values_list("facet", flat=True))
        row.proposed = fresh.proposed
        row.sentiment = fresh.sentiment
        for facet in set(FACETS) - reviewed:
            row.put_label(facet, fresh.proposal(facet))
        row.save()


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
    proposal: dict[str, Any] = {"value": label.value, "sure": label.confidence, "by": RULES, **_range(label, message)}
    if weights := trained_labels().get(facet):
        value, share = LinearModel.of(weights).predict(text_features(message.text, label.value))
        if value != label.value:
            # The sentence is that of the rules' label.
            proposal = {"value": value, "sure": round(share, 3), "from": 0, "to": 0}
        proposal |= {"by": TRAINED, "sure": round(share, 3), "rule": label.value}
    return proposal


def _range(label: Label, message: Message) -> dict[str, int]:
    """Return where in the message the sentence of a label stands."""
    begin = message.text.find(label.sentence)
    if not label.sentence or begin < 0:
        return {"from": 0, "to": 0}
    return {"from": begin, "to": begin + len(label.sentence)}


def _report(ticket: Ticket, labels: MessageLabels) -> None:
    """Mark an upset customer once a day, and record the labels for triggers, if there are any."""
    if labels.sentiment < 100 * UPSET_BELOW:
        record_upset(ticket, labels.message_id, sentiment=labels.sentiment)
    if working_rules().started_by.get(LABELLED):
        data: dict[str, Any] = {facet: labels.current(facet) for facet in FACETS}
        data |= {"message": labels.message_id, "sentiment": labels.sentiment}
        events.record(LABELLED, subject=ticket, by=None, data=data, job_id=ticket.job_id)
