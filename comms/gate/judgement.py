"""Decide whether a message may be sent now; every message, by members or automatic, is decided here.

Rule: docs/rules.md#send-gate.
"""

from collections.abc import Sequence
from datetime import datetime

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts, SentBefore
from comms.gate.origin_check import check_origins
from comms.gate.recipients import facts_of
from comms.gate.rules import caps, channel, consent, duplicates, purpose, quiet_hours, stops, text
from comms.gate.verdict import GateCheck, GateVerdict, Outcome
from comms.models import Decision, Message
from comms.sending_lock import hold_addresses
from crm.kernel import clock

# In the order of docs/rules.md#send-gate. The ninth step is the provider's.
RULES = (purpose, stops, consent, channel, duplicates, caps, quiet_hours, text)


def decide(message: Message) -> GateVerdict:
    """Decide on one message and store the decision. See `decide_all`."""
    return decide_all([message])[0]


def decide_all(messages: Sequence[Message]) -> list[GateVerdict]:
    """Decide on messages and store the decisions, in the transaction that claims or holds them.

    Until it ends nobody else decides about these people, and a STOP of theirs waits: one that was committed before is
    seen, one that comes after finds the message gone. The messages themselves are left to whoever asks.
    """
    candidates = [SendCandidate.of(message) for message in messages]
    hold_addresses(name for candidate in candidates for name in _lock_names(candidate))
    now = clock.now()
    facts = facts_of(candidates, now)
    verdicts = check_origins(messages, judge(candidates, facts))
    _store_decisions(messages, candidates, facts, verdicts, now)
    return verdicts


def preview(candidate: SendCandidate, at: datetime | None = None) -> GateVerdict:
    """Return the verdict on a message at an instant or now. Stores and locks nothing."""
    return preview_all([candidate], at)[0]


def preview_all(candidates: Sequence[SendCandidate], at: datetime | None = None) -> list[GateVerdict]:
    """Return the verdicts on many messages, each by itself."""
    now = at or clock.now()
    return [
        _judge_one(candidate, facts) for candidate, facts in zip(candidates, facts_of(candidates, now), strict=True)
    ]


def judge(candidates: Sequence[SendCandidate], all_facts: Sequence[GateFacts]) -> list[GateVerdict]:
    """Judge candidates in turn: an allowed one counts for the next to the same person. Pure."""
    verdicts = []
    for number, (candidate, facts) in enumerate(zip(candidates, all_facts, strict=True)):
        verdict = _judge_one(candidate, facts)
        verdicts.append(verdict)
        if verdict.may_send:
            _count_for_others(candidate, facts.now, candidates[number + 1 :], all_facts[number + 1 :])
    return verdicts


def _judge_one(candidate: SendCandidate, facts: GateFacts) -> GateVerdict:
    checks: list[tuple[str, GateCheck]] = []
    for rule in RULES:
        check = rule.check(candidate, facts)
        checks.append((rule.KEY, check))
        if not check.passed:
            return GateVerdict(check.outcome, check.reason, check.until, rule.KEY, tuple(checks), candidate.purpose)
    return GateVerdict(Outcome.SEND, checks=tuple(checks), purpose=candidate.purpose)


def _count_for_others(
    sent: SendCandidate, at: datetime, others: Sequence[SendCandidate], facts: Sequence[GateFacts]
) -> None:
    template_id = None
    if sent.template:
        template_id = sent.template.pk
    left = SentBefore(
        at,
        sent.medium,
        sent.purpose,
        template_id,
        sent.job_id,
        sent.fixed_text,
        to_address=True,
        occasion=sent.occasion,
    )
    for other, other_facts in zip(others, facts, strict=True):
        if other.key == sent.key:
            other_facts.sent.append(left)
        elif sent.person_id and other.person_id == sent.person_id:
            other_facts.sent.append(left._replace(to_address=False))


def _lock_names(candidate: SendCandidate) -> list[str]:
    """Return the lock names of a decision: the address, and the person whose messages are counted."""
    return [candidate.key, *([f"person {candidate.person_id}"] if candidate.person_id else [])]


def _store_decisions(
    messages: Sequence[Message],
    candidates: Sequence[SendCandidate],
    all_facts: Sequence[GateFacts],
    verdicts: Sequence[GateVerdict],
    now: datetime,
) -> None:
    Decision.objects.bulk_create(
        Decision(
            message_id=message.pk,
            at=now,
            attempt=facts.tries + 1,
            medium=message.medium,
            brand_id=message.brand_id,
            template_name=candidate.template.name[:120] if candidate.template else "",
            purpose=verdict.purpose,
            outcome=verdict.outcome,
            rule=verdict.rule,
            reason=verdict.reason,
            until=verdict.until,
            checks=verdict.stored_checks(),
        )
        for message, candidate, facts, verdict in zip(messages, candidates, all_facts, verdicts, strict=True)
    )
