"""The certificate and key that PDFs are sealed with: those of the settings, else the installation's own."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.kernel import clock
from crm.platform.push.installation_key import load_or_create_secret
from libs.sealed_pdf import SealIdentity, UnusableIdentity, make_identity, read_identity

SEAL = "seal"
# Between the certificate and the key in the secret; both are PEM.
BORDER = "-----BEGIN PRIVATE KEY-----"


def seal_identity() -> SealIdentity:
    """Return what PDFs are sealed with. Raises ImproperlyConfigured for files of the settings that can't seal."""
    if settings.SEAL_CERTIFICATE:
        return _read_files(settings.SEAL_CERTIFICATE, settings.SEAL_KEY)
    return _own_identity()


def trusted_certificates() -> list[str]:
    """Return the certificates (PEM) whose seals are ours: the present one, former ones, and the installation's own."""
    certificates = [_own_identity().certificate]
    if settings.SEAL_CERTIFICATE:
        certificates.append(seal_identity().certificate)
    if settings.SEAL_FORMER_CERTIFICATES:
        certificates.append(_read_file("SEAL_FORMER_CERTIFICATES", settings.SEAL_FORMER_CERTIFICATES))
    return certificates


def _own_identity() -> SealIdentity:
    certificate, border, key = load_or_create_secret(SEAL, _make_own).partition(BORDER)
    return SealIdentity(certificate, border + key)


def _make_own() -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    identity = make_identity(f"Throughline ({host})", clock.now())
    return identity.certificate + identity.key


@lru_cache(maxsize=2)
def _read_files(certificate: str, key: str) -> SealIdentity:
    try:
        return read_identity(_read_file("SEAL_CERTIFICATE", certificate), _read_file("SEAL_KEY", key))
    except UnusableIdentity as problem:
        raise ImproperlyConfigured(f"SEAL_CERTIFICATE, SEAL_KEY: {problem.sentence}") from None


def _read_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"{name}: {problem}") from None
