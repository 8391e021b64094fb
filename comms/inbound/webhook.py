"""Webhook endpoint: verify the request, store it, and answer. A worker reads it (inbound_processing.py).

Nothing a stranger sends makes a 5xx, and nobody learns which tenants or channels there are: an address that is not
ours, and one that has been revoked, are the same 404.
"""

import hmac
import logging
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from comms.channels.interface import Provider, RawRequest
from comms.channels.registry import provider_of
from comms.channels.webhook_address import WebhookAddress, place_of
from comms.inbound.inbound_storage import store
from comms.inbound.text_cleaning import clean_all, clean_text
from comms.models import Channel, Inbound
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.throttle import calls_in_window, count_call

logger = logging.getLogger(__name__)

# What says who they are is for verifying alone, and never stored.
_SECRET = ("auth", "cookie", "signature", "token", "secret", "key")
_MOST_HEADERS = 60
_LONGEST_HEADER = 1000
_DAY = 24 * 3600


@csrf_exempt
@never_cache
def webhook(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """Answer a provider: address checks by GET, deliveries by POST."""
    place = place_of(token)
    if place is None:
        return _plain_response("There is nothing at this address.", 404)
    if request.method not in ("GET", "POST"):
        return _plain_response("Send it by POST.", 405)
    if count_call(f"{place.tenant_id}:{place.channel_id}", "webhook", 60) > settings.INBOUND_RATE:
        return _plain_response(
            "That is more than we take in a minute. Send it again later.", 429, {"Retry-After": "30"}
        )
    try:
        raw = _read_request(request)
    except UnreadablePostError:
        return _plain_response("The request ended before all of it had come.", 400)
    if raw is None:
        return _plain_response(f"That is larger than the {settings.INBOUND_MOST_BYTES:,} bytes we take.", 413)
    with use_tenant(place.tenant_id):
        channel = _find_channel(place, provider)
        provider_found = None
        if channel:
            provider_found = provider_of(channel)
        if channel is None or provider_found is None:
            return _plain_response("There is nothing at this address.", 404)
        if request.method == "GET":
            return _answer_challenge(provider_found, channel, raw)
        return _store_delivery(provider_found, channel, raw)


def _find_channel(place: WebhookAddress, provider: str) -> Channel | None:
    """Return the channel; None if archived, of another provider, or with a newer key."""
    channel: Channel | None = Channel.objects.in_use().filter(pk=place.channel_id, provider=provider).first()
    if channel and hmac.compare_digest(channel.webhook_key, place.key):
        return channel
    return None


def _answer_challenge(provider: Provider, channel: Channel, raw: RawRequest) -> HttpResponse:
    try:
        answer = provider.challenge(channel, raw)
    except Exception:
        logger.exception("check of a webhook address failed", extra={"channel": channel.pk})
        answer = None
    if answer is None:
        return _plain_response("Send it by POST.", 405)
    return _plain_response(answer)


def _store_delivery(provider: Provider, channel: Channel, raw: RawRequest) -> HttpResponse:
    if not _is_genuine(provider, channel, raw):
        count_refused(channel)
        return _plain_response("The signature does not fit.", 403)
    envelope = {"url": raw.url, "query": raw.query, "headers": _harmless_headers(raw.headers)}
    store(raw.body, kind=Inbound.Kind.WEBHOOK, channel=channel, provider=channel.provider, envelope=clean_all(envelope))
    return _plain_response("")


def _is_genuine(provider: Provider, channel: Channel, raw: RawRequest) -> bool:
    try:
        return provider.verify(channel, raw)
    except Exception:  # whatever a stranger's bytes do to a library, they prove nothing
        logger.exception("a signature could not be checked", extra={"channel": channel.pk})
        return False


def _read_request(request: HttpRequest) -> RawRequest | None:
    """Return the request as received; None if too large."""
    most = settings.INBOUND_MOST_BYTES
    pieces = []
    size = 0
    while piece := request.read(1 << 16):
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    query = clean_text(request.META.get("QUERY_STRING", ""), 4000)
    # As it was entered at the provider, which signs it: whatever host the request says it was sent to.
    url = f"{settings.SITE_URL}{request.path}{'?' if query else ''}{query}"
    return RawRequest(request.method or "", url, query, request.headers, b"".join(pieces))


def _harmless_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth storing, without credentials."""
    kept = [(name, value) for name, value in headers.items() if not any(word in name.lower() for word in _SECRET)]
    return {name: value[:_LONGEST_HEADER] for name, value in kept[:_MOST_HEADERS]}


def count_refused(channel: Channel) -> None:
    """Count a request with a wrong signature: forged, or a mistyped secret."""
    logger.warning("webhook with a wrong signature", extra={"channel": channel.pk})
    count_call(_rate_key(channel), "forged", _DAY)


def refused_today(channel: Channel) -> int:
    """Return the requests refused since midnight UTC, as far as the cache knows."""
    return calls_in_window(_rate_key(channel), "forged", _DAY)


def _rate_key(channel: Channel) -> str:
    return f"channel:{channel.tenant_id}:{channel.pk}"


def _plain_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
