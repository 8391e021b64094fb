"""Encrypt push messages for a browser, so that the push service cannot read them (RFC 8291, aes128gcm of RFC 8188).

On `cryptography`, whose curves and ciphers it needs three calls of; docs/decisions/0024-libraries.md says why.
"""

import base64
import binascii
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# One record: what services must take is 4096 bytes, less the header, the end mark and the cipher's tag.
RECORD = 4096
LARGEST = 4096 - 86 - 1 - 16
PUBLIC_KEY = 65
AUTH = 16


class BadKeys(ValueError):
    """The keys of a push subscription are invalid."""


def encrypt_push(text: bytes, public_key: bytes, auth: bytes) -> bytes:
    """Return the body of a push message. `public_key` and `auth` are the browser's (p256dh, auth)."""
    return _encrypt_record(text, public_key, auth, ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


def parse_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """Read the keys of a subscription, as browsers write them. Raises BadKeys."""
    try:
        point = from_base64url(p256dh)
        secret = from_base64url(auth)
        if len(point) != PUBLIC_KEY or len(secret) != AUTH:
            raise BadKeys
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        raise BadKeys from None
    return point, secret


def to_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read base64url, with or without its padding. Raises ValueError."""
    if len(text) > 200 or not text.isascii():
        raise ValueError
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half, as services and browsers read it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encrypt_record(text: bytes, theirs: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    if len(text) > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes are not pushed")
    point = public_point(own)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    secret = _derive_key(shared, auth, b"WebPush: info\0" + theirs + point, 32)
    key = _derive_key(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive_key(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point + sealed


def _derive_key(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
