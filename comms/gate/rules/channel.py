"""Rule 4, channel: a registered sender, a number that receives texts, WhatsApp's window."""

from datetime import timedelta
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext_noop as _

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Channel, Medium
from comms.stored_words import Moment, words
from crm.kernel.normalization import normalize_email
from crm.kernel.zones import country_of_phone
from crm.platform.organization.configuration import directory

KEY = "channel"
# WhatsApp: free words only so long after theirs.
WINDOW = timedelta(hours=24)
_TYPE = phonenumbers.PhoneNumberType
# What takes no text; in North America nobody can tell a mobile from a landline.
_NO_TEXTS = {
    _TYPE.FIXED_LINE,
    _TYPE.TOLL_FREE,
    _TYPE.PREMIUM_RATE,
    _TYPE.SHARED_COST,
    _TYPE.UAN,
    _TYPE.PAGER,
    _TYPE.VOICEMAIL,
}


def check(candidate: SendCandidate, facts: GateFacts) -> GateCheck:
    """Check the requirements of the medium, so that nothing fails silently (docs/rules.md#text-messages)."""
    channel = candidate.channel
    if channel is None or channel.archived_at:
        return GateCheck(words(_("No sender. Set one up, or choose another")), Outcome.NEEDS_HUMAN, "no_sender")
    if candidate.medium == Medium.EMAIL:
        return _check_email(candidate)
    if candidate.medium == Medium.SMS:
        return _check_text(candidate, channel)
    if candidate.medium == Medium.WHATSAPP:
        return _check_whatsapp(candidate, facts, channel)
    return GateCheck(words(_("No objections")))


def _check_email(candidate: SendCandidate) -> GateCheck:
    if normalize_email(candidate.address) is None:
        return GateCheck(words(_("Not a valid email address")), Outcome.DROP, "no_address")
    return GateCheck(words(_("Valid email address")))


def _check_text(candidate: SendCandidate, channel: Channel) -> GateCheck:
    if takes_no_texts(candidate.address):
        return GateCheck(words(_("The number can’t receive texts")), Outcome.DROP, "not_a_mobile")
    if not _needs_registration(candidate.address, channel):
        return GateCheck(words(_("The number can receive texts")))
    if channel.registration == Channel.Registration.APPROVED:
        return GateCheck(
            words(_("The number can receive texts; our number %(number)s is registered"), number=channel.address)
        )
    no = words(_("Our number %(number)s is not registered for texts to American numbers"), number=channel.address)
    return GateCheck(no, Outcome.NEEDS_HUMAN, "not_registered")


def _check_whatsapp(candidate: SendCandidate, facts: GateFacts, channel: Channel) -> GateCheck:
    if channel.registration in (Channel.Registration.REJECTED, Channel.Registration.PENDING):
        no = words(_("WhatsApp has not approved our sender %(number)s"), number=channel.address)
        return GateCheck(no, Outcome.NEEDS_HUMAN, "not_registered")
    ends = None
    if facts.wrote_here_at:
        ends = facts.wrote_here_at + WINDOW
    if ends and ends > facts.now:
        return GateCheck(words(_("Window open until %(at)s"), at=Moment(ends, str(directory().zone))))
    if candidate.template and candidate.template.is_approved:
        return GateCheck(
            words(_("Window closed: sent as the approved template “%(name)s”"), name=candidate.template.name)
        )
    if candidate.template:
        no = words(
            _("Window closed, and WhatsApp has not approved the template “%(name)s”"), name=candidate.template.name
        )
        return GateCheck(no, Outcome.DROP if candidate.is_automatic else Outcome.NEEDS_HUMAN, "template_not_approved")
    no = words(_("Window closed: they have not written here in 24 hours, so only an approved template can be sent"))
    return GateCheck(no, Outcome.DROP if candidate.is_automatic else Outcome.NEEDS_HUMAN, "window_shut")


@lru_cache(maxsize=16_384)
def takes_no_texts(number: str) -> bool:
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in _NO_TEXTS
    except phonenumbers.NumberParseException:
        return True


def _needs_registration(number: str, channel: Channel) -> bool:
    """True if carriers require registration: American senders to American numbers (A2P 10DLC, toll-free)."""
    is_embedded = channel.provider == "embedded"
    return (
        not is_embedded and country_of_phone(number) == "US" and country_of_phone(channel.address) in ("US", "CA", "")
    )
