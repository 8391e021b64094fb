"""What apps above say about calls, such as whether a call on a tracking number counts; one question for many calls."""

from collections.abc import Iterable

from django.dispatch import Signal

from comms.models import Medium, Message

# Sent with `message_ids` of calls; each receiver returns sentences by message id.
call_notes_asked = Signal()


def call_notes(messages: Iterable[Message]) -> dict[int, str]:
    """Return the notes on the calls among messages, by id. No query without calls."""
    ids = [message.pk for message in messages if message.medium == Medium.CALL]
    notes: dict[int, str] = {}
    if ids:
        for _receiver, answer in call_notes_asked.send(Message, message_ids=ids):
            if isinstance(answer, dict):
                notes |= answer
    return notes
