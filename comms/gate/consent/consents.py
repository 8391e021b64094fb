"""Record consent and withdrawal: one entry each, with the exact wording."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.addresses import address_key, masked_address
from comms.models import Consent
from comms.sending_lock import hold_addresses
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Brand, Member


@transaction.atomic
def record(
    address: str,
    *,
    brand: Brand,
    medium: str,
    purpose: str,
    given: bool,
    wording: str,
    source: str,
    wording_version: str = "",
    ip: str | None = None,
    user_agent: str = "",
    by: Member | None = None,
) -> Consent:
    """Add an entry, effective with this commit. Idempotent for the same wording.

    Raises Refused without the wording: a yes that nobody can show the words of is none.
    """
    if not wording.strip():
        raise Refused(_("Enter the words that were shown or said, as proof."))
    key = address_key(address)
    hold_addresses([key])
    before = Consent.objects.filter(key=key, brand=brand, medium=medium, purpose=purpose).order_by("-pk").first()
    if before and (before.given, before.wording, before.source) == (given, wording.strip(), source):
        return before
    entry: Consent = Consent.objects.create(
        key=key,
        masked=masked_address(address),
        brand=brand,
        medium=medium,
        purpose=purpose,
        given=given,
        wording=wording.strip(),
        wording_version=wording_version[:40],
        source=source,
        ip=ip,
        user_agent=user_agent[:300],
        by=by,
    )
    entry.refresh_from_db(fields=["uid"])
    kind = "consent.withdrawn"
    if given:
        kind = "consent.given"
    events.record(kind, subject=entry, by=by, data={"medium": medium, "purpose": purpose, "source": source})
    return entry
