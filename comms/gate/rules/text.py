"""Rule 8, text: a message with a missing value is never sent."""

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import Candidate
from comms.gate.facts import Facts
from comms.gate.verdict import Check, Outcome
from comms.stored_words import words

KEY = "text"


def check(candidate: Candidate, facts: Facts) -> Check:
    """Require a member to fill in missing values."""
    if candidate.missing:
        no = words(_("Missing: %(names)s. Incomplete messages are never sent"), names=", ".join(candidate.missing))
        return Check(no, Outcome.NEEDS_HUMAN, "missing")
    if not candidate.has_text:
        return Check(words(_("The message is empty")), Outcome.NEEDS_HUMAN, "empty")
    return Check(words(_("Complete")))
