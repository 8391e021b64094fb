"""The message a mail answers: by reply address, Message-IDs, or the mark in its quotation.

Rule: docs/rules.md#threading.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from comms.mail import threads
from comms.models import Inbound, Message
from comms.models.inbound import LONGEST_ID
from libs.inbound_mail import Mail

# A mail that names more names the nearest ones last.
MOST_IDS = 60


class AnsweredMessage(NamedTuple):
    """The answered message, and the evidence.

    `by`: reply_token, in_reply_to, references, message_id (signed by us, and not as we stored it), body_marker, or "".
    """

    message: Message | None = None
    by: str = ""


def with_brackets(message_id: str) -> str:
    """Return a Message-ID in angle brackets, as stored and in headers."""
    if message_id:
        return f"<{message_id}>"[:998]
    return ""


def messages_named(mail: Mail) -> dict[str, Message]:
    """Return our messages that a mail refers to, by Message-ID without brackets, its own ID included.

    Of one that is in several mailboxes it is the first.
    """
    ids = [mail.message_id, *mail.in_reply_to[:MOST_IDS], *mail.references[-MOST_IDS:]]
    ids += [_without_brackets(mail.report.returned.get(name)) for name in ("message-id", "in-reply-to")]
    named = {with_brackets(each) for each in ids if each}
    # Most mails name none of ours, and to learn that costs a tenth of reading a message and its job.
    ids_of_ours = [*Message.objects.filter(message_id__in=named).values_list("pk", flat=True)] if named else ()
    if not ids_of_ours:
        return {}
    messages = Message.objects.filter(pk__in=ids_of_ours).select_related("job").order_by("-pk")
    return {_without_brackets(message.message_id): message for message in messages}


def find_answered(mail: Mail, known: dict[str, Message], recipients: Sequence[str]) -> AnsweredMessage:
    """Return the message a mail answers, by the strongest evidence."""
    addresses = (*recipients, *(one.address for one in (*mail.delivered_to, *mail.to)))
    if message := _first_message(map(threads.replied_message, addresses)):
        return AnsweredMessage(message, "reply_token")
    for by, ids in (("in_reply_to", mail.in_reply_to), ("references", reversed(mail.references))):
        for message_id in ids:
            if message_id in known and message_id != mail.message_id:
                return AnsweredMessage(known[message_id], by)
    named = (*mail.in_reply_to[:MOST_IDS], *reversed(mail.references[-MOST_IDS:]))
    if message := _first_message(map(threads.own_message, named)):
        return AnsweredMessage(message, "message_id")
    if message := _first_message([*threads.marked_messages(mail.text), *threads.marked_messages(mail.html)]):
        return AnsweredMessage(message, "body_marker")
    return AnsweredMessage()


def unread_ancestor(mail: Mail, inbound: Inbound) -> Inbound | None:
    """Return the nearest answered mail that is stored but not read yet.

    None that waits for this very mail: made up, two may name each other.
    """
    ids = (*mail.in_reply_to[:MOST_IDS], *reversed(mail.references[-MOST_IDS:]))
    named = [each[:LONGEST_ID] for each in dict.fromkeys(ids) if each != mail.message_id]
    if not named:
        return None
    unread = Inbound.objects.unread().filter(message_id__in=named).exclude(pk=inbound.pk)
    if mail.message_id:
        waiting = unread.exclude(waits_for=mail.message_id[:LONGEST_ID])
    else:
        waiting = unread
    candidates = waiting.only("pk", "message_id")
    return min(candidates, key=lambda each: named.index(each.message_id), default=None)


def _first_message(uids: Iterable[UUID | None]) -> Message | None:
    """Return the first existing message of these signed UIDs."""
    named = list(dict.fromkeys(filter(None, uids)))
    messages = ()
    if named:
        messages = Message.objects.select_related("job").filter(uid__in=named)
    return min(messages, key=lambda message: named.index(message.uid), default=None)


def _without_brackets(message_id: str) -> str:
    return message_id.strip().strip("<>")
