"""S/MIME (RFC 8551): extract the email of a signed envelope, and detect an encrypted one.

No signature is checked, and nothing is claimed of it: what is inside is read as any mail is.
"""

from typing import Literal, NamedTuple

from asn1crypto.cms import ContentInfo

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENCRYPTED = frozenset({"enveloped_data", "authenticated_enveloped_data", "encrypted_data"})
# A larger one is attached as it is: the structure is read in Python.
_LARGEST = 25_000_000


class Envelope(NamedTuple):
    """The content of an S/MIME part. `content`: the email in a signed one."""

    kind: Literal["signed", "encrypted", "unknown"]
    content: bytes = b""


def open_envelope(data: bytes) -> Envelope:
    """Parse an S/MIME part; a damaged or too large one is of unknown kind."""
    if len(data) > _LARGEST:
        return Envelope("unknown")
    try:
        outer = ContentInfo.load(data)
        kind = outer["content_type"].native
        if kind in _ENCRYPTED:
            return Envelope("encrypted")
        content = None
        if kind == "signed_data":
            content = outer["content"]["encap_content_info"]["content"].native
    # Damaged data may raise anything in a parser, for too deep a nesting RecursionError.
    except Exception:
        return Envelope("unknown")
    if isinstance(content, bytes) and content.strip():
        return Envelope("signed", content)
    return Envelope("unknown")
