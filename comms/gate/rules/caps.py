"""Rule 6, frequency: three emails and two texts in seven days outside work in progress; more are dropped."""

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Medium, Purpose
from comms.stored_words import words

KEY = "caps"
_COUNTED = frozenset({Purpose.SERVICE, Purpose.MARKETING})


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Drop messages over the limit, without queueing. Urgent work and conversations are exempt.

    Rule: docs/rules.md#k2.
    """
    if candidate.purpose == Purpose.SECURITY or candidate.fixed_text:
        return GateCheck(words(_("No limit for codes and answers to STOP")))
    if candidate.template is None:
        return GateCheck(words(_("No limit for what a person writes")))
    limit = limit_of(candidate.medium, facts)
    sent = count(candidate.medium, facts)
    if limit is None:
        return GateCheck(words(_("No limit on this channel")))
    if candidate.purpose not in _COUNTED and not facts.limits.transactional_counts:
        return GateCheck(
            words(_("%(sent)s of %(limit)s in seven days; work in progress does not count"), sent=sent, limit=limit)
        )
    if sent < limit:
        return GateCheck(words(_("%(sent)s of %(limit)s in seven days"), sent=sent, limit=limit))
    if facts.is_urgent:
        return GateCheck(
            words(_("%(sent)s of %(limit)s in seven days; no limit because the work is urgent"), sent=sent, limit=limit)
        )
    no = words(_("%(sent)s of %(limit)s in seven days already"), sent=sent, limit=limit)
    return GateCheck(no, Outcome.DROP, "cap")


def limit_of(medium: str, facts: GateFacts) -> int | None:
    """Return the limit of seven days, lower if the customer chose so; None for no limit."""
    ours = {Medium.EMAIL: facts.limits.emails, Medium.SMS: facts.limits.texts}.get(Medium(medium))
    return min((one for one in (ours, facts.own_limit) if one is not None), default=None)


def count(medium: str, facts: GateFacts) -> int:
    """Count the messages of seven days that count towards the limit."""
    if facts.limits.transactional_counts:
        purposes = _COUNTED | {Purpose.TRANSACTIONAL}
    else:
        purposes = _COUNTED
    return sum(
        sent.medium == medium and sent.purpose in purposes and sent.template_id is not None for sent in facts.sent
    )
