"""Have a language model asked about the labels of a conversation's new messages, one message after another."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from assistant.calls.queue import request_call
from assistant.labels.label_question import HELPER, question_key
from assistant.models import AssistantCall, MessageLabels, assistant_setup
from crm.kernel import clock
from crm.platform.work import due
from tickets.models import Entry, Ticket

# Due work: ask about the next message of a conversation.
ASK_LABELS = "assistant.ask_labels"
# A call about a conversation ends before the next one begins; so long after it is looked for more.
PAUSE = timedelta(minutes=1)
# Older messages keep the labels that they have, and of many new ones the newest are asked about.
LATELY = timedelta(days=1)
MOST = 5


def ask_soon(tickets: Iterable[int]) -> None:
    """Schedule the question about new messages of these conversations, if a model may label messages."""
    if assistant_setup().may_ask(HELPER):
        now = clock.now()
        due.schedule_all(ASK_LABELS, [(pk, now) for pk in sorted(set(tickets))])


def ask_next(ticket_ids: Sequence[int]) -> None:
    """Queue a call about the oldest message that was not asked about; look again later. Idempotent."""
    for ticket in Ticket.objects.filter(pk__in=ticket_ids):
        labels = _next_labels(ticket)
        if labels is None:
            continue
        key = question_key(labels.message_id, labels.message.text)
        if request_call(HELPER, ticket, by=None, key=key, options={"message": labels.message_id}):
            due.schedule(ASK_LABELS, ticket.pk, clock.now() + PAUSE)


def _next_labels(ticket: Ticket) -> MessageLabels | None:
    """Return the labels of the oldest new message that no call was about; None if there is none."""
    messages = Entry.objects.filter(ticket=ticket, message__isnull=False).values("message_id")
    rows = MessageLabels.objects.filter(message__in=messages, at__gte=clock.now() - LATELY).select_related("message")
    newest = list(rows.order_by("-at", "-pk")[:MOST])
    calls = AssistantCall.objects.about(ticket).filter(helper=HELPER, created_at__gte=clock.now() - 2 * LATELY)
    past_keys = set(calls.values_list("key", flat=True))
    unasked = [row for row in newest if question_key(row.message_id, row.message.text) not in past_keys]
    if unasked:
        return unasked[-1]
    return None
