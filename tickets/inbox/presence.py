"""Presence: who has a conversation open, and who is replying. Kept for a minute, pushed to the others.

Nobody is locked out: two who answer at the same time see each other.
"""

from django.core.cache import cache

from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.models import Member
from crm.platform.tenancy.context import required_tenant_id
from crm.web.timeline.event_words import name_of
from tickets.models import Ticket

# Seconds: for how long somebody counts as there without a sign; a page gives one every 45 s.
KEPT = 100
READING = "reading"
ANSWERING = "answering"

# By member's id: what they do, and when they last gave a sign.
_Here = dict[int, tuple[str, float]]


def note_presence(ticket: Ticket, member: Member, doing: str) -> None:
    """Record a member's presence. Who replies stays "replying" until they leave or send."""
    key = _cache_key(ticket)
    now = clock.now().timestamp()
    present = _drop_stale(cache.get(key), now)
    was = present.get(member.pk)
    if was and was[0] == ANSWERING and doing == READING:
        doing = ANSWERING
    present[member.pk] = (doing, now)
    cache.set(key, present, KEPT)
    if was is None or was[0] != doing:
        hints.touch("presence")


def leave(ticket: Ticket, member: Member) -> None:
    """Delete a member's presence after they sent or left."""
    key = _cache_key(ticket)
    present = _drop_stale(cache.get(key), clock.now().timestamp())
    if present.pop(member.pk, None):
        cache.set(key, present, KEPT)
        hints.touch("presence")


def others(ticket: Ticket, member: Member) -> tuple[list[str], list[str]]:
    """Return the names of the others, replying and reading."""
    present = _drop_stale(cache.get(_cache_key(ticket)), clock.now().timestamp())
    readers = [(name_of(pk), doing) for pk, (doing, _at) in sorted(present.items()) if pk != member.pk]
    named = [(name, doing) for name, doing in readers if name]
    return [name for name, doing in named if doing == ANSWERING], [name for name, doing in named if doing == READING]


def _drop_stale(kept: object, now: float) -> _Here:
    present: _Here = {}
    if isinstance(kept, dict):
        present = kept
    return {pk: (doing, at) for pk, (doing, at) in present.items() if now - at < KEPT}


def _cache_key(ticket: Ticket) -> str:
    return f"presence:{required_tenant_id()}:{ticket.pk}"
