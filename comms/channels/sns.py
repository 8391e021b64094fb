"""Verify the signature of an Amazon SNS notification.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import re
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate
from django.core.cache import cache

from comms.channels import http, payload
from comms.channels.interface import Permanent, RawRequest, Transient, Unknown, UnreadableRequest
from comms.channels.replay import is_recent
from comms.channels.signatures import from_base64

SIGNED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
SIGNED_OF_SUBSCRIPTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_AMAZONS = re.compile(r"sns\.[a-z0-9-]{1,30}\.amazonaws\.com(?:\.cn)?")
# Seconds a certificate is kept; Amazon changes its address with it.
KEPT = 24 * 3600


def is_amazons(url: str) -> bool:
    """True if an address belongs to SNS."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.port in {None, 443} and bool(_AMAZONS.fullmatch(parts.hostname or ""))
    except ValueError:
        return False


def is_signed(request: RawRequest, topic: str) -> bool:
    """True if a notification is recent, signed by Amazon, and of the channel's topic if it names one."""
    try:
        data = payload.json_object(request)
    except UnreadableRequest:
        return False
    if topic and payload.text(data, "TopicArn") != topic:
        return False
    url = payload.text(data, "SigningCertURL")
    algorithm = _hash_algorithm(payload.text(data, "SignatureVersion"))
    if not is_amazons(url) or algorithm is None:
        return False
    try:
        key = load_pem_x509_certificate(_load_certificate(url)).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(from_base64(payload.text(data, "Signature")), _signed_text(data), padding.PKCS1v15(), algorithm)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature, Transient, Permanent, Unknown):
        return False
    return is_recent(payload.text(data, "Timestamp"))


def _hash_algorithm(version: str) -> HashAlgorithm | None:
    # Version 1 is what every topic begins with; SHA-1 is Amazon's choice here, not ours.
    return {"1": SHA1(), "2": SHA256()}.get(version)  # noqa: S303


def _signed_text(said: dict[str, Any]) -> bytes:
    names = SIGNED if payload.text(said, "Type") == "Notification" else SIGNED_OF_SUBSCRIPTION
    return "".join(f"{name}\n{said[name]}\n" for name in names if name in said).encode("utf-8", "replace")


def _load_certificate(url: str) -> bytes:
    key = f"sns:{url}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    content = http.download(url)
    cache.set(key, content, KEPT)
    return content
