"""What a composer says before it sends: consent, WhatsApp's window, quiet hours, length and cost, each in a line."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.gate.candidate import Candidate
from comms.gate.facts import Facts
from comms.gate.rules import consent, quiet_hours
from comms.gate.verdict import Check, Outcome
from comms.library.prices import cost_in_words
from comms.models import Medium
from comms.rendering import segments
from crm.platform.models import Brand

# The looks of the design's marks of age.
GOOD = "won"
SOON = "soon"
BAD = "crit"


class Line(NamedTuple):
    """One line: what it is about, how it looks, and its words."""

    key: str
    label: str
    look: str
    words: str


def lines(candidate: Candidate, facts: Facts, window: int, length: str) -> list[Line]:
    """Return what is said of a message as it stands; `window`: seconds for which WhatsApp takes free words yet."""
    found = [_line("consent", _("Consent"), consent.check(candidate, facts))]
    if window:
        found.append(Line("window", _("WhatsApp window"), GOOD, window_words(window)))
    if facts.hours is not None:
        check = quiet_hours.check(candidate, facts)
        found.append(_line("hours", _("Quiet hours"), check))
    if length:
        found.append(Line("length", _("Length"), GOOD, length))
    return found


def _line(key: str, label: str, check: Check) -> Line:
    if check.passed:
        look = GOOD
    elif check.outcome == Outcome.DEFER:
        look = SOON
    else:
        look = BAD
    return Line(key, label, look, str(check.words))


def window_words(seconds: int) -> str:
    """Say how long free words may still go; the page counts on by itself (static/js/composer.js)."""
    hours, minutes = divmod(max(seconds, 0) // 60, 60)
    if hours:
        return _("Closes in %(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("Closes in %(minutes)s min") % {"minutes": minutes}


def length_of(medium: str, text: str, brand: Brand, address: str) -> str:
    """Say how many texts a text is sent in and what they cost; nothing of other media."""
    if medium != Medium.SMS or not text:
        return ""
    measured = segments.measure(text)
    said = ngettext("%(parts)s text", "%(parts)s texts", measured.parts) % {"parts": measured.parts}
    if cost := cost_in_words(measured, brand, address):
        said = f"{said}, {cost}"
    if measured.strange:
        return _("%(parts)s, because of the character “%(sign)s”") % {
            "parts": said,
            "sign": measured.strange[0],
        }
    return said
