"""Aircall: its calls by webhook, and their recordings and voicemails through its API.

https://developer.aircall.io/api-references/#call-events. An account sends the calls of all its numbers to one address;
each call is stored on the channel of its number (comms/inbound/messaging/senders.py).
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from comms.channels import http, payload
from comms.channels.interface import (
    Outgoing,
    Permanent,
    Provider,
    RawRequest,
    Receipt,
    Received,
    ReceivedCall,
    ReceivedFile,
    Setting,
    Transient,
    UnreadableRequest,
)
from comms.channels.signatures import same
from comms.models import Channel, Medium
from comms.stored_words import stored_gettext as _

API = "https://api.aircall.io/v1"
# Tells that somebody left a message: the call is over, although its end may be reported later.
VOICEMAIL = "call.voicemail_left"
WITHHELD = {"anonymous", "restricted", "unknown", "unavailable"}


class Aircall(Provider):
    key = "aircall"
    name = "Aircall"
    media = frozenset({Medium.CALL})
    has_webhook = True
    sends_all = True
    carries_files = frozenset()
    settings = (
        Setting("api_id", gettext_lazy("API ID")),
        Setting("api_token", gettext_lazy("API token"), secret=True),
        Setting(
            "webhook_token",
            gettext_lazy("Webhook token"),
            secret=True,
            hint=gettext_lazy("Aircall shows it after its webhook was created with the address below."),
        ),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        raise Permanent(_("Calls are made by members."))

    def test(self, channel: Channel) -> str:
        answer = http.json_of(http.call("GET", f"{API}/ping", repeatable=True, auth=_credentials(channel)))
        if payload.text(answer, "ping") != "pong":
            raise Transient(_("Aircall answered something else than expected."))
        return _("Signed in to Aircall")

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        """True if the body carries the token of the webhook: Aircall signs nothing."""
        token = channel.secrets.get("webhook_token", "")
        try:
            sent_token = payload.text(payload.json_object(request), "token")
        except UnreadableRequest:
            return False
        return bool(token) and same(sent_token, token)

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        event = payload.json_object(request)
        kind = payload.text(event, "event")
        if not kind.startswith("call."):
            return []  # of a user, contact or number
        call = payload.part(event, "data")
        if not payload.text(call, "id"):
            raise UnreadableRequest(_("It names no call."))
        return [_read_call(call, kind)]

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        """Return a recording or voicemail: the links in events expire, so the call is asked for a new one."""
        if not file.url.startswith(f"{API}/calls/"):
            raise Permanent(_("The file is not at Aircall."))
        answer = http.json_of(http.call("GET", file.url, repeatable=True, auth=_credentials(channel)))
        call = payload.part(answer, "call")
        url = payload.text(call, "recording") or payload.text(call, "voicemail")
        if not url.startswith("https://"):
            raise Permanent(_("Aircall has no recording of this call any more."))
        return http.download_public(url)


def _credentials(channel: Channel) -> tuple[str, str]:
    credentials = (channel.settings.get("api_id", ""), channel.secrets.get("api_token", ""))
    if not all(credentials):
        raise Permanent(_("API ID or API token is missing."))
    return credentials


def _read_call(call: Any, kind: str) -> ReceivedCall:
    """Read a call. `duration` of Aircall includes ringing, so the time spoken is computed from its instants."""
    ours = payload.number(payload.text(call, "number", "digits"))
    theirs = payload.text(call, "raw_digits")
    if theirs.lower() in WITHHELD:
        theirs = ""
    theirs = payload.number(theirs)
    is_outgoing = payload.text(call, "direction") == "outbound"
    answered_at = payload.instant(payload.text(call, "answered_at"))
    ended_at = payload.instant(payload.text(call, "ended_at"))
    seconds = 0
    if answered_at and ended_at:
        seconds = max(int((ended_at - answered_at).total_seconds()), 0)
    url = ""
    if payload.text(call, "recording") or payload.text(call, "voicemail"):
        url = f"{API}/calls/{payload.text(call, 'id')}"
    return ReceivedCall(
        sender=ours if is_outgoing else theirs,
        to=theirs if is_outgoing else ours,
        provider_id=payload.text(call, "id"),
        is_outgoing=is_outgoing,
        is_answered=seconds > 0,
        duration=seconds,
        at=payload.instant(payload.text(call, "started_at")),
        is_over=ended_at is not None or kind == VOICEMAIL,
        recording_url=url,
    )
