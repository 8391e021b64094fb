"""Store a lead's attribution and its customer's consent in their own tables.

The visit becomes a touch (leads/sources), the words somebody agreed to an entry of the ledger of consent (comms/gate).
"""

from comms.gate.consent import consents
from comms.models import Consent, Medium, Purpose
from crm.kernel.whole_numbers import read_number
from leads.intake.fields import Given
from leads.models import IntakeDoor, Lead, Submission
from leads.new_lead import NewLead
from leads.sources.attribution import attribute
from leads.sources.utm import UtmFields

# By which media offers go to what kind of address.
_MEDIA = {"email": (Medium.EMAIL,), "phone": (Medium.SMS,)}


def keep(lead: Lead, given: Given, submission: Submission, door: IntakeDoor, new: NewLead) -> None:
    """Store both. Idempotent."""
    wording, version = _consent_wording(given, door)
    attribute(lead, _visit_fields(given, submission, wording, version), submission.received_at, fallback=new.source)
    if not wording:
        return
    for kind, value, _note in new.points():
        for medium in _MEDIA[kind]:
            consents.record(
                value,
                brand=new.brand,
                medium=medium,
                purpose=Purpose.MARKETING,
                given=True,
                wording=wording,
                wording_version=version,
                source=Consent.Source.FORM,
                ip=submission.headers.get("ip") or None,
                user_agent=submission.headers.get("user_agent", ""),
            )


def is_wording_kept(given: Given, door: IntakeDoor) -> bool:
    """True if the consent wording is known, so that the consent ledger has it."""
    return bool(_consent_wording(given, door)[0])


def _consent_wording(given: Given, door: IntakeDoor) -> tuple[str, str]:
    """Return the consent wording agreed to and its version; blank without consent or a known wording.

    Of a form of ours the version says the words; whoever posts may bring their own.
    """
    if not given.has_agreed:
        return "", ""
    version = given["consent_version"][:40]
    number = read_number(version, most=99_999)
    if number is None:
        of_door = ""
    else:
        of_door = door.wording_of(number)
    if own := given["consent_wording"]:
        return own, version
    if of_door:
        return of_door, version
    if not version:
        return (door.wording, str(door.version))
    return ("", "")


def _visit_fields(given: Given, submission: Submission, wording: str, version: str) -> UtmFields:
    fields = {"referrer": submission.headers.get("referrer", "")} | given.said
    return UtmFields.read(fields, consent=wording, consent_version=version)
