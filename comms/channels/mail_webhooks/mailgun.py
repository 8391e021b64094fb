"""Mailgun: webhooks and routes that forward. https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks"""

import json
from datetime import timedelta
from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView

from comms.channels import payload
from comms.channels.interface import RawRequest, Received, ReceivedMail, UnreadableRequest
from comms.channels.mail_webhooks.assembly import AssembledFile, Header, assemble
from comms.channels.mail_webhooks.form_parts import FormPart, Parts, form_parts
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.channels.replay import is_first_use, is_recent
from comms.channels.signatures import hmac_hex, same
from comms.stored_words import stored_gettext as _

NOTHING = FormPart(b"")


def is_signed(request: RawRequest, key: str) -> bool:
    """True if a request is signed (HMAC of its time and token), recent, and its token unused."""
    try:
        if payload.header(request, "Content-Type").startswith("application/json"):
            block = payload.part(payload.json_object(request), "signature")
            time, token, signature = (payload.text(block, name) for name in ("timestamp", "token", "signature"))
        else:
            parts = form_parts(request)
            time, token, signature = (parts.get(name, NOTHING).text() for name in ("timestamp", "token", "signature"))
    except UnreadableRequest:
        return False
    is_genuine = bool(key and time and token) and same(signature, hmac_hex(key, f"{time}{token}".encode()))
    # Mailgun retries for eight hours; the body is not part of what it signs.
    return is_genuine and is_recent(time, within=timedelta(hours=9)) and is_first_use("mailgun", token, request.body)


def read(request: RawRequest) -> list[Received]:
    """Parse the report or the email of a request. Raises UnreadableRequest."""
    if payload.header(request, "Content-Type").startswith("application/json"):
        return reports(_parse_event, payload.json_object(request), _BOUNCES)
    parts = form_parts(request)
    if "attachments" in parts:
        raise UnreadableRequest(_("The route stores mail. Have it forward mail to this address."))
    if "body-mime" in parts:
        raw = parts["body-mime"].content
    else:
        raw = _build_mail(parts)
    recipients = tuple(filter(None, parts.get("recipient", NOTHING).text()[:2000].split(",")))
    is_spam = parts.get("X-Mailgun-Sflag", NOTHING).text().strip().lower() == "yes"
    return [ReceivedMail(raw, recipients, parts.get("token", NOTHING).text()[:200], is_spam)]


def _parse_event(said: Any) -> Any:
    view: Any = MailgunTrackingWebhookView
    return [view.esp_to_anymail_event(view, said)]


def _is_permanent(said: Any, event: Any) -> bool:
    return payload.text(said, "event-data", "severity") == "permanent"


def _status_code(said: Any, event: Any) -> str:
    return payload.text(said, "event-data", "delivery-status", "enhanced-code")


_BOUNCES = BounceFields(_is_permanent, status=_status_code)


def _build_mail(parts: Parts) -> bytes:
    headers = _parse_json(parts.get("message-headers", NOTHING))
    pairs: list[Header] = [
        (str(pair[0]), str(pair[1])) for pair in headers or [] if isinstance(pair, list) and len(pair) == 2
    ]
    if not pairs:
        pairs = [(name, parts[key].text()) for name, key in _NAMED if key in parts]
    if not pairs:
        raise UnreadableRequest(_("It contains neither an email nor its headers."))
    ids = _parse_json(parts.get("content-id-map", NOTHING))
    of_file = {}
    if isinstance(ids, dict):
        of_file = {str(name): str(cid) for cid, name in ids.items()}
    files = [
        AssembledFile(part.filename, part.type, part.content, of_file.get(name, ""))
        for name, part in parts.items()
        if name.startswith("attachment-") and name != "attachment-count"
    ]
    text, html = (parts.get(name, NOTHING).text() for name in ("body-plain", "body-html"))
    return assemble(pairs, text, html, files)


# Beside the list of headers, which older routes lack.
_NAMED = [("From", "from"), ("To", "To"), ("Subject", "subject"), ("Message-Id", "Message-Id"), ("Date", "Date")]


def _parse_json(part: FormPart) -> Any:
    try:
        return json.loads(part.text())
    except (ValueError, RecursionError):
        return None
