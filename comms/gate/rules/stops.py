"""Rule 2, stops: STOP, unsubscribed, complaint, hard bounce, death, and kill switches."""

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import OPT_OUT, SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import KillSwitch, Purpose, Suppression
from comms.stored_words import SUPPRESSIONS, Moment, Term, words
from crm.platform.organization.configuration import directory

KEY = "stops"


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Stop at the first kill switch or suppression that applies; no priority overrides it.

    But for a colleague's answer to somebody who unsubscribed and then wrote; who said STOP opens again by START alone.

    But for a code to sign in with that somebody asks for after their STOP: it is their own request, sent once for each
    time they ask, and how often they may is limited (portal/models/code.py). One that was asked for before is stopped
    like anything else. A network that blocks the number itself refuses it all the same
    (docs/rules.md#sending-law), and says so.

    Rule: docs/rules.md#k2.
    """
    if facts.is_practice:
        return GateCheck(words(_("Nothing is sent from a practice organization")), Outcome.DROP, "practice")
    for switch in facts.switches:
        if switch.stops(
            brand_id=candidate.brand_id,
            channel_id=candidate.channel_id,
            person_id=candidate.person_id,
            purpose=candidate.purpose,
            at=facts.now,
        ):
            return _switched_off(switch)
    for suppression in facts.suppressions:
        if _is_held(candidate, suppression):
            return _suppression_check(suppression)
        if suppression.stops(candidate.medium, candidate.brand_id, candidate.purpose):
            if _is_asked_for(candidate, suppression) or _is_answered(candidate, facts, suppression):
                continue
            if candidate.fixed_text == OPT_OUT and suppression.reason == Suppression.Reason.STOP:
                return _confirmation_check(facts)
            return _suppression_check(suppression)
    return GateCheck(words(_("No STOP, unsubscribe, complaint, hard bounce or stop")))


def _is_held(candidate: SendCandidate, suppression: Suppression) -> bool:
    """True if an unclear opt-out holds an automatic message until a member decides.

    Codes they ask for and the law's own texts go out.
    """
    if suppression.reason != Suppression.Reason.UNCLEAR or not candidate.is_automatic:
        return False
    is_owed = candidate.purpose == Purpose.SECURITY or bool(candidate.fixed_text) or candidate.is_to_staff
    return not is_owed and suppression.is_of(candidate.medium, candidate.brand_id)


def _is_asked_for(candidate: SendCandidate, suppression: Suppression) -> bool:
    """True for a sign-in code requested after the STOP."""
    is_code = candidate.template is not None and candidate.purpose == Purpose.SECURITY
    is_since = candidate.asked_at is not None and candidate.asked_at > suppression.at
    return is_code and is_since and suppression.reason == Suppression.Reason.STOP


def _is_answered(candidate: SendCandidate, facts: GateFacts, suppression: Suppression) -> bool:
    """True if a member answers a message written after the unsubscription."""
    is_unsubscription = suppression.reason == Suppression.Reason.UNSUBSCRIBED
    return is_unsubscription and candidate.is_personal_answer(suppression.at, facts.wrote_at)


def _switched_off(switch: KillSwitch) -> GateCheck:
    """Hold messages of a stopped brand or channel; drop those to a stopped person, as they would be outdated."""
    who = directory().members.get(switch.by_id or 0)
    text = words(
        _SWITCHES[switch.scope],
        reason=switch.reason,
        who=who.name if who else "Throughline",
        at=Moment(switch.at, str(directory().zone)),
    )
    if switch.scope == "person":
        return GateCheck(text, Outcome.DROP, "switched_off")
    return GateCheck(text, Outcome.DEFER, "switched_off", switch.until)


_SWITCHES = {
    "tenant": _("Stopped for the whole organization by %(who)s, %(at)s: %(reason)s"),
    "brand": _("Stopped for this brand by %(who)s, %(at)s: %(reason)s"),
    "channel": _("Stopped on this channel by %(who)s, %(at)s: %(reason)s"),
    "person": _("Stopped for this person by %(who)s, %(at)s: %(reason)s"),
}


def _suppression_check(suppression: Suppression) -> GateCheck:
    why = Term(SUPPRESSIONS[suppression.reason])
    text = words(_("%(why)s, %(at)s"), why=why, at=Moment(suppression.at, str(directory().zone)))
    if suppression.reason == Suppression.Reason.UNCLEAR:
        return GateCheck(text, Outcome.NEEDS_HUMAN, suppression.reason)
    return GateCheck(text, Outcome.DROP, suppression.reason)


def _confirmation_check(facts: GateFacts) -> GateCheck:
    if any(sent.automatic == OPT_OUT and sent.to_address for sent in facts.sent):
        return GateCheck(words(_("The STOP confirmation was already sent")), Outcome.DROP, "stop")
    return GateCheck(words(_("Confirms their STOP, once")))
