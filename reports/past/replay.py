"""Replay a job's events up to an instant: which side's turn it was, holds, unanswered messages, next step.

Plain functions of their arguments: no database, no present time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from crm.jobs.models import ContactOutcome, Side

# Contacts that answer who wrote (crm/jobs/models/contact.py).
ANSWERING = frozenset({ContactOutcome.REACHED, ContactOutcome.SENT})


class ReplayFact(NamedTuple):
    """An event of a job: its kind without the prefix, its instant, its data."""

    kind: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class PastStanding:
    """The past state of a job: clock, side whose turn it was, and unanswered messages."""

    side: str
    started_at: datetime
    # Where its pause began, and what had run since `started_at` in earlier runs, as pairs of instants.
    paused_at: datetime | None = None
    runs: tuple[tuple[datetime, datetime], ...] = ()
    pause_ends_at: datetime | None = None
    waiting_since: datetime | None = None
    unread: int = 0
    channel: str = ""
    touched_at: datetime | None = None


def stood(entered_at: datetime, facts: Iterable[ReplayFact]) -> PastStanding:
    """Replay events up to an instant, oldest first, for a job that entered its step at `entered_at`.

    What was taken back puts the state before the act back. Facts before the step count for the messages alone.
    """
    *_earlier, (_at, standing) = standings(entered_at, facts)
    return standing


def standings(entered_at: datetime, facts: Iterable[ReplayFact]) -> Iterator[tuple[datetime, PastStanding]]:
    """Yield the initial state and the state after each event, with its instant."""
    standing = PastStanding(Side.US, entered_at)
    before: dict[str, PastStanding] = {}
    yield entered_at, standing
    for fact in facts:
        if fact.kind == "undone":
            standing = before.pop(str(fact.data.get("of", "")).rpartition(".")[2], standing)
        else:
            before[fact.kind] = standing
            standing = _apply_fact(standing, fact, in_step=fact.at >= entered_at)
        yield fact.at, standing


def _apply_fact(here: PastStanding, fact: ReplayFact, *, in_step: bool) -> PastStanding:
    """Return the state after one more event."""
    if fact.kind == "heard":
        turned = in_step and here.side == Side.CUSTOMER and here.paused_at is None
        if turned:
            here = _restart_clock(here, Side.US, fact.at)
        since = here.waiting_since or fact.at
        channel = str(fact.data.get("channel", ""))
        return replace(here, waiting_since=since, unread=here.unread + 1, channel=channel, touched_at=fact.at)
    if fact.kind in ("answered", "contacted"):
        here = replace(here, touched_at=fact.at)
        if fact.kind == "answered" or fact.data.get("outcome") in ANSWERING:
            here = replace(here, waiting_since=None, unread=0, channel="")
        if in_step and fact.data.get("side") == Side.CUSTOMER:
            return _restart_clock(here, Side.CUSTOMER, fact.at)
        return here
    if not in_step:
        return here
    if fact.kind == "turned":
        return _restart_clock(here, str(fact.data.get("side", Side.US)), fact.at)
    if fact.kind == "paused":
        until = fact.data.get("until")
        ends = None
        if until:
            ends = datetime.fromisoformat(until)
        return replace(here, paused_at=fact.at, pause_ends_at=ends, runs=(*here.runs, (here.started_at, fact.at)))
    if fact.kind == "resumed" and here.paused_at:
        return replace(here, paused_at=None, pause_ends_at=None, started_at=fact.at)
    return here


def _restart_clock(here: PastStanding, side: str, at: datetime) -> PastStanding:
    """Return the state with a new clock for one side."""
    return replace(here, side=side, started_at=at, paused_at=None, pause_ends_at=None, runs=())


def turned_within(facts: Iterable[ReplayFact], since: datetime, until: datetime | None) -> bool:
    """True if it became the customer's turn within a stay; the stay's own allowance is unknown then."""
    return any(
        fact.data.get("side") == Side.CUSTOMER and fact.at >= since and (until is None or fact.at < until)
        for fact in facts
        if fact.kind in ("turned", "answered")
    )
