"""Release messages that a lifted stop held, and set the weekly limits."""

from django.db import transaction

from comms.gate.held_messages import held_messages, queue_again
from comms.models import SendingPolicy
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration

# Released at once; more follow with the next run.
MOST = 1000


def release_held() -> int:
    """Queue the messages a stop held, for the gate to decide on again."""
    stopped = held_messages("switched_off").filter(send_at__isnull=True)
    messages = list(stopped.order_by("pk")[:MOST])
    queue_again(messages)
    return len(messages)


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
