"""InstallationKey: the key pair by which push services know this installation (VAPID, RFC 8292)."""

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

    Without it all subscriptions are lost.
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


def _load_or_create_key() -> ec.EllipticCurvePrivateKey:
    """Raises cryptography.fernet.InvalidToken when it was sealed with a key that is gone."""
    sealed = _sealed_key()
    if sealed is None:
        new = ec.generate_private_key(ec.SECP256R1())
        pem = new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        # Two processes that ask at once get the same: the first one stays.
        InstallationKey.objects.bulk_create(
            [InstallationKey(name=PUSH, sealed_private=encrypt(pem))], ignore_conflicts=True
        )
        sealed = _sealed_key()
    return _decrypt_key(str(sealed))


def _sealed_key() -> str | None:
    sealed_key: str | None = InstallationKey.objects.filter(name=PUSH).values_list("sealed_private", flat=True).first()
    return sealed_key


@lru_cache(maxsize=2)
def _decrypt_key(sealed: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(decrypt(sealed).encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
