"""When a planned message is sent: at its time, or moved out of quiet hours (docs/rules.md#k3)."""

from collections.abc import Sequence
from datetime import datetime

from comms.gate.candidate import SendCandidate
from comms.gate.hours import SendingHours
from comms.gate.recipients import facts_of
from comms.models import Message, Purpose
from comms.models.outbound import schedule_sending
from crm.kernel import clock


def departure(message: Message) -> datetime:
    """Return when a message is due: its `send_at`, or a time outside quiet hours."""
    return departure_of(SendCandidate.of(message))


def departure_of(candidate: SendCandidate) -> datetime:
    """Return the time for a candidate: before quiet hours if it is useful until an event, otherwise after.

    Never before now. The gate decides again when it comes: this only chooses the time to ask.
    """
    return departures_of([candidate])[0]


def departures_of(candidates: Sequence[SendCandidate]) -> list[datetime]:
    """Return `departure_of` many candidates, in their order, with the queries of one."""
    now = clock.now()
    facts = facts_of(candidates, now)
    return [_departure(one, its.hours, now) for one, its in zip(candidates, facts, strict=True)]


def _departure(candidate: SendCandidate, hours: SendingHours | None, now: datetime) -> datetime:
    wanted = max(candidate.send_at or now, now)
    if hours is None or candidate.purpose == Purpose.SECURITY or hours.allow(wanted):
        return wanted
    if candidate.useful_until and (earlier := hours.last_before(wanted)) and earlier >= now:
        return earlier
    return hours.next(wanted) or wanted


def pull_forward(message_ids: Sequence[int]) -> None:
    """Move queued messages that would fall into quiet hours to their new time. Idempotent."""
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
