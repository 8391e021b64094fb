"""Refuse a signed request that is old, or whose one-time token was used for other content.

A signature that does not cover the body (Mailgun's) would otherwise prove any body to whoever saw one request.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache

from comms.channels.payload import instant
from crm.kernel import clock

# Mailgun, SendGrid and SNS send a request again for 8 to 24 hours, with the signature of the first attempt.
LONGEST_RETRY = timedelta(hours=25)
AHEAD = timedelta(minutes=5)


def is_recent(signed_at: str, *, within: timedelta = LONGEST_RETRY) -> bool:
    """True if the time in a signature, Unix seconds or ISO 8601, is recent and not in the future."""
    at: datetime | None = instant(signed_at)
    return at is not None and -AHEAD <= clock.now() - at <= within


def is_first_use(provider: str, token: str, content: bytes) -> bool:
    """True if a token was not used for other content. The same content again is a retry, stored once.

    The cache remembers it for LONGEST_RETRY; with the cache gone, the age of the signature is the only bound.
    """
    key = f"webhook-token:{provider}:{hashlib.sha256(token.encode()).hexdigest()}"
    digest = hashlib.sha256(content).hexdigest()
    seconds = int((LONGEST_RETRY + AHEAD).total_seconds())
    return bool(cache.add(key, digest, timeout=seconds)) or cache.get(key, digest) == digest
