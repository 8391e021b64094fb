"""Rule 5, duplicates: a template about the same work is sent to a person once in 24 hours."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Purpose
from comms.stored_words import Moment, words
from crm.platform.organization.configuration import directory

KEY = "duplicates"
APART = timedelta(hours=24)


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Drop a duplicate; codes and personal messages may be repeated."""
    if candidate.template is None or candidate.purpose == Purpose.SECURITY:
        return GateCheck(words(_("Repeats are allowed")))
    for sent in facts.sent:
        # On another medium it is the same news by another way, as a fallback goes.
        is_same = (sent.template_id, sent.job_id, sent.medium) == (
            candidate.template.pk,
            candidate.job_id,
            candidate.medium,
        )
        # Of one of several appointments it is news; of the job in general it is not, once one of them was told of.
        is_same = is_same and candidate.occasion in ("", sent.occasion)
        if is_same and sent.at > facts.now - APART:
            at = Moment(sent.at, str(directory().zone))
            no = words(_("The same template about the same job was sent %(at)s"), at=at)
            return GateCheck(no, Outcome.DROP, "duplicate")
    return GateCheck(words(_("Not sent in the last 24 hours")))
