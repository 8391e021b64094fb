"""Release messages that a lifted stop held, and set the weekly limits."""

from django.db import transaction
from django.db.models import OuterRef, Subquery

from comms.models import Decision, Message, SendingPolicy
from comms.models.outbound import schedule_sending
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration

# Released at once; more follow with the next run.
MOST = 1000


def release_held() -> int:
    """Queue the messages a stop held, for the gate to decide on again."""
    last = Decision.objects.filter(message=OuterRef("pk")).order_by("-pk")
    messages = Message.objects.filter(state=Message.State.HELD, send_at__isnull=True)
    released = (
        messages.annotate(why=Subquery(last.values("reason")[:1])).filter(why="switched_off").order_by("pk")[:MOST]
    )
    channels = dict(released.values_list("pk", "channel"))
    ids = list(channels)
    Message.objects.filter(pk__in=ids, state=Message.State.HELD).update(
        state=Message.State.QUEUED, error="", error_words=None
    )
    for pk, channel_id in channels.items():
        schedule_sending(pk, channel_id, clock.now())
    return len(ids)


@transaction.atomic
def set_limits(*, emails: int, texts: int, transactional_counts: bool, by: Member | None) -> None:
    """Set the weekly limits per person, and whether transactional messages count.

    Rule: docs/rules.md#k4.
    """
    lock_configuration()
    policy = SendingPolicy.objects.first() or SendingPolicy()
    after = (emails, texts, transactional_counts)
    if policy.pk and (policy.weekly_emails, policy.weekly_texts, policy.transactional_counts) == after:
        return
    policy.weekly_emails, policy.weekly_texts, policy.transactional_counts = after
    policy.save()
    data = {"emails": emails, "texts": texts, "transactional_counts": transactional_counts}
    events.record("sending_policy.edited", subject=policy, by=by, data=data)
