"""Authenticate the post of a form tool by a secret it sends or signs with. Pure functions.

Typeform and Tally sign in base64, others in hex; what signs nothing sends the secret in a header of its own
(Gravity Forms, WPForms, Zapier, Make). Jotform can do neither: its address alone proves it.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping

# Where tools put it, unless the door names another header.
USUAL = (
    "Typeform-Signature",
    "Tally-Signature",
    "X-Webhook-Signature",
    "X-Signature",
    "X-Hub-Signature-256",
    "X-Webhook-Secret",
    "Authorization",
)
_SCHEMES = ("sha256=", "hmac-sha256=", "bearer ")


def is_proven(secret: str, header: str, headers: Mapping[str, str], body: bytes) -> bool:
    """True if a header holds the secret, or the body's HMAC-SHA256 with it; `header` blank: one of the usual ones."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    good = (secret.encode(), digest.hex().encode(), base64.b64encode(digest))
    values = [text for name in ([header] if header else USUAL) for text in _header_values(headers.get(name, ""))]
    return any(hmac.compare_digest(text.encode(), one) for text in values for one in good)


def _header_values(value: str) -> Iterator[str]:
    """Return a header's value, with and without the scheme before it."""
    yield value
    for scheme in _SCHEMES:
        if value.lower().startswith(scheme):
            yield value[len(scheme) :].strip()
