"""Derive the delivery state of a message from all its reports, in any order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# An open or click so soon after the delivery is a scanner's (docs/rules.md#sending-law).
TOO_SOON = timedelta(seconds=5)
# What fetches images or follows links for somebody, or for nobody, by a part of its User-Agent.
MACHINES = (
    "googleimageproxy",
    "ggpht.com",
    "yahoomailproxy",
    "yahoo! slurp",
    "cloudmark",
    "barracuda",
    "proofpoint",
    "mimecast",
    "symantec",
    "messagelabs",
    "safelinks",
    "microsoft office existence discovery",
    "ms-office",
    "bingpreview",
    "bot",
    "crawler",
    "spider",
    "preview",
    "scanner",
    "python-requests",
    "curl/",
    "wget/",
    "go-http-client",
    "java/",
)
# Mail Privacy Protection of Apple fetches through a proxy that says no more than this.
_PRIVACY_PROXY = "mozilla/5.0"


@dataclass(frozen=True)
class DeliveryFact:
    """The parts of a report that the delivery depends on."""

    kind: str
    at: datetime
    is_permanent: bool = False
    is_machine: bool = False


def is_machine(agent: str) -> bool:
    """True if a User-Agent is a proxy or scanner; an unknown one may be a person.

    Apple's proxy says the bare "Mozilla/5.0", which no browser does.
    """
    program = agent.strip().lower()[:500]
    return program == _PRIVACY_PROXY or any(name in program for name in MACHINES)


def derive(facts: Iterable[DeliveryFact], *, is_mail: bool) -> str:
    """Return the delivery: complaint, hard bounce or failure first; else the furthest state reached by a person.

    A bounce that is not final gives way to a delivery after all.
    """
    facts = list(facts)
    kinds = {fact.kind for fact in facts if not (is_mail and _by_machine(fact, facts))}
    if any(fact.kind == "bounced" and fact.is_permanent for fact in facts):
        kinds.add("bounced for good")
    order = ("complained", "bounced for good", "failed", "clicked", "opened", "delivered", "bounced")
    return next((kind for kind in order if kind in kinds), "").partition(" ")[0]


def _by_machine(fact: DeliveryFact, facts: Iterable[DeliveryFact]) -> bool:
    if fact.kind not in ("opened", "clicked"):
        return False
    delivered = [other.at for other in facts if other.kind == "delivered"]
    return fact.is_machine or any(at <= fact.at < at + TOO_SOON for at in delivered)
