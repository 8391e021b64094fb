"""Values that a carrier's mail proposes for a claim: a member accepts or refuses each, and only then they apply."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_instant, parse_money
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from service.models import ClaimField, ClaimMail, ClaimMailState, JobClaim

ACCEPTED = "accepted"
REFUSED = "refused"
# These are of one person, and are decided together with the name.
OF_ADJUSTER = (ClaimField.ADJUSTER_EMAIL, ClaimField.ADJUSTER_PHONE)


def habits_of(claim: JobClaim) -> NotationHabits:
    """Return how amounts and days of a claim are written: as in its brand's country."""
    brand = directory().brands[claim.job.brand_id]
    return NotationHabits.of(brand.country, claim.currency, directory().zone)


@transaction.atomic
def accept_value(mail: ClaimMail, field: str, *, by: Member) -> None:
    """Take a proposed value over into the claim. Idempotent. Raises Refused for a value that is none of its kind."""
    mail.lock()
    if field not in mail.open_values or mail.job_claim is None:
        return
    claim = mail.job_claim
    value = mail.values[field]
    if field == ClaimField.POLICY:
        claim.edit(policy_number=value, by=by)
    elif field == ClaimField.LOST_ON:
        zone = directory().zone
        claim.edit(lost_on=parse_instant(value, habits_of(claim)).astimezone(zone).date(), by=by)
    elif field in JobClaim.AMOUNTS:
        claim.edit(by=by, **_read_amount(claim, field, value))
    else:
        _accept_adjuster(mail, claim, by=by)
    _decide(mail, field, ACCEPTED, by=by)


def _read_amount(claim: JobClaim, field: str, value: str) -> dict[str, Any]:
    amount, currency = parse_money(value, habits_of(claim))
    if currency != claim.currency:
        raise Refused(_("It is in %(theirs)s, the claim in %(ours)s.") % {"theirs": currency, "ours": claim.currency})
    return {field: amount}


def _accept_adjuster(mail: ClaimMail, claim: JobClaim, *, by: Member) -> None:
    name = mail.values.get(ClaimField.ADJUSTER, "") or (claim.adjuster.name if claim.adjuster else "")
    email = mail.values.get(ClaimField.ADJUSTER_EMAIL, "")
    phone = mail.values.get(ClaimField.ADJUSTER_PHONE, "")
    country = directory().brands[claim.job.brand_id].country
    claim.set_adjuster(
        name,
        email=parse_email(email) if email else "",
        phone=parse_phone(phone, country).e164 if phone else "",
        by=by,
    )


@transaction.atomic
def refuse_value(mail: ClaimMail, field: str, *, by: Member) -> None:
    """Leave the claim as it is. Idempotent."""
    mail.lock()
    if field in mail.open_values:
        _decide(mail, field, REFUSED, by=by)


def _decide(mail: ClaimMail, field: str, decision: str, *, by: Member) -> None:
    fields = [field]
    if field == ClaimField.ADJUSTER or field in OF_ADJUSTER:
        fields = [one for one in (ClaimField.ADJUSTER, *OF_ADJUSTER) if one in mail.values]
    mail.decisions |= {str(one): decision for one in fields}
    if not mail.open_values:
        mail.state = ClaimMailState.DECIDED
    mail.save(update_fields=["decisions", "state"])
    data = {"fields": [str(one) for one in fields], "decision": decision}
    job_id = mail.job_claim.job_id if mail.job_claim else None
    events.record("claim_mail.decided", subject=mail, by=by, data=data, job_id=job_id)
