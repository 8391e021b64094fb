"""Signed URLs of document bytes without cookies: for one holder and use, valid for minutes or hours.

Who may read is asked again when one is used (holders.py). They lead to the host of the files where there is one.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from crm.documents.models import DocumentVersion
from crm.kernel import clock

_SALT = "documents.version"
LONGEST = 600


class AddressUse(StrEnum):
    """Purpose of a signed URL."""

    SMALL = "s"
    LARGE = "l"
    # Shown by the browser itself: a PDF, a video.
    OPEN = "o"
    DOWNLOAD = "d"


# In seconds: a page lies open for a morning, a download begins at once.
_GOOD_FOR = {AddressUse.SMALL: 12 * 3600, AddressUse.LARGE: 12 * 3600, AddressUse.OPEN: 3600, AddressUse.DOWNLOAD: 300}


@dataclass(frozen=True)
class DocumentPass:
    """Access that a signed URL grants. `holder` is the kind of holder, and `holder_id` its id."""

    tenant_id: int
    holder: str
    holder_id: int
    # How surely they were known where it was made; what that means is the holder's.
    level: str
    version_id: int
    use: AddressUse


def signed_url(version: DocumentVersion, use: AddressUse, *, holder: str, holder_id: int, level: str = "") -> str:
    """Return a signed URL of a version for a holder, on the file host if one is configured."""
    until = int(clock.now().timestamp()) + _GOOD_FOR[use]
    values = [version.tenant_id, holder, holder_id, level, version.pk, str(use), until]
    path = reverse("document_files:file", args=[signing.Signer(salt=_SALT).sign_object(values)])
    if not settings.ATTACHMENT_HOST:
        return path
    return f"{'https' if settings.TLS else 'http'}://{settings.ATTACHMENT_HOST}{path}"


def pass_of(token: str) -> DocumentPass | None:
    """Parse a signed URL; None if it is forged, incomplete or expired."""
    if len(token) > LONGEST:
        return None
    try:
        values = signing.Signer(salt=_SALT).unsign_object(token)
        tenant_id, holder, holder_id, level, version_id, use, until = values
        if clock.now().timestamp() >= until:
            return None
        return DocumentPass(tenant_id, holder, holder_id, level, version_id, AddressUse(use))
    except (signing.BadSignature, ValueError, TypeError):
        return None
