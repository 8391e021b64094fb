"""Template tags of messages: email frame, text links, file previews."""

from contextlib import suppress
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from comms.mail.document import SANDBOX
from comms.mail.frame_estimate import estimate_frame
from comms.mail.links import linked_text
from comms.models import Attachment, Message
from crm.platform.files import stored_files
from crm.platform.files.images import UnreadableImage, upright_size
from crm.platform.files.media_types import PREVIEWED, may_open

register = template.Library()
# Of so many images of a mail the size is looked up.
_MOST_IMAGES = 30


@register.inclusion_tag("comms/_mail_frame.html", takes_context=True)
def mail_frame(context: template.Context, message: Message) -> dict[str, Any]:
    """Render the frame of an email's HTML; its document answers 404 without permission."""
    request: Any = context["request"]
    url = reverse("comms:mail_frame", args=[request.tenant.slug, message.uid])
    seen = estimate_frame(message.html, message.text, _image_sizes(message))
    return {"url": url, "name": f"mail-{message.uid}", "seen": seen, "message": message, "sandbox": SANDBOX}


def _image_sizes(message: Message) -> dict[str, tuple[int, int]]:
    """Return the sizes of an email's attached images by content ID."""
    within = Attachment.objects.filter(message=message, media_type__in=PREVIEWED).exclude(content_id="")
    sizes: dict[str, tuple[int, int]] = {}
    for attachment in within.select_related("file").order_by("position", "pk")[:_MOST_IMAGES]:
        with suppress(UnreadableImage, stored_files.FileGone), stored_files.open_file(attachment.file) as file:
            sizes[attachment.content_id.strip("<> ").lower()] = upright_size(file)
    return sizes


@register.filter
def with_links(text: str) -> SafeString:
    """Escape a text and turn its addresses into links."""
    return mark_safe(linked_text(text))  # noqa: S308 - it escapes each piece


@register.filter
def has_preview(attachment: Attachment) -> bool:
    """True if a file is an image with a preview."""
    return attachment.media_type in PREVIEWED


@register.filter
def opens(attachment: Attachment) -> bool:
    """True if the browser can show a file itself: a PDF, a video."""
    return may_open(attachment.media_type)
