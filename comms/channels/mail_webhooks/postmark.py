"""Postmark: webhooks and inbound. https://postmarkapp.com/developer/webhooks/inbound-webhook"""

import base64
import binascii
from typing import Any

from anymail.webhooks.postmark import PostmarkTrackingWebhookView

from comms.channels import payload
from comms.channels.interface import RawRequest, Received, ReceivedMail, Unreadable
from comms.channels.mail_webhooks.assembly import File, Header, address, assemble
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.stored_words import stored_gettext as _

HARD = {"HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Unsubscribe"}
# Its words for them: "unknown user, mailbox not found", "an invalid email address".
# https://postmarkapp.com/developer/api/bounce-api#bounce-types
NO_ADDRESS = {"HardBounce", "BadEmailAddress"}


def read(request: RawRequest) -> list[Received]:
    """Return the report or the mail of a request. Raises Unreadable."""
    said = payload.json_object(request)
    if payload.text(said, "RecordType") not in {"", "Inbound"}:
        return reports(_event, said, _BOUNCES)
    if "RawEmail" not in said and "FromFull" not in said and "From" not in said:
        raise Unreadable(_("It contains no email."))
    raw = payload.text(said, "RawEmail").encode("utf-8", "surrogateescape") or _build_mail(said)
    recipients = tuple(filter(None, [payload.text(said, "OriginalRecipient")]))
    # Its verdict on spam is a header of the mail, X-Spam-Status, and read with it.
    return [ReceivedMail(raw, recipients, payload.text(said, "MessageID"))]


def _is_permanent(said: Any, event: Any) -> bool:
    return payload.text(said, "Type") in HARD


def _is_no_address(said: Any, event: Any) -> bool:
    """Whether it says so, and no answer of a server gives another reason."""
    kind = payload.text(said, "Type")
    return kind == "BadEmailAddress" or (kind in NO_ADDRESS and not event.mta_response)


_BOUNCES = BounceFields(_is_permanent, is_no_address=_is_no_address)


def _event(said: Any) -> Any:
    view: Any = PostmarkTrackingWebhookView
    return [view.esp_to_anymail_event(view, said)]


def _build_mail(said: dict[str, Any]) -> bytes:
    headers: list[Header] = [
        (payload.text(each, "Name"), payload.text(each, "Value")) for each in payload.objects(said, "Headers")
    ]
    have = {name.lower() for name, _value in headers}
    # It takes these out of the headers.
    parted = [
        ("From", _address(payload.part(said, "FromFull")) or payload.text(said, "From")),
        ("To", _addresses(said, "ToFull") or payload.text(said, "To")),
        ("Cc", _addresses(said, "CcFull") or payload.text(said, "Cc")),
        ("Subject", payload.text(said, "Subject")),
        ("Date", payload.text(said, "Date")),
        ("Reply-To", payload.text(said, "ReplyTo")),
    ]
    headers += [(name, value) for name, value in parted if value and name.lower() not in have]
    files = [
        File(
            payload.text(each, "Name"),
            payload.text(each, "ContentType"),
            _bytes(payload.text(each, "Content") or payload.text(each, "Data")),
            payload.text(each, "ContentID"),
        )
        for each in payload.objects(said, "Attachments")
    ]
    return assemble(headers, payload.text(said, "TextBody"), payload.text(said, "HtmlBody"), files)


def _address(full: Any) -> str:
    email = payload.text(full, "Email")
    if email:
        return address(payload.text(full, "Name"), email)
    return ""


def _addresses(said: dict[str, Any], name: str) -> str:
    return ", ".join(filter(None, (_address(full) for full in payload.objects(said, name))))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")
