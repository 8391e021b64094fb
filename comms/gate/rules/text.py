"""Rule 8, text: a message with a missing value is never sent."""

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.stored_words import words

KEY = "text"


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Require a member to fill in missing values."""
    if candidate.missing:
        no = words(_("Missing: %(names)s. Incomplete messages are never sent"), names=", ".join(candidate.missing))
        return GateCheck(no, Outcome.NEEDS_HUMAN, "missing")
    if not candidate.has_text:
        return GateCheck(words(_("The message is empty")), Outcome.NEEDS_HUMAN, "empty")
    return GateCheck(words(_("Complete")))
