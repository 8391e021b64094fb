"""Rule 1, purpose: decided by the template, not the sender; personal text counts as service."""

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Purpose
from comms.stored_words import PURPOSES, Term, words

KEY = "purpose"


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Refuse automatic text without a template, and offers in free text."""
    purpose = Term(PURPOSES[candidate.purpose])
    if candidate.template:
        name = candidate.template.name
        return GateCheck(words(_("%(purpose)s, from the template “%(name)s”"), purpose=purpose, name=name))
    if candidate.fixed_text:
        return GateCheck(words(_("The reply to STOP, START or HELP that the law requires")))
    if candidate.is_to_staff:
        return GateCheck(words(_("%(purpose)s, to one of us who asked for it"), purpose=purpose))
    if candidate.is_automatic:
        no = words(_("Automatic messages need a template"))
        return GateCheck(no, Outcome.DROP, "no_template")
    if candidate.purpose in (Purpose.MARKETING, Purpose.SECURITY):
        no = words(_("%(purpose)s needs a template"), purpose=purpose)
        return GateCheck(no, Outcome.NEEDS_HUMAN, "no_template")
    return GateCheck(words(_("%(purpose)s, written by a person"), purpose=purpose))
