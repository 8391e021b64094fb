"""Encrypted links to the page where a customer chooses an appointment time; they can't be forged."""

import json
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from crm.platform.tenancy import secrets
from service.models import BookingRequest

LONGEST = 400
# Tells these links from other encrypted ones.
WHAT = "booking"


class BookingLink(NamedTuple):
    """Ids of a booking request and its tenant."""

    tenant_id: int
    uid: str


def address_of(row: BookingRequest) -> str:
    """Return the URL of the booking page."""
    token = secrets.encrypt(json.dumps([WHAT, row.tenant_id, str(row.uid)]))
    return f"{settings.SITE_URL}{reverse('customer_booking', args=[token])}"


def read(token: str) -> BookingLink | None:
    """Read a link; None if it is truncated, mistyped or forged."""
    if len(token) > LONGEST:
        return None
    try:
        what, tenant_id, uid = json.loads(secrets.decrypt(token))
    except (InvalidToken, ValueError, TypeError):
        return None
    if what == WHAT:
        return BookingLink(int(tenant_id), str(uid))
    return None
