"""GateFacts: everything the rules need about a recipient, as of one instant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from comms.gate.hours import SendingHours
from comms.models import Consent, KillSwitch, Suppression
from crm.kernel.zones import Zones


class SentBefore(NamedTuple):
    """A message sent in the last seven days, or being sent."""

    at: datetime
    medium: str
    purpose: str
    template_id: int | None
    job_id: int | None
    automatic: str
    to_address: bool
    occasion: str = ""


@dataclass(frozen=True)
class SendingLimits:
    """The number of emails and texts one person may get in seven days."""

    emails: int = 3
    texts: int = 2
    transactional_counts: bool = False


@dataclass
class GateFacts:
    """The facts about one candidate's recipient."""

    now: datetime
    suppressions: Sequence[Suppression] = ()
    switches: Sequence[KillSwitch] = ()
    consent: Consent | None = None
    # Of the relationship: an open job; when the last one ended; when they last wrote, on anything.
    has_open_job: bool = False
    job_ended_at: datetime | None = None
    wrote_at: datetime | None = None
    # When they last wrote to this very channel: WhatsApp's window opens then.
    wrote_here_at: datetime | None = None
    sent: list[SentBefore] = field(default_factory=list)
    limits: SendingLimits = SendingLimits()
    # How many in seven days they themselves asked for at most.
    own_limit: int | None = None
    is_urgent: bool = False
    hours: SendingHours | None = None
    zones: Zones = frozenset()
    # Where the zone is from: property, setting, number, brand.
    zone_source: str = ""
    brand_country: str = ""
    # How often the gate was asked about this message before.
    tries: int = 0
    # From a practice organization nothing is sent.
    is_practice: bool = False
