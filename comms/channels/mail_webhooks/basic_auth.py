"""Prove a request by the name and password that stand in the webhook's address: for those who sign nothing."""

from comms.channels import payload
from comms.channels.interface import RawRequest
from comms.channels.signatures import from_base64, same


def is_signed_in(request: RawRequest, secret: str) -> bool:
    """Tell whether a request carries `name:password`; an empty secret lets nobody in."""
    scheme, _space, given = payload.header(request, "Authorization").partition(" ")
    return bool(secret) and scheme.lower() == "basic" and same(from_base64(given.strip()), secret.encode())
