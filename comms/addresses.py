"""Addresses and numbers where nobody needs to read them: found by a keyed hash, shown with most of it hidden."""

import re

from crm.platform.tenancy import secrets

# What WhatsApp calls a user to one business, who may hide the number: a country, a dot, letters and digits.
_WHATSAPP_USER = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")


def address_key(address: str) -> str:
    """Return the keyed hash by which an address or number is found; it outlives the erasure of the address itself.

    The same for whatever case an e-mail address is written in. Differs between tenants. A customer's address has it
    beside it (`ContactPoint.fingerprint`).
    """
    return secrets.address_fingerprint(address)


def is_whatsapp_user(text: str) -> bool:
    """True for WhatsApp's ID of a user, which is no number ("US.13491208655302741918")."""
    return bool(_WHATSAPP_USER.fullmatch(text))


def masked_address(address: str) -> str:
    """Return enough of an address for its owner to recognise it: "d…@example.com", "…0198"."""
    local, at, domain = address.partition("@")
    if at:
        return f"{local[:1]}…@{domain}"
    return f"…{address[-4:]}"
