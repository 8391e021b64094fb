"""Signed links for providers to fetch outgoing files, valid for a day.

MMS and WhatsApp take no bytes; whoever has the link has the file, so it is of one attachment and dies by its age.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comms.models import Attachment, Message
from crm.kernel import clock

_SALT = "comms.outgoing_file"
# Providers fetch at once, and again when they try again themselves.
KEPT = timedelta(hours=24)
# A message that was taken back, stopped or refused has no file for anybody.
LEAVING = (Message.State.SENDING, Message.State.SENT, Message.State.UNKNOWN)


def link(attachment: Attachment) -> str:
    """Return the link of a file for its provider; blank if no provider can reach this site (no TLS)."""
    if not settings.TLS:
        return ""
    token = signing.dumps([attachment.tenant_id, attachment.pk, int(clock.now().timestamp())], salt=_SALT)
    if settings.ATTACHMENT_HOST:
        host = f"https://{settings.ATTACHMENT_HOST}"
    else:
        host = settings.SITE_URL
    return f"{host}{reverse('attachments:outgoing', args=[token])}"


def read(token: str) -> tuple[int, int] | None:
    """Return tenant and attachment of a link; None if forged or expired."""
    try:
        tenant_id, attachment_id, made = signing.loads(token, salt=_SALT)
        if clock.now() - datetime.fromtimestamp(made, UTC) > KEPT:
            return None
        return int(tenant_id), int(attachment_id)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None
