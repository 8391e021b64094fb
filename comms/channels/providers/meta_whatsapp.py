"""WhatsApp through Meta's Cloud API.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples, …/support/error-codes
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy

from comms.addresses import is_whatsapp_user
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
    Setting,
    TemplateState,
    Transient,
    Unknown,
)
from comms.channels.meta_webhook import read_value
from comms.channels.signatures import hmac_hex, same
from comms.models import Channel, DeliveryReport, Medium, TemplateVersion
from comms.rendering.content import number_variables
from comms.stored_words import stored_gettext as _

API = "https://graph.facebook.com/v23.0"
# Error codes: too many messages, or their side is in trouble; the customer's phone has no WhatsApp; they opted out.
LATER = {"1", "2", "4", "80007", "130429", "131000", "131016", "131048", "131056", "131057", "133004"}
NO_WHATSAPP = {"131026", "131021", "131030"}
OPTED_OUT = {"131050"}
_Kind = DeliveryReport.Kind
KINDS = {"sent": _Kind.SENT, "delivered": _Kind.DELIVERED, "read": _Kind.OPENED, "failed": _Kind.FAILED}
# Pages of a hundred templates; Meta allows 6,000 of them.
MOST_PAGES = 60
_State = TemplateVersion.WhatsApp
# What Meta calls it, and Twilio, which passes it on.
STATES = {
    "unsubmitted": _State.DRAFT,
    "received": _State.SUBMITTED,
    "pending": _State.SUBMITTED,
    "in_appeal": _State.SUBMITTED,
    "approved": _State.APPROVED,
    "rejected": _State.REJECTED,
    "disabled": _State.REJECTED,
    "limit_exceeded": _State.REJECTED,
    "deleted": _State.REJECTED,
    "pending_deletion": _State.REJECTED,
    "paused": _State.PAUSED,
}
# What a template may begin with instead of words.
HEADINGS = ("image", "video", "document")


class MetaWhatsApp(Provider):
    key = "meta_whatsapp"
    name = "WhatsApp (Meta)"
    media = frozenset({Medium.WHATSAPP})
    has_webhook = True
    carries_files = frozenset({Medium.WHATSAPP})
    fetches_files = True
    knows_templates = True
    settings = (
        Setting("phone_number_id", gettext_lazy("Phone number ID")),
        Setting(
            "business_account_id",
            gettext_lazy("Business account ID"),
            required=False,
            hint=gettext_lazy("To fetch the state of templates"),
        ),
        Setting("access_token", gettext_lazy("Access token"), secret=True),
        Setting("app_secret", gettext_lazy("App secret"), secret=True),
        Setting("verify_token", gettext_lazy("Verify token"), secret=True, hint=gettext_lazy("Choose one yourself")),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        sender = channel.settings.get("phone_number_id", "")
        if not sender:
            raise Permanent(_("The phone number ID is missing."))
        # Who shows no number is written to by WhatsApp's ID, and in another field.
        if is_whatsapp_user(message.to):
            receiver = {"recipient": message.to}
        else:
            receiver = {"to": message.to.lstrip("+")}
        values = {"messaging_product": "whatsapp", "recipient_type": "individual", **receiver}
        data = self._call_api(channel, "POST", f"/{sender}/messages", json=values | _message_content(message))
        if not (sent := payload.text(data, "messages", 0, "id")):
            raise Unknown("It answered without an id")
        return Receipt(sent)

    def test(self, channel: Channel) -> str:
        sender = channel.settings.get("phone_number_id", "")
        data = self._call_api(channel, "GET", f"/{sender}?fields=display_phone_number,verified_name,quality_rating")
        return _("Found %(number)s, %(name)s. Quality: %(quality)s") % {
            "number": payload.text(data, "display_phone_number"),
            "name": payload.text(data, "verified_name"),
            "quality": payload.text(data, "quality_rating") or "?",
        }

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        secret = channel.secrets.get("app_secret", "")
        signature = payload.header(request, "X-Hub-Signature-256")
        return bool(secret) and same(signature, f"sha256={hmac_hex(secret, request.body)}")

    def challenge(self, channel: Channel, request: RawRequest) -> str | None:
        fields = payload.form(request)
        token = channel.secrets.get("verify_token", "")
        if fields.get("hub.mode") != "subscribe" or not token or not same(fields.get("hub.verify_token", ""), token):
            return None
        return fields.get("hub.challenge", "")[:200]

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return list(_read_webhook(payload.json_object(request), channel.settings.get("phone_number_id", "")))

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        # The address a webhook gives lives for minutes; the id is asked for a fresh one.
        url = payload.text(self._call_api(channel, "GET", f"/{file.url}"), "url")
        if not url:
            raise Permanent(_("The file is no longer at WhatsApp."))
        return http.download(url, headers=_sign_in(channel))

    def template_states(self, channel: Channel, names: Sequence[str]) -> Sequence[TemplateState]:
        account = channel.settings.get("business_account_id", "")
        if not account:
            raise Permanent(_("The business account ID is missing."))
        fields = "name,status,category,language,rejected_reason,parameter_format,components"
        path = f"/{account}/message_templates?fields={fields}&limit=100"
        after = ""
        states = []
        for _page in range(MOST_PAGES):
            data = self._call_api(channel, "GET", f"{path}&after={quote(after)}" if after else path)
            states += [state for row in payload.objects(data, "data") if (state := _template_state(row)).name in names]
            after = ""
            if payload.text(data, "paging", "next"):
                after = payload.text(data, "paging", "cursors", "after")
            if not after:
                break
        return states

    def _call_api(self, channel: Channel, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        try:
            answer = http.call(
                method,
                f"{API}{path}",
                headers=_sign_in(channel),
                repeatable=method == "GET",
                errors=_raise_error,
                **kwargs,
            )
        except Permanent as error:
            if error.code == "190":
                raise Permanent(_("WhatsApp no longer accepts the access token."), code="190") from None
            raise
        return http.json_of(answer)


def _template_state(row: dict[str, Any]) -> TemplateState:
    parts = {payload.text(part, "type").upper(): part for part in payload.objects(row, "components")}
    body, header = (payload.text(parts.get(name, {}), "text") for name in ("BODY", "HEADER"))
    shape: dict[str, Any] = {}
    if payload.text(row, "parameter_format").upper() == "NAMED":
        (body, in_body), (header, in_header) = number_variables(body), number_variables(header)
        shape["names"] = {"body": in_body, "header": in_header}
    if (heading := payload.text(parts.get("HEADER", {}), "format").lower()) in HEADINGS:
        shape["heading"] = heading
    reason = payload.text(row, "rejected_reason")
    return TemplateState(
        name=payload.text(row, "name"),
        state=STATES.get(payload.text(row, "status").lower(), ""),
        language=payload.text(row, "language")[:12],
        category=payload.text(row, "category").lower(),
        reason="" if reason.upper() == "NONE" else reason[:300],
        body=body,
        shape=shape,
    )


def _sign_in(channel: Channel) -> dict[str, str]:
    if not (token := channel.secrets.get("access_token", "")):
        raise Permanent(_("The access token is missing."))
    return {"Authorization": f"Bearer {token}"}


def _raise_error(said: Mapping[str, Any]) -> None:
    """Raise the meaning of a Meta error code, which is more specific than the HTTP status."""
    code = payload.text(said, "error", "code")
    words = payload.text(said, "error", "error_data", "details") or payload.text(said, "error", "message")
    if code in LATER:
        raise Transient(words[:200], code=code)
    if code in OPTED_OUT:
        raise Permanent(words[:200], code=code, suppress="stop")
    if code in NO_WHATSAPP:
        raise Permanent(words[:200], code=code, suppress="unreachable")
    if code:
        raise Permanent(words[:200], code=code)


def _message_content(message: Outgoing) -> dict[str, Any]:
    if message.template:
        template = {"name": message.template, "language": {"code": message.language}}
        return {"type": "template", "template": template | {"components": components(message)}}
    if len(message.files) > 1:
        raise Permanent(_("WhatsApp allows one file per message."))
    if message.files:
        return _file_content(message.files[0], message.text)
    return {"type": "text", "text": {"body": message.text, "preview_url": False}}


def components(message: Outgoing) -> list[dict[str, Any]]:
    """Return the values of a template's placeholders in Meta's format, which other providers pass on."""
    components_found: list[dict[str, Any]] = []
    if message.heading:
        components_found.append({"type": "header", "parameters": [_heading_file(message)]})
    parts = (("header", message.heading_values, message.heading_names), ("body", message.values, message.names))
    for kind, values, names in parts:
        if len(names) == len(values):
            named = [{"parameter_name": name} for name in names]
        else:
            named = [{}] * len(values)
        if values:
            texts = [{"type": "text", **name, "text": value} for name, value in zip(named, values, strict=True)]
            components_found.append({"type": kind, "parameters": texts})
    for position, value in message.button_values:
        text = [{"type": "text", "text": value}]
        components_found.append({"type": "button", "sub_type": "url", "index": str(position), "parameters": text})
    return components_found


def _heading_file(message: Outgoing) -> dict[str, Any]:
    """Return the file a template begins with. Raises Permanent if the message has none."""
    if len(message.files) != 1:
        raise Permanent(_("Its WhatsApp template begins with a file: add exactly one."))
    file = message.files[0]
    kind = message.heading
    return {"type": kind, kind: {"link": file.url} | ({"filename": file.name} if kind == "document" else {})}


def _file_content(file: OutgoingFile, caption: str) -> dict[str, Any]:
    kind = file.media_type.split("/")[0]
    if kind not in {"image", "audio", "video"}:
        kind = "document"
    content = {"link": file.url} | ({} if kind == "audio" else {"caption": caption})
    return {"type": kind, kind: content | ({"filename": file.name} if kind == "document" else {})}


def _read_webhook(said: dict[str, Any], own_id: str) -> Iterator[Received]:
    for entry in payload.objects(said, "entry"):
        for change in payload.objects(entry, "changes"):
            value = payload.part(change, "value")
            if own_id and payload.text(value, "metadata", "phone_number_id") not in {"", own_id}:
                continue  # another number of the same app, which has a channel of its own
            yield from read_value(value)
            for status in payload.objects(value, "statuses"):
                yield from _read_reports(status)


def _read_reports(status: dict[str, Any]) -> Iterator[ProviderReport]:
    kind = payload.text(status, "status")
    sid = payload.text(status, "id")
    if kind not in KINDS or not sid:
        return
    code = payload.text(status, "errors", 0, "code")
    at = payload.text(status, "timestamp")
    yield ProviderReport(
        provider_id=sid,
        kind=_Kind.UNSUBSCRIBED if code in OPTED_OUT else KINDS[kind],
        event_id=f"{kind}:{code}",
        at=payload.instant(at),
        is_permanent=code in NO_WHATSAPP | OPTED_OUT,
        code=code,
        detail=(
            payload.text(status, "errors", 0, "error_data", "details") or payload.text(status, "errors", 0, "title")
        )[:300],
        recipient=_recipient_of(status),
    )


def _recipient_of(status: dict[str, Any]) -> str:
    """Return the recipient of a report: a number, or the WhatsApp user ID if the number is hidden."""
    number = payload.text(status, "recipient_id")
    if not number or is_whatsapp_user(number):
        return number or payload.text(status, "recipient_user_id")
    return payload.number(f"+{number.lstrip('+')}")
