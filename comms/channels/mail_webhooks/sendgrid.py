"""SendGrid: the event webhook and inbound parse.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

import json
from typing import Any

from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from comms.channels import payload
from comms.channels.interface import RawRequest, Received, ReceivedMail, UnreadableRequest
from comms.channels.mail_webhooks.assembly import AssembledFile, assemble, header_pairs
from comms.channels.mail_webhooks.form_parts import FormPart, Parts, form_parts
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.channels.replay import is_recent
from comms.channels.signatures import from_base64
from comms.stored_words import stored_gettext as _

NOTHING = FormPart(b"")
# The score of SpamAssassin from which a mail is called spam by default.
SPAM = 5.0


def is_signed(request: RawRequest, public_key: str) -> bool:
    """True if a request is recent and signed with the account's key: ECDSA over time and body."""
    signature = from_base64(payload.header(request, "X-Twilio-Email-Event-Webhook-Signature"))
    time = payload.header(request, "X-Twilio-Email-Event-Webhook-Timestamp")
    try:
        key = load_der_public_key(from_base64(public_key.strip()))
        if not signature or not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, time.encode() + request.body, ec.ECDSA(SHA256()))
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return is_recent(time)


def read(request: RawRequest) -> list[Received]:
    """Parse the reports or the email of a request. Raises UnreadableRequest."""
    if payload.header(request, "Content-Type").startswith("application/json"):
        return _read_events(request)
    parts = form_parts(request)
    envelope = _parse_json(parts.get("envelope", NOTHING))
    to = payload.part(envelope, "to")
    recipients = tuple(str(each) for each in to[:50]) if isinstance(to, list) else ()
    raw = parts["email"].content if "email" in parts else _build_mail(parts)
    return [ReceivedMail(raw, recipients, is_spam=_spam_score(parts) >= SPAM)]


def _read_events(request: RawRequest) -> list[Received]:
    try:
        events = json.loads(request.body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest(_("It is not valid JSON.")) from error
    if not isinstance(events, list):
        raise UnreadableRequest(_("It is not a list of events."))
    view: Any = SendGridTrackingWebhookView
    one = view.esp_to_anymail_event
    return [report for said in events for report in reports(lambda said: [one(view, said)], said, _BOUNCES)]


def _is_permanent(said: Any, event: Any) -> bool:
    # A bounce of the type "blocked" may pass; "dropped" is of one that bounced before.
    return said.get("event") == "bounce" and said.get("type") != "blocked"


def _status_code(said: Any, event: Any) -> str:
    return payload.text(said, "status")


def _is_no_address(said: Any, event: Any) -> bool:
    return payload.text(said, "bounce_classification").lower() == "invalid address"


_BOUNCES = BounceFields(_is_permanent, status=_status_code, is_no_address=_is_no_address)


def _build_mail(parts: Parts) -> bytes:
    if "headers" not in parts:
        raise UnreadableRequest(_("It contains neither an email nor its headers."))
    charsets = _parse_json(parts.get("charsets", NOTHING))
    text, html = (parts.get(name, NOTHING).text(payload.text(charsets, name) or "utf-8") for name in ("text", "html"))
    ids = _parse_json(parts.get("attachment-info", NOTHING))
    files = [
        AssembledFile(
            part.filename or payload.text(ids, name, "filename"), part.type, part.content, _content_id(ids, name)
        )
        for name, part in parts.items()
        if name.startswith("attachment") and (part.filename or name in ids)
    ]
    return assemble(header_pairs(parts["headers"].text()), text, html, files)


def _content_id(ids: Any, name: str) -> str:
    return payload.text(ids, name, "content-id")


def _spam_score(parts: Parts) -> float:
    try:
        return float(parts.get("spam_score", NOTHING).text()[:20])
    except ValueError:
        return 0.0


def _parse_json(part: FormPart) -> dict[str, Any]:
    try:
        payload = json.loads(part.text())
    except (ValueError, RecursionError):
        return {}
    if isinstance(payload, dict):
        return payload
    return {}
