"""Compare a provider's signature with the expected one, in constant time."""

import base64
import binascii
import hashlib
import hmac

from comms.channels import payload
from comms.channels.interface import RawRequest


def same(left: str | bytes, right: str | bytes) -> bool:
    """Compare two signatures in constant time; False for non-ASCII text."""
    sides = [side.encode("utf-8", "surrogateescape") if isinstance(side, str) else side for side in (left, right)]
    return hmac.compare_digest(*sides)


def hmac_hex(key: str, content: bytes, digest: str = "sha256") -> str:
    return hmac.new(key.encode(), content, digest).hexdigest()


def hmac_base64(key: str, content: bytes, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.new(key.encode(), content, digest).digest()).decode()


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def from_base64(text: str) -> bytes:
    """Decode base64; b"" for anything else, which equals no signature."""
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_signed_in(request: RawRequest, secret: str) -> bool:
    """True if a request has the Basic credentials `name:password`. False if the secret is empty."""
    scheme, _space, credentials = payload.header(request, "Authorization").partition(" ")
    return bool(secret) and scheme.lower() == "basic" and same(from_base64(credentials.strip()), secret.encode())
