"""Addresses and numbers where nobody needs to read them: found by a keyed hash, shown with most of it hidden."""

from crm.platform.tenancy import secrets


def address_key(address: str) -> str:
    """Return the keyed hash by which an address or number is found; it outlives the erasure of the address itself.

    The same for whatever case an e-mail address is written in. Differs between tenants. A customer's address has it
    beside it (`ContactPoint.fingerprint`).
    """
    return secrets.address_fingerprint(address)


def masked(address: str) -> str:
    """Return enough of an address for its owner to recognise it: "d…@example.com", "…0198"."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if at else f"…{address[-4:]}"
