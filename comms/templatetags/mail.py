"""Template tags of a message: a mail's frame, a text's links, which files have a preview."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from comms.mail.html.glance import glance
from comms.mail.html.links import linked_text
from comms.models import Attachment, Message
from crm.platform.files.media_types import PREVIEWED

register = template.Library()


@register.inclusion_tag("comms/_mail_frame.html", takes_context=True)
def mail_frame(context: template.Context, message: Message) -> dict[str, Any]:
    """Render the frame a mail's HTML is shown in. Who may not read it has no use for the frame: it answers 404."""
    request: Any = context["request"]
    url = reverse("comms:mail_frame", args=[request.tenant.slug, message.uid])
    return {"url": url, "name": f"mail-{message.uid}", "seen": glance(message.html, message.text), "message": message}


@register.filter
def linked(text: str) -> SafeString:
    """Escape a text and make its addresses links."""
    return mark_safe(linked_text(text))  # noqa: S308 - it escapes each piece


@register.filter
def has_preview(attachment: Attachment) -> bool:
    """Tell whether a file is an image there is a preview of."""
    return attachment.media_type in PREVIEWED
