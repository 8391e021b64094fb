"""InstallationKey: secrets of the installation, such as the key by which push services know it (VAPID, RFC 8292)."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import models

from crm.kernel import clock
from crm.platform.push.encryption import public_point, to_base64url
from crm.platform.tenancy.secrets import decrypt, encrypt

PUSH = "push"
# A day is the most a service takes; the clock of either side may be wrong.
LASTS = timedelta(hours=12)


class InstallationKey(models.Model):
    """A private key of the installation, encrypted as every secret; made when first asked for.

    Without that of push all subscriptions are lost; without that of seals nothing can be verified that was sealed.
    """

    name = models.CharField(max_length=20, unique=True)
    sealed_private = models.TextField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


def public_key() -> str:
    """Return what browsers subscribe with."""
    return to_base64url(public_point(_load_or_create_key()))


def authorization_header(endpoint: str, contact: str) -> str:
    """Return the Authorization header of a push. `contact`: a mailto: or https: URL of the operator."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + LASTS).timestamp()),
        "sub": contact,
    }
    return f"vapid t={jwt.encode(claims, _load_or_create_key(), algorithm='ES256')}, k={public_key()}"


def load_or_create_secret(name: str, make: Callable[[], str]) -> str:
    """Return a secret of the installation, decrypted; `make` makes it when it is first asked for.

    Raises cryptography.fernet.InvalidToken when it was sealed with a key that is gone.
    """
    sealed = _sealed_secret(name)
    if sealed is None:
        # Two processes that ask at once get the same: the first one stays.
        InstallationKey.objects.bulk_create(
            [InstallationKey(name=name, sealed_private=encrypt(make()))], ignore_conflicts=True
        )
        sealed = _sealed_secret(name)
    return _decrypt_secret(str(sealed))


def _sealed_secret(name: str) -> str | None:
    sealed: str | None = InstallationKey.objects.filter(name=name).values_list("sealed_private", flat=True).first()
    return sealed


@lru_cache(maxsize=4)
def _decrypt_secret(sealed: str) -> str:
    return decrypt(sealed)


def _make_key() -> str:
    new = ec.generate_private_key(ec.SECP256R1())
    return new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _load_or_create_key() -> ec.EllipticCurvePrivateKey:
    return _parse_key(load_or_create_secret(PUSH, _make_key))


@lru_cache(maxsize=2)
def _parse_key(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
