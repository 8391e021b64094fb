"""Addresses and phone numbers in a protected form: found by a keyed hash, shown mostly hidden."""

import re

from crm.platform.tenancy import secrets

# What WhatsApp calls a user to one business, who may hide the number: a country, a dot, letters and digits.
_WHATSAPP_USER = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")


def address_key(address: str) -> str:
    """Return the keyed hash that finds an address or number; it outlives the erasure of the address itself.

    The same for whatever case an e-mail address is written in. Differs between tenants. A customer's address has it
    beside it (`ContactPoint.fingerprint`).
    """
    return secrets.address_fingerprint(address)


def is_whatsapp_user(text: str) -> bool:
    """True for a WhatsApp user ID, which is no phone number ("US.13491208655302741918")."""
    return bool(_WHATSAPP_USER.fullmatch(text))


def masked_address(address: str) -> str:
    """Return enough of an address for its owner to recognize it: "d…@example.com", "…0198"."""
    local, at, domain = address.partition("@")
    if at:
        return f"{local[:1]}…@{domain}"
    return f"…{address[-4:]}"
