"""Signed links to a customer's page of one appointment; the holder needs no account.

Encrypted, as a link is logged and forwarded. It stays the same appointment's whatever is changed, and ends with it.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from crm.jobs.models.appointments import Appointment
from crm.platform.tenancy import secrets

# So long after its end the page still says how it is.
KEPT = timedelta(days=30)
LONGEST = 400


class BrokenAppointmentLink(Exception):
    """A link that is truncated, mistyped or forged."""


@dataclass(frozen=True)
class AppointmentLink:
    """The tenant and the appointment of a link."""

    tenant_id: int
    uid: str

    def token(self) -> str:
        """Return the signed token that stands in the address."""
        return secrets.encrypt(json.dumps([self.tenant_id, self.uid]))


def read(token: str) -> AppointmentLink:
    """Parse a link. Raises BrokenAppointmentLink."""
    if len(token) > LONGEST:
        raise BrokenAppointmentLink
    try:
        tenant_id, uid = json.loads(secrets.decrypt(token))
    except (InvalidToken, ValueError, TypeError):
        raise BrokenAppointmentLink from None
    return AppointmentLink(tenant_id, uid)


def customer_meeting_url(row: Appointment) -> str:
    """Return the address that leads to an appointment's video meeting, also when the provider's link changes."""
    token = AppointmentLink(row.tenant_id, str(row.uid)).token()
    return f"{settings.SITE_URL}{reverse('customer_meeting', args=[token])}"


def appointment_url(row: Appointment) -> str:
    """Return the address of the customer's page of an appointment."""
    token = AppointmentLink(row.tenant_id, str(row.uid)).token()
    return f"{settings.SITE_URL}{reverse('customer_appointment', args=[token])}"
