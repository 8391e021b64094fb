"""Rule 7, quiet hours at the recipient's place. Late messages wait; reminders are moved forward.

Rule: docs/rules.md#k3.
"""

from datetime import time

from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Purpose
from comms.stored_words import Moment, Term, Value, words

KEY = "quiet_hours"
# What a decision says of where the zone is from.
SOURCES = {
    "property": _("the address of the work"),
    "setting": _("their own setting"),
    "number": _("their number"),
    "brand": _("our office (the customer’s is unknown)"),
}


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Defer to the next allowed minute; drop what would be useless by then."""
    if candidate.useful_until and candidate.useful_until <= facts.now:
        return GateCheck(words(_("Too late to be useful")), Outcome.DROP, "too_late")
    if facts.hours is None:
        return GateCheck(words(_("Email has no quiet hours")))
    if candidate.purpose == Purpose.SECURITY:
        return GateCheck(words(_("None for a requested code")))
    if candidate.fixed_text:
        return GateCheck(words(_("None for a reply to STOP, START or HELP")))
    values = _hours_values(facts)
    if facts.hours.allow(facts.now):
        if candidate.send_at and candidate.send_at > facts.now:
            return GateCheck(
                words(_("Sent earlier, to avoid quiet hours: open %(opens)s–%(closes)s, %(place)s"), **values)
            )
        return GateCheck(words(_("Open %(opens)s–%(closes)s, %(place)s, by %(source)s"), **values))
    until = facts.hours.next(facts.now)
    if until is None:
        no = words(_("Their time zone is unknown, and no hour is allowed in all of them"))
        return GateCheck(no, Outcome.NEEDS_HUMAN, "no_hour")
    if candidate.useful_until and until >= candidate.useful_until:
        no = words(_("Quiet hours until it is no longer useful: open %(opens)s–%(closes)s, %(place)s"), **values)
        return GateCheck(no, Outcome.DROP, "too_late")
    zone = str(values["place"])
    wait = words(
        _("Quiet hours: open %(opens)s–%(closes)s, %(place)s, by %(source)s. Next allowed %(at)s"),
        **values,
        at=Moment(until, zone),
    )
    return GateCheck(wait, Outcome.DEFER, "quiet_hours", until)


def _hours_values(facts: GateFacts) -> dict[str, Value]:
    assert facts.hours is not None
    zone, opens, closes = facts.hours.narrowest(facts.now)
    if closes == time.max:
        closing = "24:00"
    else:
        closing = f"{closes:%H:%M}"
    source = Term(SOURCES[facts.zone_source])
    return {"opens": f"{opens:%H:%M}", "closes": closing, "place": zone.name, "source": source}
