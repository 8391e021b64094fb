"""Find messages that the gate holds for a reason, and queue them for the gate to decide on again."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from comms.models import Decision, Message
from comms.models.outbound import schedule_sending
from crm.kernel import clock


def held_messages(reason: str) -> "QuerySet[Message]":
    """Return the held messages whose last decision has this reason."""
    last = Decision.objects.filter(message=OuterRef("pk")).order_by("-pk")
    in_hold = Message.objects.filter(state=Message.State.HELD)
    messages: QuerySet[Message] = in_hold.annotate(why=Subquery(last.values("reason")[:1])).filter(why=reason)
    return messages


def queue_again(messages: Iterable[Message]) -> None:
    """Queue held messages; those that are no longer held stay."""
    channels = {message.pk: message.channel_id for message in messages}
    Message.objects.filter(pk__in=channels, state=Message.State.HELD).update(
        state=Message.State.QUEUED, error="", error_words=None, send_at=None
    )
    for pk, channel_id in channels.items():
        schedule_sending(pk, channel_id, clock.now())
