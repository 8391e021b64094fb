"""CalendarEvent: the parts of a calendar entry that an email reader needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from libs.inbound_mail.message import MailAddress


class Guest(NamedTuple):
    """An attendee and their reply: ACCEPTED, DECLINED, TENTATIVE …"""

    address: MailAddress
    answer: str


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry of a calendar file.

    `method`: what it is sent for, in capitals: REQUEST, REPLY, COUNTER, CANCEL …; "" for a mere file. All times are
    aware; of an entry of whole days they are midnights of UTC. `zone`: the one it was written in, as the file calls
    it; `is_zone_known`: False where nobody can tell what that means, so that times are as written, by our clock.
    `others`: how many further entries the file has.
    """

    method: str
    uid: str
    sequence: int = 0
    summary: str = ""
    location: str = ""
    description: str = ""
    comment: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_all_day: bool = False
    zone: str = ""
    is_zone_known: bool = True
    repeats: bool = False
    organizer: MailAddress | None = None
    guests: tuple[Guest, ...] = ()
    others: int = 0
