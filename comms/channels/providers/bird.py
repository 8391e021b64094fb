"""Bird, formerly MessageBird: texts and WhatsApp over the channels of a workspace.

What it signs: https://docs.bird.com/api/notifications-api/api-reference/webhooks/verifying-a-webhook
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from comms.addresses import is_whatsapp_user
from comms.channels import http, payload
from comms.channels.interface import (
    Outgoing,
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
from comms.channels.signatures import from_base64, hmac_base64, same, sha256
from comms.channels.whatsapp_content import contacts_words, place_words, unsupported_words
from comms.models import Channel, DeliveryReport, Medium
from comms.stored_words import stored_gettext as _
from crm.kernel import clock

API = "https://api.bird.com"
LEEWAY = timedelta(minutes=5)
_Kind = DeliveryReport.Kind
KINDS = {
    "sent": _Kind.SENT,
    "delivered": _Kind.DELIVERED,
    "read": _Kind.OPENED,
    "delivery_failed": _Kind.FAILED,
    "sending_failed": _Kind.FAILED,
    "rejected": _Kind.FAILED,
    "skipped": _Kind.FAILED,
}


class Bird(Provider):
    key = "bird"
    name = "Bird"
    media = frozenset({Medium.SMS, Medium.WHATSAPP})
    has_webhook = True
    carries_files = frozenset({Medium.SMS, Medium.WHATSAPP})
    fetches_files = True
    settings = (
        Setting("workspace_id", gettext_lazy("Workspace ID")),
        Setting("channel_id", gettext_lazy("Channel ID")),
        Setting("access_key", gettext_lazy("Access key"), secret=True),
        Setting("signing_key", gettext_lazy("Signing key"), secret=True),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        key = "phonenumber"
        if is_whatsapp_user(message.to):
            key = "whatsappbsuid"
        contact = {"identifierKey": key, "identifierValue": message.to}
        values: dict[str, Any] = {"receiver": {"contacts": [contact]}, "reference": message.key} | _message_body(
            message
        )
        answer = http.json_of(self._call_api(channel, "POST", "/messages", json=values))
        if not (sent := payload.text(answer, "id")):
            raise Unknown("It answered without an id")
        return Receipt(sent, payload.whole(payload.text(answer, "parts")))

    def test(self, channel: Channel) -> str:
        answer = http.json_of(self._call_api(channel, "GET", "", repeatable=True))
        return _("Found the channel %(name)s") % {"name": payload.text(answer, "name") or channel.address}

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        key = channel.secrets.get("signing_key", "")
        signature = payload.header(request, "messagebird-signature")
        time = payload.header(request, "messagebird-request-timestamp")
        at = payload.instant(time)
        if not key or not signature or at is None or abs(clock.now() - at) > LEEWAY:
            return False
        signed = b"\n".join([time.encode(), request.url.encode(), sha256(request.body)])
        return same(from_base64(signature), from_base64(hmac_base64(key, signed)))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        data = payload.json_object(request)
        event = payload.text(data, "event")
        message = payload.part(data, "payload")
        sid = payload.text(message, "id")
        if not sid:
            raise UnreadableRequest(_("It names no message."))
        if event.endswith(".inbound"):
            return [_read_message(message, sid)]
        status = payload.text(message, "status")
        at = payload.text(message, "lastStatusAt")
        if status not in KINDS:
            return []
        reason = payload.text(message, "reason")
        return [ProviderReport(sid, KINDS[status], f"{status}:{at}", payload.instant(at), detail=reason[:300])]

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        if not file.url.startswith((f"{API}/", "https://media.api.bird.com/", "https://media.nest.messagebird.com/")):
            raise Permanent(_("The file is not at Bird."))
        return http.download(file.url, headers=_sign_in(channel))

    def _call_api(self, channel: Channel, method: str, path: str, **kwargs: Any) -> Any:
        workspace, sender = (channel.settings.get(name, "") for name in ("workspace_id", "channel_id"))
        if not workspace or not sender:
            raise Permanent(_("Workspace or channel ID is missing."))
        address = f"{API}/workspaces/{workspace}/channels/{sender}{path}"
        return http.call(method, address, headers=_sign_in(channel), **kwargs)


def _sign_in(channel: Channel) -> dict[str, str]:
    if not (key := channel.secrets.get("access_key", "")):
        raise Permanent(_("The access key is missing."))
    return {"Authorization": f"AccessKey {key}"}


def _message_body(message: Outgoing) -> dict[str, Any]:
    if message.template:
        project, _dot, version = message.template.partition(":")
        texts = [*message.heading_values, *message.values, *(value for _position, value in message.button_values)]
        values = [{"type": "string", "key": str(nth), "value": value} for nth, value in enumerate(texts, 1)]
        template = {"projectId": project, "version": version or "latest", "locale": message.language}
        return {"template": template | {"parameters": values}}
    if message.files and message.files[0].media_type.startswith("image/"):
        images = [{"mediaUrl": file.url} for file in message.files]
        return {"body": {"type": "image", "image": {"images": images, "text": message.text}}}
    if message.files:
        files = [{"mediaUrl": file.url, "contentType": file.media_type} for file in message.files]
        return {"body": {"type": "file", "file": {"files": files, "text": message.text}}}
    return {"body": {"type": "text", "text": {"text": message.text}}}


def _read_message(message: dict[str, Any], sid: str) -> ReceivedText | ReceivedReaction:
    body = payload.part(message, "body")
    kind = payload.text(body, "type")
    content = payload.part(body, kind)
    files = [*payload.objects(content, "images"), *payload.objects(content, "files")]
    number, user_id = _sender_ids(message)
    about: dict[str, Any] = {
        "medium": Medium.WHATSAPP if payload.text(message, "platform").startswith("whatsapp") else Medium.SMS,
        "sender": number,
        "user_id": user_id,
        "to": payload.number(payload.text(message, "receiver", "connector", "identifierValue")),
        "at": payload.instant(payload.text(message, "createdAt")),
        "sender_name": payload.text(message, "sender", "contact", "annotations", "name")[:200],
    }
    reply_to = payload.text(message, "replyTo", "id")
    reaction = payload.part(message, "reaction") or (content if kind == "reaction" else None)
    reacted = payload.text(reaction, "messageId") or reply_to
    if isinstance(reaction, dict) and reacted:
        return ReceivedReaction(about=reacted, sign=payload.text(reaction, "emoji"), **about)
    return ReceivedText(
        text=_message_text(body, kind, has_files=bool(files)),
        provider_id=sid,
        files=tuple(
            ReceivedFile(
                payload.text(file, "filename")[:100],
                payload.text(file, "contentType"),
                url=payload.text(file, "mediaUrl"),
            )
            for file in files
            if payload.text(file, "mediaUrl")
        ),
        reply_to=reply_to,
        **about,
    )


def _sender_ids(message: dict[str, Any]) -> tuple[str, str]:
    """Return number and WhatsApp user ID of the sender; one with a hidden number has only the ID."""
    value = payload.text(message, "sender", "contact", "identifierValue")
    user_id = payload.text(message, "meta", "extraInformation", "whatsappbsuid")
    if is_whatsapp_user(value):
        return "", value
    return payload.number(value), user_id if is_whatsapp_user(user_id) else ""


def _message_text(body: Any, kind: str, *, has_files: bool) -> str:
    """Return the text of a message of any kind."""
    content = payload.part(body, kind)
    if kind == "location":
        place = payload.part(content, "coordinates") or content
        named = payload.part(content, "location") or content
        latitude, longitude = (payload.text(place, name) for name in ("latitude", "longitude"))
        name = payload.text(named, "label") or payload.text(named, "name")
        return place_words(name, payload.text(named, "address"), latitude, longitude)
    if kind in ("contact", "contacts"):
        people = [*payload.objects(content, "contacts")] or [*payload.objects(body, kind)]
        return contacts_words(people or [content if isinstance(content, dict) else {}])
    actions = (payload.text(action, "postback", "text") for action in payload.objects(content, "actions"))
    words = payload.text(content, "text") or next(filter(None, actions), "") or payload.text(content, "title")
    if words or has_files:
        return words
    return unsupported_words(kind)
