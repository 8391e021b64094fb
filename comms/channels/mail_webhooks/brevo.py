"""Brevo: transactional webhooks and inbound parsing. https://developers.brevo.com/docs/inbound-parse-webhooks"""

from typing import Any
from urllib.parse import quote

from anymail.webhooks.brevo import BrevoTrackingWebhookView

from comms.channels import http, payload
from comms.channels.interface import Permanent, RawRequest, Received, ReceivedMail, UnreadableRequest
from comms.channels.mail_webhooks.assembly import AssembledFile, Header, assemble
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.stored_words import stored_gettext as _

API = "https://api.brevo.com/v3"


def read(request: RawRequest, api_key: str) -> list[Received]:
    """Parse the report or the emails of a request; files are downloaded. Raises UnreadableRequest or Transient."""
    data = payload.json_object(request)
    if "items" in data:
        return [_build_mail(item, api_key) for item in payload.objects(data, "items")]
    if "event" not in data:
        raise UnreadableRequest(_("It contains no email or event."))
    return reports(_parse_event, data, _BOUNCES)


def _is_permanent(said: Any, event: Any) -> bool:
    return payload.text(said, "event") in {"hard_bounce", "invalid_email"}


def _is_no_address(said: Any, event: Any) -> bool:
    """True if the provider says so and no server reply gives another reason."""
    kind = payload.text(said, "event")
    return kind == "invalid_email" or (kind == "hard_bounce" and not event.mta_response)


_BOUNCES = BounceFields(_is_permanent, is_no_address=_is_no_address)


def _parse_event(said: Any) -> Any:
    view: Any = BrevoTrackingWebhookView
    return [view.esp_to_anymail_event(view, said)]


def _build_mail(item: dict[str, Any], api_key: str) -> ReceivedMail:
    headers: list[Header] = []
    named = payload.part(item, "Headers")
    for name, values in (named if isinstance(named, dict) else {}).items():
        headers += [(str(name), str(value)) for value in (values if isinstance(values, list) else [values])]
    files = [_download_file(each, api_key) for each in payload.objects(item, "Attachments")]
    raw = assemble(headers, payload.text(item, "RawTextBody"), payload.text(item, "RawHtmlBody"), files)
    recipients = tuple(filter(None, (payload.text(each, "Address") for each in payload.objects(item, "Recipients"))))
    return ReceivedMail(raw, recipients, payload.text(item, "Uuid", 0))


def _download_file(said: dict[str, Any], api_key: str) -> AssembledFile:
    token = payload.text(said, "DownloadToken")
    try:
        content = http.download(f"{API}/inbound/attachments/{quote(token, safe='')}", headers={"api-key": api_key})
    except Permanent as error:
        raise UnreadableRequest(_("A file of the mail can no longer be fetched.")) from error
    return AssembledFile(
        payload.text(said, "Name"), payload.text(said, "ContentType"), content, payload.text(said, "ContentID")
    )
