"""Postmark: webhooks and inbound. https://postmarkapp.com/developer/webhooks/inbound-webhook"""

import base64
import binascii
from typing import Any

from anymail.webhooks.postmark import PostmarkTrackingWebhookView

from comms.channels import payload
from comms.channels.interface import RawRequest, Received, ReceivedMail, UnreadableRequest
from comms.channels.mail_webhooks.assembly import AssembledFile, Header, address, assemble
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.stored_words import stored_gettext as _

HARD = {"HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Unsubscribe"}
# Its words for them: "unknown user, mailbox not found", "an invalid email address".
# https://postmarkapp.com/developer/api/bounce-api#bounce-types
NO_ADDRESS = {"HardBounce", "BadEmailAddress"}


def read(request: RawRequest) -> list[Received]:
    """Parse the report or the email of a request. Raises UnreadableRequest."""
    data = payload.json_object(request)
    if payload.text(data, "RecordType") not in {"", "Inbound"}:
        return reports(_parse_event, data, _BOUNCES)
    if "RawEmail" not in data and "FromFull" not in data and "From" not in data:
        raise UnreadableRequest(_("It contains no email."))
    raw = payload.text(data, "RawEmail").encode("utf-8", "surrogateescape") or _build_mail(data)
    recipients = tuple(filter(None, [payload.text(data, "OriginalRecipient")]))
    # Its verdict on spam is a header of the mail, X-Spam-Status, and read with it.
    return [ReceivedMail(raw, recipients, payload.text(data, "MessageID"))]


def _is_permanent(said: Any, event: Any) -> bool:
    return payload.text(said, "Type") in HARD


def _is_no_address(said: Any, event: Any) -> bool:
    """True if the provider says so and no server reply gives another reason."""
    kind = payload.text(said, "Type")
    return kind == "BadEmailAddress" or (kind in NO_ADDRESS and not event.mta_response)


_BOUNCES = BounceFields(_is_permanent, is_no_address=_is_no_address)


def _parse_event(said: Any) -> Any:
    view: Any = PostmarkTrackingWebhookView
    return [view.esp_to_anymail_event(view, said)]


def _build_mail(said: dict[str, Any]) -> bytes:
    headers: list[Header] = [
        (payload.text(each, "Name"), payload.text(each, "Value")) for each in payload.objects(said, "Headers")
    ]
    have = {name.lower() for name, _value in headers}
    # It takes these out of the headers.
    parted = [
        ("From", _full_address(payload.part(said, "FromFull")) or payload.text(said, "From")),
        ("To", _full_addresses(said, "ToFull") or payload.text(said, "To")),
        ("Cc", _full_addresses(said, "CcFull") or payload.text(said, "Cc")),
        ("Subject", payload.text(said, "Subject")),
        ("Date", payload.text(said, "Date")),
        ("Reply-To", payload.text(said, "ReplyTo")),
    ]
    headers += [(name, value) for name, value in parted if value and name.lower() not in have]
    files = [
        AssembledFile(
            payload.text(each, "Name"),
            payload.text(each, "ContentType"),
            _decode_base64(payload.text(each, "Content") or payload.text(each, "Data")),
            payload.text(each, "ContentID"),
        )
        for each in payload.objects(said, "Attachments")
    ]
    return assemble(headers, payload.text(said, "TextBody"), payload.text(said, "HtmlBody"), files)


def _full_address(full: Any) -> str:
    email = payload.text(full, "Email")
    if email:
        return address(payload.text(full, "Name"), email)
    return ""


def _full_addresses(said: dict[str, Any], name: str) -> str:
    return ", ".join(filter(None, (_full_address(full) for full in payload.objects(said, name))))


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")
