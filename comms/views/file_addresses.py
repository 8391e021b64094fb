"""Signed addresses of attachments that need no cookie, for one member, for some hours.

A mail's frame is sandboxed, and a host of its own (ATTACHMENT_HOST) is another site: cookies reach neither. Who may
read is asked again when the address is used.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comms.models import Attachment
from crm.platform.models import Member

_SALT = "comms.attachment"
# How long an address is good for, in seconds: a page lies open for a morning, a download begins at once.
PREVIEW_FOR = 12 * 3600
DOWNLOAD_FOR = 300


class FileUse(IntEnum):
    """The use a signed address is for."""

    DOWNLOAD = 0
    PREVIEW = 1
    # Shown by the browser itself.
    OPEN = 2


@dataclass(frozen=True)
class FilePass:
    """The content of a signed address: file, member and use."""

    tenant_id: int
    member_id: int
    attachment_id: int
    use: FileUse


def preview_path(attachment: Attachment, member: Member) -> str:
    """Return the path of a preview, on any host."""
    return _signed_path(attachment, member, FileUse.PREVIEW)


def file_address(attachment: Attachment, member: Member, use: FileUse) -> str:
    """Return the address of the file on its own host."""
    scheme = "http"
    if settings.TLS:
        scheme = "https"
    return f"{scheme}://{settings.ATTACHMENT_HOST}{_signed_path(attachment, member, use)}"


def _signed_path(attachment: Attachment, member: Member, use: FileUse) -> str:
    payload = [attachment.tenant_id, member.pk, attachment.pk, int(use)]
    return reverse("attachments:file", args=[signing.dumps(payload, salt=_SALT)])


def pass_of(token: str) -> FilePass | None:
    """Parse a signed address; None if forged or expired."""
    try:
        tenant_id, member_id, attachment_id, use = signing.loads(token, salt=_SALT, max_age=PREVIEW_FOR)
        if use != FileUse.PREVIEW:
            signing.loads(token, salt=_SALT, max_age=DOWNLOAD_FOR)
        return FilePass(tenant_id, member_id, attachment_id, FileUse(use))
    except (signing.BadSignature, ValueError, TypeError):
        return None
