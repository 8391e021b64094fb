"""Checks shown before sending: consent, WhatsApp's window, quiet hours, length and cost, one line each."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.rules import consent, quiet_hours
from comms.gate.verdict import GateCheck, Outcome
from comms.library.prices import cost_in_words
from comms.models import Medium
from comms.rendering import segments
from crm.platform.models import Brand

# The looks of the design's marks of age.
GOOD = "won"
SOON = "soon"
BAD = "crit"


class CheckLine(NamedTuple):
    """One check: subject, style, text."""

    key: str
    label: str
    look: str
    words: str


def check_lines(candidate: SendCandidate, facts: GateFacts, window: int, length: str) -> list[CheckLine]:
    """Return the checks of a message as it stands; `window`: seconds left of WhatsApp's window."""
    checks = [_check_line("consent", _("Consent"), consent.check(candidate, facts))]
    if window:
        checks.append(CheckLine("window", _("WhatsApp window"), GOOD, window_words(window)))
    if facts.hours is not None:
        check = quiet_hours.check(candidate, facts)
        checks.append(_check_line("hours", _("Quiet hours"), check))
    if length:
        checks.append(CheckLine("length", _("Length"), GOOD, length))
    return checks


def _check_line(key: str, label: str, check: GateCheck) -> CheckLine:
    if check.passed:
        look = GOOD
    elif check.outcome == Outcome.DEFER:
        look = SOON
    else:
        look = BAD
    return CheckLine(key, label, look, str(check.words))


def window_words(seconds: int) -> str:
    """Return how long free text may still be sent; the page counts down by itself (static/js/composer.js)."""
    hours, minutes = divmod(max(seconds, 0) // 60, 60)
    if hours:
        return _("Closes in %(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("Closes in %(minutes)s min") % {"minutes": minutes}


def length_of(medium: str, text: str, brand: Brand, address: str) -> str:
    """Return how many texts it takes and what they cost; empty for other media."""
    if medium != Medium.SMS or not text:
        return ""
    measured = segments.measure(text)
    length_text = ngettext("%(parts)s text", "%(parts)s texts", measured.parts) % {"parts": measured.parts}
    if cost := cost_in_words(measured, brand, address):
        length_text = f"{length_text}, {cost}"
    if measured.strange:
        return _("%(parts)s, because of the character “%(sign)s”") % {
            "parts": length_text,
            "sign": measured.strange[0],
        }
    return length_text
