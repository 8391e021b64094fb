"""RecipientState: consent, suppressions and recent send counts for a batch of recipients, loaded in one query.

One round trip instead of nine is most of what a single decision costs; a batch asks the same with longer lists. The
statement is a function of comms/sql/50_gate.sql, under row-level security like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection

from comms.gate.candidate import SendCandidate
from comms.gate.facts import SentBefore
from comms.gate.rules.consent import AFTER_A_QUESTION
from comms.models import Consent, ContactPreference, KillSwitch, Suppression

WEEK = timedelta(days=7)
_FACTS = "select * from gate_facts(%s, %s::bigint[], %s::bigint[], %s, %s::bigint[], %s, %s, %s)"
_Rows = defaultdict[Any, list[Any]]
_SUPPRESSION = ("id", "key", "person_id", "medium", "brand_id", "reason", "covers", "at")
_SWITCH = ("id", "brand_id", "channel_id", "person_id", "purpose", "reason", "at", "by_id", "until")
_CONSENT = ("id", "key", "medium", "purpose", "brand_id", "given", "wording_version", "at")
_PREFERENCE = ("key", "brand_id", "weekly_limit", "time_zone", "quiet_from", "quiet_until")


class RecipientJob(NamedTuple):
    """The properties of a job that the rules use: customer, state, priority and place."""

    pk: int
    person_id: int | None
    state: str
    ended_at: datetime | None
    priority: str
    country: str
    region: str
    postcode: str


@dataclass
class RecipientState:
    """The loaded state of all recipients, by address key, address or person."""

    suppressions: _Rows = field(default_factory=lambda: defaultdict(list))
    switches: list[KillSwitch] = field(default_factory=list)
    consents: dict[tuple[str, str, str, int], Consent] = field(default_factory=dict)
    preferences: dict[tuple[str, int], ContactPreference] = field(default_factory=dict)
    # The last message from an address, on any channel (None) and on each.
    heard: dict[tuple[str, int | None], datetime] = field(default_factory=dict)
    sent: _Rows = field(default_factory=lambda: defaultdict(list))
    jobs: dict[int, RecipientJob] = field(default_factory=dict)
    jobs_of: _Rows = field(default_factory=lambda: defaultdict(list))
    # How often the gate was asked about a message before.
    tries: dict[int, int] = field(default_factory=dict)


def load_recipient_state(candidates: Sequence[SendCandidate], now: datetime) -> RecipientState:
    """Load the state of the recipients of these candidates."""
    addresses = {candidate.address: candidate.key for candidate in candidates}
    parameters: list[Any] = [
        list({candidate.key for candidate in candidates}),
        list({candidate.person_id for candidate in candidates if candidate.person_id}),
        list({candidate.job_id for candidate in candidates if candidate.job_id}),
        list(addresses),
        list({candidate.message_id for candidate in candidates if candidate.message_id}),
        now,
        now - AFTER_A_QUESTION,
        now - 2 * WEEK,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, parameters)
        suppressions, switches, consents, preferences, last_received, sent, jobs, tries = cursor.fetchone()
    state = RecipientState(tries=dict(_read_pairs(tries)))
    for suppression in _build_rows(Suppression, _SUPPRESSION, suppressions):
        state.suppressions[suppression.key or f"person {suppression.person_id}"].append(suppression)
    state.switches = [*_build_rows(KillSwitch, _SWITCH, switches)]
    for consent in _build_rows(Consent, _CONSENT, consents):
        state.consents[consent.key, consent.medium, consent.purpose, consent.brand_id] = consent
    for preference in _build_rows(ContactPreference, _PREFERENCE, preferences):
        preference.quiet_from, preference.quiet_until = map(
            _parse_time, (preference.quiet_from, preference.quiet_until)
        )
        state.preferences[preference.key, preference.brand_id] = preference
    for address, channel_id, written in last_received or ():
        at = datetime.fromisoformat(written)
        state.heard[address, channel_id] = at
        state.heard[address, None] = max(at, state.heard.get((address, None), at))
    for address, person_id, at, *about in sent or ():
        left_at = datetime.fromisoformat(at)
        if left_at > now - WEEK:
            _note_sent(state.sent, addresses.get(address, ""), person_id, (left_at, *about))
    for row in jobs or ():
        job = RecipientJob(*row)._replace(ended_at=datetime.fromisoformat(row[3]) if row[3] else None)
        state.jobs[job.pk] = job
        if job.person_id:
            state.jobs_of[job.person_id].append(job)
    return state


def _read_pairs(rows: Any) -> Iterable[tuple[int, int]]:
    return ((first, second) for first, second in rows or ())


def _build_rows(model: Any, columns: tuple[str, ...], rows: Any) -> Iterable[Any]:
    """Build model instances from the loaded rows, with these columns only."""
    for row in rows or ():
        named = dict(zip(columns, row, strict=True))
        yield model(
            **{name: _parse_instant(value) if name in ("at", "until") else value for name, value in named.items()}
        )


def _parse_instant(value: str | None) -> datetime | None:
    if value:
        return datetime.fromisoformat(value)
    return None


def _note_sent(sent: _Rows, key: str, person_id: int | None, about: tuple[Any, ...]) -> None:
    """Count a sent message for its address, and for its person at other addresses."""
    sent_row = about[:-1]
    occasion = about[-1]
    if key:
        sent[key].append(SentBefore._make((*sent_row, True, occasion)))
    if person_id:
        sent[f"person {person_id}"].append(SentBefore._make((*sent_row, False, occasion)))


def _parse_time(value: Any) -> time | None:
    if value:
        return time.fromisoformat(value)
    return None
