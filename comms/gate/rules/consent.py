"""Rule 3, consent for this address, medium, purpose and brand; without an entry, the purpose's default."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Purpose
from comms.stored_words import MEDIA, PURPOSES, Moment, Term, Value, words
from crm.platform.organization.configuration import directory

KEY = "consent"
# An established relationship, as American law counts it and no other is stricter about news of one's own work: 18
# months from the last job, three months from their last question.
AFTER_A_JOB = timedelta(days=548)
AFTER_A_QUESTION = timedelta(days=92)
# Which law asks for an explicit yes to offers, for whoever reads the decision.
_LAWS = {
    "US": _("the TCPA and CAN-SPAM"),
    "CA": _("Canada’s anti-spam law (CASL)"),
    "GB": _("the British PECR"),
    "NL": _("article 11.7 of the Dutch Telecommunications Act"),
    "DE": _("§ 7 of the German unfair competition act (UWG)"),
}
_ELSEWHERE = _("the ePrivacy rules")


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Apply the last consent entry; without one, marketing needs consent and service a relationship."""
    if candidate.purpose == Purpose.SECURITY:
        return GateCheck(words(_("A requested code needs no consent")))
    if candidate.fixed_text:
        return GateCheck(words(_("A reply to their keyword needs no consent")))
    if facts.consent is not None:
        return _their_word(candidate, facts)
    if candidate.purpose == Purpose.MARKETING:
        country = next((zone.country for zone in sorted(facts.zones)), "") or facts.brand_country
        law = Term(_LAWS.get(country, _ELSEWHERE))
        no = words(
            _("No consent for %(purpose)s by %(medium)s: %(law)s requires it"), law=law, **_sentence_values(candidate)
        )
        return GateCheck(no, Outcome.DROP, "no_consent")
    if candidate.purpose == Purpose.TRANSACTIONAL:
        return GateCheck(words(_("Not needed: it is about work they asked for")))
    return _check_relationship(facts)


def _their_word(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    consent = facts.consent
    assert consent is not None
    since: dict[str, Value] = {
        "at": Moment(consent.at, str(directory().zone)),
        "version": consent.wording_version or "–",
    }
    if consent.given:
        yes = _("%(medium)s, %(purpose)s: yes, %(at)s, wording %(version)s")
        return GateCheck(words(yes, **_sentence_values(candidate), **since))
    if candidate.is_personal_answer(consent.at, facts.wrote_at):
        answer = _("Declined %(purpose)s by %(medium)s, but has written since: this is the reply")
        return GateCheck(words(answer, **_sentence_values(candidate)))
    no = words(_("%(medium)s, %(purpose)s: no, %(at)s, wording %(version)s"), **_sentence_values(candidate), **since)
    return GateCheck(no, Outcome.DROP, "consent_withdrawn")


def _sentence_values(candidate: SendCandidate) -> dict[str, Value]:
    return {"medium": Term(MEDIA[candidate.medium]), "purpose": Term(PURPOSES[candidate.purpose])}


def _check_relationship(facts: GateFacts) -> GateCheck:
    if facts.has_open_job:
        return GateCheck(words(_("They have an open job with us")))
    if facts.job_ended_at and facts.job_ended_at > facts.now - AFTER_A_JOB:
        ended = Moment(facts.job_ended_at, str(directory().zone))
        return GateCheck(words(_("They are a customer: their last job ended %(at)s"), at=ended))
    if facts.wrote_at and facts.wrote_at > facts.now - AFTER_A_QUESTION:
        return GateCheck(words(_("They wrote to us %(at)s"), at=Moment(facts.wrote_at, str(directory().zone))))
    no = words(_("No open or recent job, no recent message from them, and no consent"))
    return GateCheck(no, Outcome.DROP, "no_relationship")
