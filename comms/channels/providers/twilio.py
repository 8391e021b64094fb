"""Twilio: texts, MMS, WhatsApp and call logs, through its own library."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import requests
from django.utils.translation import gettext_lazy
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

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
    ReceivedCall,
    ReceivedFile,
    ReceivedText,
    Referral,
    Setting,
    TemplateState,
    Transient,
    Unknown,
    UnreadableRequest,
)
from comms.channels.providers.meta_whatsapp import STATES
from comms.channels.signatures import same, sha256
from comms.channels.whatsapp_content import form_words, place_words, unsupported_words
from comms.models import Channel, DeliveryReport, Medium
from comms.stored_words import stored_gettext as _

API = "https://api.twilio.com"
CONTENT = "https://content.twilio.com/v1/Content"
# Its library logs every request with whom it is to.
_LOGGER = logging.getLogger("comms.twilio")
_LOGGER.setLevel(logging.WARNING)
# https://www.twilio.com/docs/api/errors: the number itself is the reason.
OPTED_OUT = {"21610"}
NO_NUMBER = {"21211", "21214", "21217", "21612", "21614", "30003", "30005", "30006", "63003", "63024"}
LATER = {"20429", "14107", "30001", "30022", "63018"}
_Kind = DeliveryReport.Kind
KINDS = {
    "sent": _Kind.SENT,
    "delivered": _Kind.DELIVERED,
    "read": _Kind.OPENED,
    "undelivered": _Kind.FAILED,
    "failed": _Kind.FAILED,
    "canceled": _Kind.FAILED,
}
# What it read in a text, and has answered itself where Advanced Opt-Out is on.
OPT_OUT_TYPES = {"STOP": "stop", "START": "start", "HELP": "help"}
CALL_IS_OVER = {"completed", "busy", "no-answer", "failed", "canceled"}


class Twilio(Provider):
    key = "twilio"
    name = "Twilio"
    media = frozenset({Medium.SMS, Medium.WHATSAPP, Medium.CALL})
    has_webhook = True
    carries_files = frozenset({Medium.SMS, Medium.WHATSAPP})
    fetches_files = True
    knows_templates = True
    settings = (
        Setting("account_sid", gettext_lazy("Account SID"), hint="AC…"),
        Setting(
            "messaging_service_sid",
            gettext_lazy("Messaging Service SID"),
            required=False,
            hint=gettext_lazy("MG…; blank sends from the number itself"),
        ),
        Setting("auth_token", gettext_lazy("Auth token"), secret=True),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        if message.medium == Medium.CALL:
            raise Permanent(_("Calls are made by members."))
        try:
            sent = self._build_client(channel).messages.create(**_message_fields(channel, message))
        except (TwilioException, requests.RequestException) as error:
            _raise_error(error)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # Its library trusts the answer to be the one it knows.
            raise Unknown("It answered something that makes no sense") from error
        if not sent.sid:
            raise Unknown("It answered without an id")
        cents = None
        if sent.price:
            cents = round(float(sent.price) * -100)
        segments = payload.whole(str(sent.num_segments or ""))
        return Receipt(sent.sid, segments, cents, (sent.price_unit or "").upper() if cents is not None else "")

    def test(self, channel: Channel) -> str:
        try:
            account = self._build_client(channel).api.accounts(channel.settings.get("account_sid", "")).fetch()
        except (TwilioException, requests.RequestException) as error:
            _raise_error(error, repeatable=True)
        return _("Signed in to %(account)s, %(status)s") % {
            "account": account.friendly_name or account.sid,
            "status": account.status,
        }

    def template_states(self, channel: Channel, names: Sequence[str]) -> Sequence[TemplateState]:
        auth = (channel.settings.get("account_sid", ""), channel.secrets.get("auth_token", ""))
        states = []
        for sid in names:
            if not _is_content_sid(sid):
                continue
            try:
                answer = http.json_of(http.call("GET", f"{CONTENT}/{sid}/ApprovalRequests", repeatable=True, auth=auth))
            except Permanent as error:
                if error.code == "404":  # of another account, or deleted there
                    continue
                raise
            approval = payload.part(answer, "whatsapp")
            state = STATES.get(payload.text(approval, "status").lower(), "")
            category = payload.text(approval, "category").lower()
            reason = payload.text(approval, "rejection_reason")[:300]
            states.append(TemplateState(sid, state, category=category, reason=reason))
        return states

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        signature = payload.header(request, "X-Twilio-Signature")
        validator = RequestValidator(channel.secrets.get("auth_token", ""))
        if not signature or not channel.secrets.get("auth_token"):
            return False
        parts = urlsplit(request.url)
        body_hash = parse_qs(parts.query).get("bodySHA256", [""])[0]
        if body_hash:
            fields = payload.Fields()
            if not same(body_hash.lower(), sha256(request.body).hex()):
                return False
        else:
            fields = payload.form_of_body(request)
        # It signs the address with or without the port, as its own part does.
        addresses = {request.url, _with_port(request.url), _without_port(request.url)}
        return any(same(signature, validator.compute_signature(address, fields)) for address in sorted(addresses))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        fields = payload.form(request)
        if "CallSid" in fields:
            return [_read_call(fields)]
        sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid", "")
        if not sid:
            raise UnreadableRequest(_("It names neither a message nor a call."))
        status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
        if status and status != "received":
            return _read_report(sid, status, fields)
        return [_read_text(sid, fields)]

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        parts = urlsplit(file.url)
        if f"{parts.scheme}://{parts.netloc}" != API:
            raise Permanent(_("The file is not at Twilio."))
        auth = (channel.settings.get("account_sid", ""), channel.secrets.get("auth_token", ""))
        return http.download(file.url, auth=auth)

    def _build_client(self, channel: Channel) -> Client:
        sid = channel.settings.get("account_sid", "")
        token = channel.secrets.get("auth_token", "")
        if not sid or not token:
            raise Permanent(_("Account SID or auth token is missing."))
        return Client(sid, token, http_client=_HttpClient(timeout=http.TIMEOUT[1], logger=_LOGGER))


def _is_content_sid(text: str) -> bool:
    return text.startswith("HX") and text.isalnum() and text.isascii() and len(text) == 34


class _HttpClient(TwilioHttpClient):
    """Twilio's HTTP client at an address that tests can change."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", API, 1), *args, **kwargs)


def _message_fields(channel: Channel, message: Outgoing) -> dict[str, Any]:
    prefix = ""
    if message.medium == Medium.WHATSAPP:
        prefix = "whatsapp:"
    fields: dict[str, Any] = {"to": f"{prefix}{message.to}"}
    service = channel.settings.get("messaging_service_sid")
    fields |= {"messaging_service_sid": service} if service else {"from_": f"{prefix}{channel.address}"}
    if message.template:
        if not message.template.startswith("HX"):
            raise Permanent(_("Twilio knows a template by its content SID, HX…: enter it as its name at WhatsApp."))
        # One row of numbers for the whole template: heading, body, buttons.
        texts = [*message.heading_values, *message.values, *(value for _position, value in message.button_values)]
        values = {str(nth): value for nth, value in enumerate(texts, 1)}
        fields |= {"content_sid": message.template, "content_variables": json.dumps(values)}
    else:
        fields["body"] = message.text
    if message.files:
        fields["media_url"] = [file.url for file in message.files]
    if message.callback_url:
        fields["status_callback"] = message.callback_url
    return fields


def _raise_error(error: Exception, *, repeatable: bool = False) -> NoReturn:
    if isinstance(error, TwilioRestException):
        code = str(error.code or "")
        words = str(error.msg)[:200]
        if code in OPTED_OUT:
            raise Permanent(words, code=code, suppress="stop") from None
        if code in NO_NUMBER:
            raise Permanent(words, code=code, suppress="unreachable") from None
        if code in LATER:
            raise Transient(words, code=code) from None
        http.check_status(error.status, {}, words, repeatable=repeatable)
    http.raise_for(error, repeatable=repeatable)


def _read_text(sid: str, fields: Mapping[str, str]) -> ReceivedText:
    files = tuple(
        ReceivedFile(f"{nth + 1}", fields.get(f"MediaContentType{nth}", ""), url=fields[f"MediaUrl{nth}"])
        for nth in range(min(payload.whole(fields.get("NumMedia", "")), 30))
        if fields.get(f"MediaUrl{nth}")
    )
    written = fields.get("From", "").removeprefix("whatsapp:")
    user_id = fields.get("ExternalUserId", "") or (written if is_whatsapp_user(written) else "")
    return ReceivedText(
        medium=Medium.WHATSAPP if fields.get("From", "").startswith("whatsapp:") else Medium.SMS,
        sender="" if is_whatsapp_user(written) else payload.number(written),
        to=payload.number(fields.get("To", "")),
        text=_message_text(fields, has_files=bool(files)),
        provider_id=sid,
        sender_name=fields.get("ProfileName", "")[:200],
        files=files,
        reply_to=fields.get("OriginalRepliedMessageSid", ""),
        asked=OPT_OUT_TYPES.get(fields.get("OptOutType", "").upper(), ""),
        user_id=user_id if is_whatsapp_user(user_id) else "",
        referral=_read_referral(fields),
    )


def _message_text(fields: Mapping[str, str], *, has_files: bool) -> str:
    """Return the text of a message; a location in words, and the kind if Twilio doesn't pass the content on."""
    if fields.get("Latitude") and fields.get("Longitude"):
        names = ("Label", "Address", "Latitude", "Longitude")
        place = place_words(*(fields.get(name, "")[:300] for name in names))
        return "\n".join(filter(None, (fields.get("Body", ""), place)))
    text = fields.get("Body", "") or fields.get("ButtonText", "") or fields.get("ListTitle", "")
    if form := fields.get("InteractiveData", "") or fields.get("FlowData", ""):
        return form_words({"response_json": form, "body": text})
    kind = fields.get("MessageType", "")
    is_missing = not text and not has_files and kind not in {"", "text"}
    if is_missing:
        return unsupported_words(kind)
    return text


def _read_referral(fields: Mapping[str, str]) -> Referral | None:
    names = ("ReferralHeadline", "ReferralSourceUrl", "ReferralSourceId", "ReferralSourceType")
    headline, url, source_id, kind = (fields.get(name, "")[:300] for name in names)
    if headline or url or source_id:
        return Referral(headline, url, source_id, kind)
    return None


def _read_report(sid: str, status: str, fields: Mapping[str, str]) -> list[Received]:
    if status not in KINDS:
        return []  # queued, accepted, sending …: we know that already
    code = fields.get("ErrorCode", "")
    return [
        ProviderReport(
            provider_id=sid,
            kind=_Kind.UNSUBSCRIBED if code in OPTED_OUT else KINDS[status],
            event_id=f"{status}:{code}",
            is_permanent=code in NO_NUMBER | OPTED_OUT,
            code=code,
            detail=fields.get("ErrorMessage", "")[:300],
            recipient=payload.number(fields.get("To", "")),
        )
    ]


def _read_call(fields: Mapping[str, str]) -> ReceivedCall:
    status = fields.get("CallStatus", "")
    duration = payload.whole(fields.get("CallDuration") or fields.get("DialCallDuration", ""))
    answered = fields.get("DialCallStatus", status) in {"completed", "answered"} and duration > 0
    return ReceivedCall(
        sender=payload.number(fields.get("From", "")),
        to=payload.number(fields.get("To", "")),
        provider_id=fields["CallSid"],
        is_outgoing=fields.get("Direction", "").startswith("outbound"),
        is_answered=answered,
        duration=duration if answered else 0,
        is_over=status in CALL_IS_OVER,
        recording_url=fields.get("RecordingUrl", ""),
    )


def _without_port(url: str) -> str:
    parts = urlsplit(url)
    if _port_of(url):
        return parts._replace(netloc=(parts.hostname or "")).geturl()
    return url


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    if _port_of(url):
        return url
    return parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}").geturl()


def _port_of(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None
