"""When a message that is planned leaves: at its time, or before or after the quiet it falls into (docs/rules.md#k3)."""

from collections.abc import Sequence
from datetime import datetime

from comms.gate.candidate import Candidate
from comms.gate.recipients import facts_of
from comms.models import Message, Purpose
from comms.models.outbound import schedule_sending
from crm.kernel import clock


def departure(message: Message) -> datetime:
    """Return when a message is to be asked for: its `send_at`, or a better minute where that falls into quiet hours."""
    return departure_of(Candidate.of(message))


def departure_of(candidate: Candidate) -> datetime:
    """Return the minute for a candidate. What is of use until an event is pulled forward, everything else back.

    Never before now. The gate decides again when it comes: this only chooses the time to ask.
    """
    now = clock.now()
    wanted = max(candidate.send_at or now, now)
    hours = facts_of([candidate], now)[0].hours
    if hours is None or candidate.purpose == Purpose.SECURITY or hours.allow(wanted):
        return wanted
    if candidate.useful_until and (earlier := hours.last_before(wanted)) and earlier >= now:
        return earlier
    return hours.next(wanted) or wanted


def pull_forward(message_ids: Sequence[int]) -> None:
    """Move messages just queued that would fall into quiet hours to the minute they leave at. Twice: nothing more."""
    for message in (
        Message.objects.select_for_update(no_key=True, of=("self",))
        .select_related("channel")
        .filter(pk__in=message_ids, state=Message.State.HELD, send_at__gt=clock.now(), useful_until__isnull=False)
    ):
        at = departure(message)
        if message.send_at and at < message.send_at:
            message.send_at = at
            message.save(update_fields=["send_at"])
            schedule_sending(message.pk, message.channel_id, at)
