"""Parse WhatsApp webhooks of Meta: messages, edits, reactions, reports and marketing preferences.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from collections.abc import Iterator, Mapping
from typing import Any

from comms.addresses import is_whatsapp_user
from comms.channels import payload
from comms.channels.interface import (
    Received,
    ReceivedFile,
    ReceivedPreference,
    ReceivedReaction,
    ReceivedRevocation,
    ReceivedText,
    Referral,
)
from comms.channels.whatsapp_content import contacts_words, form_words, order_words, place_words, unsupported_words
from comms.models import Medium

FILES = ("image", "video", "audio", "document", "sticker")


def read_value(value: Any) -> Iterator[Received]:
    """Parse the messages and marketing preferences of one change."""
    people = _People(value)
    for message in payload.objects(value, "messages"):
        if payload.text(message, "id"):
            yield _read_message(message, people)
    for preference in payload.objects(value, "user_preferences"):
        if payload.text(preference, "value") in ("stop", "resume"):
            yield _read_preference(preference, people)


class _People:
    """The sender, by number and WhatsApp user ID, and our number."""

    def __init__(self, value: Any) -> None:
        number = payload.text(value, "metadata", "display_phone_number")
        if number:
            self.to = payload.number(f"+{number.lstrip('+')}")
        else:
            self.to = ""
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for contact in payload.objects(value, "contacts"):
            number = payload.text(contact, "wa_id")
            user_id = payload.text(contact, "user_id")
            name = payload.text(contact, "profile", "name") or payload.text(contact, "profile", "username")
            self._names |= {number: name, user_id: name}
            if number and user_id:
                self._ids[number] = user_id

    def sender(self, said: Mapping[str, Any], number_field: str, id_field: str) -> dict[str, str]:
        """Return number and user ID of the sender; the ID may stand in the number field."""
        number = payload.text(said, number_field)
        user_id = payload.text(said, id_field)
        if is_whatsapp_user(number):
            number, user_id = "", number
        digits = number.lstrip("+")
        sender = ""
        if digits:
            sender = payload.number(f"+{digits}")
        return {"sender": sender, "user_id": user_id or self._ids.get(number, "")}

    def name(self, sender: Mapping[str, str]) -> str:
        """Return the sender's profile name."""
        by_number = self._names.get(sender["sender"].lstrip("+"), "")
        return (by_number or self._names.get(sender["user_id"], ""))[:200]


def _read_message(message: dict[str, Any], people: _People) -> Received:
    kind = payload.text(message, "type")
    sid = payload.text(message, "id")
    at = payload.instant(payload.text(message, "timestamp"))
    sender = people.sender(message, "from", "from_user_id")
    about: dict[str, Any] = {"medium": Medium.WHATSAPP, "to": people.to, "at": at} | sender
    if kind == "reaction" and (reacted := payload.text(message, "reaction", "message_id")):
        sign = payload.text(message, "reaction", "emoji")
        return ReceivedReaction(about=reacted, sign=sign, sender_name=people.name(sender), **about)
    if kind == "revoke" and (revoked := payload.text(message, "revoke", "original_message_id")):
        return ReceivedRevocation(about=revoked, provider_id=sid, **about)
    content = message
    if kind == "edit" and isinstance(edited := payload.part(message, "edit", "message"), dict):
        content = edited
        kind = payload.text(edited, "type")
    return ReceivedText(
        text=_message_text(content, kind),
        provider_id=sid,
        sender_name=people.name(sender),
        files=_message_files(content, kind),
        reply_to=payload.text(content, "context", "id"),
        edits=payload.text(message, "edit", "original_message_id"),
        referral=_read_referral(message),
        **about,
    )


def _message_files(message: dict[str, Any], kind: str) -> tuple[ReceivedFile, ...]:
    content = payload.part(message, kind)
    file_id = ""
    if kind in FILES:
        file_id = payload.text(content, "id")
    name = payload.text(content, "filename") or kind
    if file_id:
        return (ReceivedFile(name[:100], payload.text(content, "mime_type"), url=file_id),)
    return ()


def _message_text(message: dict[str, Any], kind: str) -> str:
    """Return the text of a message of any kind; the name of the kind if it has no text."""
    content = payload.part(message, kind)
    if kind == "location":
        return place_words(*(payload.text(content, name) for name in ("name", "address", "latitude", "longitude")))
    if kind == "contacts":
        return contacts_words(payload.objects(message, "contacts"))
    if kind == "order":
        return order_words(content)
    if kind == "interactive" and isinstance(form := payload.part(content, "nfm_reply"), dict):
        return form_words(form)
    words = _plain_words(content)
    if words or kind in FILES:
        return words
    return unsupported_words(payload.text(message, "unsupported", "type") or kind)


def _plain_words(content: Any) -> str:
    chosen = payload.text(content, "list_reply", "title")
    description = payload.text(content, "list_reply", "description")
    return (
        payload.text(content, "body")
        or payload.text(content, "caption")
        or payload.text(content, "text")
        or payload.text(content, "button_reply", "title")
        or ": ".join(filter(None, (chosen, description)))
        or payload.text(content, "emoji")
    )


def _read_referral(message: dict[str, Any]) -> Referral | None:
    data = payload.part(message, "referral")
    if not isinstance(data, dict):
        return None
    headline, url, source_id, kind = (
        payload.text(data, name)[:300] for name in ("headline", "source_url", "source_id", "source_type")
    )
    return Referral(headline, url, source_id, kind)


def _read_preference(preference: dict[str, Any], people: _People) -> ReceivedPreference:
    return ReceivedPreference(
        medium=Medium.WHATSAPP,
        to=people.to,
        wants_offers=payload.text(preference, "value") == "resume",
        at=payload.instant(payload.text(preference, "timestamp")),
        detail=payload.text(preference, "detail")[:300],
        **people.sender(preference, "wa_id", "user_id"),
    )
