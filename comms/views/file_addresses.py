"""Addresses of attachments that need no cookie: signed, for one member, for some hours.

A mail's frame is sandboxed, and a host of its own (ATTACHMENT_HOST) is another site: cookies reach neither. Who may
read is asked again when the address is used.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comms.models import Attachment
from crm.platform.models import Member

_SALT = "comms.attachment"
# How long an address is good for, in seconds: a page lies open for a morning, a download begins at once.
PREVIEW_FOR, DOWNLOAD_FOR = 12 * 3600, 300


@dataclass(frozen=True)
class Pass:
    """What a signed address lets somebody have."""

    tenant_id: int
    member_id: int
    attachment_id: int
    is_preview: bool


def preview_path(attachment: Attachment, member: Member) -> str:
    """The path of a preview, on whatever host."""
    return _path(attachment, member, is_preview=True)


def download_address(attachment: Attachment, member: Member) -> str:
    """The address of the file on the host of its own."""
    scheme = "https" if settings.TLS else "http"
    return f"{scheme}://{settings.ATTACHMENT_HOST}{_path(attachment, member, is_preview=False)}"


def _path(attachment: Attachment, member: Member, *, is_preview: bool) -> str:
    held = [attachment.tenant_id, member.pk, attachment.pk, int(is_preview)]
    return reverse("attachments:file", args=[signing.dumps(held, salt=_SALT)])


def pass_of(token: str) -> Pass | None:
    """Read a signed address; None where it is forged, or too old."""
    try:
        tenant_id, member_id, attachment_id, is_preview = signing.loads(token, salt=_SALT, max_age=PREVIEW_FOR)
        if not is_preview:
            signing.loads(token, salt=_SALT, max_age=DOWNLOAD_FOR)
        return Pass(tenant_id, member_id, attachment_id, bool(is_preview))
    except (signing.BadSignature, ValueError, TypeError):
        return None
