"""A rendered email cached for some minutes for the preview frame."""

import hashlib

from django.core.cache import cache
from django.urls import reverse

from crm.web.requests.http import TenantRequest

# Seconds for which a frame may ask for the mail its page was made with.
KEPT = 600


def mail_preview_url(request: TenantRequest, html: str) -> str:
    """Cache an email for some minutes, and return its address for a frame of this member's page."""
    token = hashlib.sha256(html.encode()).hexdigest()[:32]
    cache.set(_cache_key(request, token), html, KEPT)
    return reverse("comms:mail_preview", args=[request.tenant.slug, token])


def find_mail_preview(request: TenantRequest, token: str) -> str | None:
    """Return an email cached for this member; None if expired or another member's."""
    html: str | None = cache.get(_cache_key(request, token))
    return html


def _cache_key(request: TenantRequest, token: str) -> str:
    return f"template-mail:{request.tenant.pk}:{request.member.pk}:{token}"
