"""Encrypt personal numbers and secrets with a key derived from SECRET_KEY; find them by a keyed hash per tenant."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from crm.platform.tenancy.context import required_tenant_id


@lru_cache(maxsize=8)
def _derive_key(secret: str, purpose: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=secret.encode()[:64], digest_size=32).digest()


@lru_cache(maxsize=4)
def _build_box(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive_key(secret, "field"))) for secret in secrets])


def _current_box() -> MultiFernet:
    return _build_box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def normalize_number(number: str) -> str:
    """Normalize a number for comparison: upper case, letters and digits only."""
    return "".join(character for character in number.upper() if character.isalnum())


def encrypt(text: str) -> str:
    return _current_box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypt a text. Raises cryptography.fernet.InvalidToken when the key is gone, or a letter of it is another."""
    if not _is_as_written(token):
        raise InvalidToken
    return _current_box().decrypt(token.encode()).decode()


def _is_as_written(token: str) -> bool:
    """Whether it is spelled as `encrypt` does: who reads base64 leniently takes a link with more behind it, too."""
    try:
        return base64.urlsafe_b64encode(base64.urlsafe_b64decode(token)).decode() == token
    except ValueError:
        return False


def number_fingerprint(number: str) -> str:
    """Return a keyed hash of a number, to find it by. Differs between tenants, so that none can be matched across."""
    return _keyed_hash(normalize_number(number))


def _keyed_hash(text: str) -> str:
    message = f"{required_tenant_id()}:{text}".encode()
    return hmac.digest(_derive_key(settings.SECRET_KEY, "fingerprint"), message, "sha256").hex()


def fingerprint_pads() -> tuple[bytes, bytes]:
    """Return (inner, outer) for SQL over many rows: sha256(outer || sha256(inner || message)) is the hash."""
    key = _derive_key(settings.SECRET_KEY, "fingerprint").ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def address_fingerprint(address: str) -> str:
    """Return the fingerprint of an e-mail address or telephone number, the same in whatever case it is written."""
    # In hexadecimal: a fingerprint is of letters and digits alone, and a.b@c.de is not ab@c.de.
    return _keyed_hash(address.strip().lower().encode().hex().upper())
