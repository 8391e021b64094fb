"""MessageBird: texts through its REST API, WhatsApp through its Conversations API.

What it signs: https://developers.messagebird.com/api/#verifying-http-requests (a JWT over address and body; older
accounts sign time, query and body).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
from django.utils.translation import gettext_lazy

from comms.channels import http, payload
from comms.channels.interface import (
    Outgoing,
    OutgoingFile,
    Permanent,
    Provider,
    ProviderReport,
    RawRequest,
    Receipt,
    Received,
    ReceivedFile,
    ReceivedReaction,
    ReceivedText,
    Setting,
    Unknown,
    UnreadableRequest,
)
from comms.channels.providers.meta_whatsapp import components
from comms.channels.signatures import from_base64, hmac_base64, same, sha256
from comms.channels.whatsapp_content import contacts_words, order_words, place_words, unsupported_words
from comms.models import Channel, DeliveryReport, Medium
from comms.stored_words import stored_gettext as _
from crm.kernel import clock

REST = "https://rest.messagebird.com"
CONVERSATIONS = "https://conversations.messagebird.com/v1"
# How far the clock of a signed request may be off.
LEEWAY = timedelta(minutes=5)
_Kind = DeliveryReport.Kind
KINDS = {
    "sent": _Kind.SENT,
    "delivered": _Kind.DELIVERED,
    "read": _Kind.OPENED,
    "expired": _Kind.FAILED,
    "delivery_failed": _Kind.FAILED,
    "failed": _Kind.FAILED,
    "rejected": _Kind.FAILED,
}
# statusErrorCode: unknown subscriber, wrong number, opted out.
PERMANENT = {"1", "5", "9", "12", "103"}


class MessageBird(Provider):
    key = "messagebird"
    name = "MessageBird"
    media = frozenset({Medium.SMS, Medium.WHATSAPP})
    has_webhook = True
    carries_files = frozenset({Medium.WHATSAPP})
    fetches_files = True
    settings = (
        Setting(
            "channel_id",
            gettext_lazy("Channel ID"),
            required=False,
            hint=gettext_lazy("For WhatsApp, from the channels in the dashboard"),
        ),
        Setting(
            "namespace",
            gettext_lazy("Template namespace"),
            required=False,
            hint=gettext_lazy("Of WhatsApp’s approved templates"),
        ),
        Setting("access_key", gettext_lazy("Access key"), secret=True),
        Setting("signing_key", gettext_lazy("Signing key"), secret=True),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        if message.medium == Medium.WHATSAPP:
            return self._send_whatsapp(channel, message)
        if message.files:
            raise Permanent(_("MessageBird can’t send files by text message."))
        values: dict[str, Any] = {
            "originator": channel.address,
            "recipients": [message.to.lstrip("+")],
            "body": message.text,
            "datacoding": "auto",
            "reference": message.key,
        }
        if message.callback_url:
            values["reportUrl"] = message.callback_url
        answer = http.json_of(self._call_api(channel, "POST", f"{REST}/messages", json=values))
        sent = payload.text(answer, "id")
        if not sent:
            raise Unknown("It answered without an id")
        items = [*payload.objects(answer, "recipients", "items")]
        parts = payload.whole(payload.text(items, 0, "messagePartCount"))
        price = payload.part(items, 0, "price", "amount")
        cost = None
        if isinstance(price, int | float):
            cost = round(price * 100)
        return Receipt(sent, parts, cost, payload.text(items, 0, "price", "currency") if cost is not None else "")

    def _send_whatsapp(self, channel: Channel, message: Outgoing) -> Receipt:
        sender = channel.settings.get("channel_id", "")
        if not sender:
            raise Permanent(_("The channel ID is missing."))
        kind, content = _message_content(channel, message)
        values: dict[str, Any] = {"to": message.to, "from": sender, "type": kind, "content": content}
        if message.callback_url:
            values["reportUrl"] = message.callback_url
        answer = http.json_of(self._call_api(channel, "POST", f"{CONVERSATIONS}/send", json=values))
        if not (sent := payload.text(answer, "id")):
            raise Unknown("It answered without an id")
        return Receipt(sent)

    def test(self, channel: Channel) -> str:
        answer = http.json_of(self._call_api(channel, "GET", f"{REST}/balance", repeatable=True))
        amount = payload.text(answer, "amount")
        kind = payload.text(answer, "type")
        return _("Signed in. Balance: %(amount)s %(type)s") % {"amount": amount or "?", "type": kind}

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        key = channel.secrets.get("signing_key", "")
        if not key:
            return False
        if token := payload.header(request, "MessageBird-Signature-JWT"):
            return _is_signed(token, key, request)
        signature = payload.header(request, "MessageBird-Signature")
        time = payload.header(request, "MessageBird-Request-Timestamp")
        if not signature or not _is_recent(time):
            return False
        query = urlencode(sorted(parse_qsl(request.query, keep_blank_values=True)))
        signed = b"\n".join([time.encode(), query.encode(), sha256(request.body)])
        return same(from_base64(signature), from_base64(hmac_base64(key, signed)))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        if payload.header(request, "Content-Type").startswith("application/json"):
            return _read_conversation(payload.json_object(request))
        fields = payload.form(request)
        if "status" in fields and "id" in fields:
            return _read_report(fields)
        return [_read_sms(fields)]

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        if not file.url.startswith(("https://media.messagebird.com/", f"{CONVERSATIONS}/", f"{REST}/")):
            raise Permanent(_("The file is not at MessageBird."))
        return http.download(file.url, headers=_sign_in(channel))

    def _call_api(self, channel: Channel, method: str, url: str, **kwargs: Any) -> Any:
        return http.call(method, url, headers=_sign_in(channel), **kwargs)


def _sign_in(channel: Channel) -> dict[str, str]:
    if not (key := channel.secrets.get("access_key", "")):
        raise Permanent(_("The access key is missing."))
    return {"Authorization": f"AccessKey {key}"}


def _message_content(channel: Channel, message: Outgoing) -> tuple[str, dict[str, Any]]:
    if message.template:
        return "hsm", {
            "hsm": {
                "namespace": channel.settings.get("namespace", ""),
                "templateName": message.template,
                "language": {"policy": "deterministic", "code": message.language},
                **_template_values(message),
            }
        }
    if len(message.files) > 1:
        raise Permanent(_("WhatsApp allows one file per message."))
    if message.files:
        return _file_content(message.files[0], message.text)
    return "text", {"text": message.text}


def _template_values(message: Outgoing) -> dict[str, Any]:
    """Return a template's values: a list if only the body has some, else WhatsApp components."""
    if message.heading or message.heading_values or message.button_values or message.names:
        return {"components": components(message)}
    return {"params": [{"default": value} for value in message.values]}


def _file_content(file: OutgoingFile, caption: str) -> tuple[str, dict[str, Any]]:
    kind = file.media_type.split("/")[0]
    if kind not in {"image", "audio", "video"}:
        kind = "file"
    return kind, {kind: {"url": file.url, "caption": caption}}


def _is_signed(token: str, key: str, request: RawRequest) -> bool:
    try:
        claims = jwt.decode(token, key, algorithms=["HS256", "HS384", "HS512"], issuer="MessageBird", options=_REQUIRED)
    except jwt.PyJWTError:
        return False
    if not _is_in_force(claims):
        return False
    body = ""
    if request.body:
        body = sha256(request.body).hex()
    return same(str(claims.get("url_hash", "")), sha256(request.url.encode()).hex()) and same(
        str(claims.get("payload_hash", "")), body
    )


# The times are held against our own clock, below.
_REQUIRED: Any = {
    "require": ["exp", "nbf", "url_hash"],
    **dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat"), False),
}


def _is_in_force(claims: dict[str, Any]) -> bool:
    begins = claims["nbf"]
    ends = claims["exp"]
    now = clock.now().timestamp()
    leeway = LEEWAY.total_seconds()
    is_told = all(isinstance(at, int | float) for at in (begins, ends))
    return is_told and begins - leeway <= now < ends + leeway


def _is_recent(time: str) -> bool:
    at = payload.instant(time)
    return at is not None and abs(clock.now() - at) <= LEEWAY


def _read_sms(fields: dict[str, str]) -> ReceivedText:
    sender = fields.get("originator", "")
    sid = fields.get("id") or fields.get("message_id", "")
    if not sender or not sid:
        raise UnreadableRequest(_("It names neither a message nor who sent it."))
    return ReceivedText(
        medium=Medium.SMS,
        sender=payload.number(sender),
        to=payload.number(fields.get("recipient", "")),
        text=fields.get("body") or fields.get("payload", ""),
        provider_id=sid,
        at=payload.instant(fields.get("createdDatetime") or fields.get("receivedDatetime", "")),
    )


def _read_report(fields: dict[str, str]) -> list[Received]:
    status = fields["status"]
    code = fields.get("statusErrorCode", "")
    if status not in KINDS:
        return []
    return [
        ProviderReport(
            provider_id=fields["id"],
            kind=KINDS[status],
            event_id=f"{status}:{fields.get('statusDatetime', '')}",
            at=payload.instant(fields.get("statusDatetime", "")),
            is_permanent=code in PERMANENT,
            code=code,
            detail=fields.get("statusReason", "")[:300],
            recipient=payload.number(fields.get("recipient", "")),
        )
    ]


def _read_conversation(said: dict[str, Any]) -> list[Received]:
    """Parse a webhook of the Conversations API: message.created and message.updated."""
    message = payload.part(said, "message")
    if not isinstance(message, dict):
        return []  # conversation.created and others, which say nothing that was written
    sid = payload.text(message, "id")
    if not sid:
        raise UnreadableRequest(_("It names no message."))
    if payload.text(message, "direction") == "sent":
        status = payload.text(message, "status")
        reason = payload.text(message, "error", "description")
        at = payload.text(message, "updatedDatetime")
        code = payload.text(message, "error", "code")
        if status not in KINDS:
            return []
        return [
            ProviderReport(sid, KINDS[status], f"{status}:{at}", payload.instant(at), code=code, detail=reason[:300])
        ]
    if payload.text(message, "type") == "reaction":
        return [_read_reaction(said, message)]
    return [_read_text(said, message, sid)]


def _read_reaction(said: dict[str, Any], message: dict[str, Any]) -> ReceivedReaction:
    """Parse a reaction to a message; without an emoji it was removed."""
    reaction = payload.part(message, "content", "reaction")
    return ReceivedReaction(
        medium=Medium.WHATSAPP,
        sender=_sender_of(said, message),
        to=payload.number(payload.text(message, "to")),
        about=payload.text(reaction, "messageId") or payload.text(reaction, "message_id"),
        sign=payload.text(reaction, "emoji"),
        at=payload.instant(payload.text(message, "createdDatetime")),
        sender_name=payload.text(said, "contact", "displayName")[:200],
    )


def _sender_of(said: dict[str, Any], message: dict[str, Any]) -> str:
    sender = payload.text(said, "contact", "msisdn") or payload.text(message, "from")
    return payload.number(sender if sender.startswith("+") else f"+{sender}")


def _message_text(message: dict[str, Any], kind: str, *, has_file: bool) -> str:
    """Return the text of a message of any kind."""
    content = payload.part(message, "content", kind)
    if kind == "location":
        names = ("name", "address", "latitude", "longitude")
        return place_words(*(payload.text(content, name) for name in names))
    if kind == "contacts" or payload.part(message, "content", "contacts"):
        return contacts_words(payload.objects(message, "content", "contacts"))
    if kind in ("order", "whatsappOrder"):
        return order_words(_snake_items(content))
    words = (
        payload.text(message, "content", "text")
        or payload.text(content, "caption")
        or payload.text(content, "text")
        or payload.text(content, "reply", "text")
        or payload.text(content, "title")
    )
    if words or has_file:
        return words
    return unsupported_words(kind)


def _snake_items(order: Any) -> dict[str, Any]:
    """Return an order with WhatsApp's field names."""
    names = {"productRetailerId": "product_retailer_id", "itemPrice": "item_price"}
    items = [
        {names.get(name, name): value for name, value in item.items()}
        for key in ("products", "productItems", "product_items")
        for item in payload.objects(order, key)
    ]
    return {"text": payload.text(order, "text"), "product_items": items}


def _read_text(said: dict[str, Any], message: dict[str, Any], sid: str) -> ReceivedText:
    kind = payload.text(message, "type")
    content = payload.part(message, "content", kind)
    url = payload.text(content, "url")
    return ReceivedText(
        medium=Medium.WHATSAPP if payload.text(message, "platform") == "whatsapp" else Medium.SMS,
        sender=_sender_of(said, message),
        to=payload.number(payload.text(message, "to")),
        text=_message_text(message, kind, has_file=bool(url)),
        provider_id=sid,
        at=payload.instant(payload.text(message, "createdDatetime")),
        sender_name=payload.text(said, "contact", "displayName")[:200],
        files=(ReceivedFile(url.rsplit("/", 1)[-1][:100], "", url=url),) if url else (),
    )
