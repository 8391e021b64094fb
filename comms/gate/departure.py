"""When a message that is planned leaves: at its time, or before or after the quiet it falls into (K3)."""

from datetime import datetime

from comms.gate.candidate import Candidate
from comms.gate.recipients import facts_of
from comms.models import Message, Purpose
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
