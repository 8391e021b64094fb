"""Live updates, shared by web and live process: the signed ticket of a page, the channel, the message format.

A hint is a tenant's id and names of topics that changed, never data. The live process has no apps: no models here.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from crm.kernel import clock
from crm.kernel.whole_numbers import read_number

# Where the live process serves its stream; under a reserved word, so that a proxy can put it under the one origin.
STREAM = "/account/live/"
# Seconds a ticket is good for, and with it a connection: so soon does a suspended member hear no more.
TICKET_SECONDS = 300
# The topic that stands for all of them: something may have been missed.
EVERYTHING = "*"

_TOPIC = re.compile(r"[a-z]+(:[A-Za-z0-9*_-]+)?|\*")
_SIGNED = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,18})", re.ASCII)


class LiveTicket(NamedTuple):
    """Who may listen to which tenant's hints, and when it was issued, in seconds since 1970."""

    tenant_id: int
    member_id: int
    issued: float

    @property
    def seconds_left(self) -> float:
        """The seconds it is still good for; below zero once it has expired."""
        return self.issued + TICKET_SECONDS - clock.now().timestamp()


def issue_ticket(tenant_id: int, member_id: int) -> str:
    """Sign a ticket for a member, good from now on."""
    issued = int(clock.now().timestamp() * 1000)
    return _ticket_signer().sign(f"{tenant_id}.{member_id}.{issued}")


def read_ticket(text: str) -> LiveTicket | None:
    """Parse a ticket; None for a forged or expired one."""
    try:
        match = _SIGNED.fullmatch(_ticket_signer().unsign(text))
    except BadSignature:
        return None
    if match is None:
        return None
    ticket = LiveTicket(int(match[1]), int(match[2]), int(match[3]) / 1000)
    if ticket.seconds_left > 0:
        return ticket
    return None


def _ticket_signer() -> Signer:
    return Signer(salt="live.ticket")


def hint_channel() -> str:
    """Return the pub/sub channel of hints. Channels have no database number: the key separates installations."""
    return f"hints:{salted_hmac('live.channel', 'hints').hexdigest()[:24]}"


def job_topic(tenant_id: int, job_id: int) -> str:
    """Return the topic of one job. Everybody in the tenant may hear it, so it reveals nothing about the job."""
    return f"job:{salted_hmac('live.job', f'{tenant_id}.{job_id}').hexdigest()[:20]}"


def is_topic(name: str) -> bool:
    """Return True if a hint can carry a topic of this name."""
    return _TOPIC.fullmatch(name) is not None


def write_hint(tenant_id: int, topics: Iterable[str]) -> str:
    """Serialize a hint. Raises ValueError for a word that is no topic."""
    named = sorted(topics)
    if odd := [topic for topic in named if not is_topic(topic)]:
        raise ValueError(f"{odd[0]!r} is no topic")
    return " ".join([str(tenant_id), *named])


def read_hint(text: str) -> tuple[int, frozenset[str]] | None:
    """Parse a hint into tenant and topics; None for anything else."""
    first, *topics = text.split(" ")
    tenant = read_number(first)
    if tenant is None or not topics or not all(map(_TOPIC.fullmatch, topics)):
        return None
    return tenant, frozenset(topics)
