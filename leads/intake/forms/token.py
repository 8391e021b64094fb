"""The token of a form: signed, for one door, valid for some hours, and used once. Pure but for the clock.

It says when the form was shown, so that a machine that answers at once is told from a person, and which wording of the
consent stood on it; its random part is the key under which what is sent is stored, so that sent twice it is one lead.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from crm.kernel import clock
from leads.models import IntakeDoor

# A page left open over a day is answered yet; nobody fills it in within so short a time.
GOOD_FOR = timedelta(hours=24)
QUICKEST = timedelta(seconds=2)
LONGEST = 200
_signer = signing.Signer(sep=".", salt="leads.intake.form")


@dataclass(frozen=True)
class FormToken:
    """The signed values of a rendered form."""

    shown_at: datetime
    version: int
    key: str

    @property
    def is_expired(self) -> bool:
        return clock.now() - self.shown_at > GOOD_FOR

    @property
    def is_too_quick(self) -> bool:
        return clock.now() - self.shown_at < QUICKEST


def issue(door: IntakeDoor) -> str:
    """Return a new token for a form of this door."""
    at = int(clock.now().timestamp())
    return _signer.sign(f"{door.tenant_id}.{door.pk}.{at}.{door.version}.{secrets.token_hex(8)}")


def read(door: IntakeDoor, text: str) -> FormToken | None:
    """Parse a token; None if it was forged, or belongs to another form or tenant."""
    try:
        tenant_id, door_id, at, version, key = _signer.unsign(text[:LONGEST]).split(".")
    except (signing.BadSignature, ValueError):
        return None
    if (int(tenant_id), int(door_id)) != (door.tenant_id, door.pk):
        return None
    return FormToken(datetime.fromtimestamp(int(at), UTC), int(version), key)
