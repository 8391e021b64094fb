"""Amazon SES: reports and emails, delivered as SNS notifications."""

import base64
import binascii
import json
from typing import Any

import boto3
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from comms.channels import http, payload, sns
from comms.channels.interface import RawRequest, Received, ReceivedMail, Transient, UnreadableRequest
from comms.channels.mail_webhooks.tracking import BounceFields, reports
from comms.stored_words import stored_gettext as _

CONFIRMED = "Successfully validated SNS topic for Amazon SES event publishing."


def read(request: RawRequest, settings: dict[str, str], secrets: dict[str, str]) -> list[Received]:
    """Parse the reports or the email of a notification; confirm a subscription. Raises UnreadableRequest, Transient."""
    notification = payload.json_object(request)
    kind = payload.text(notification, "Type")
    if kind == "SubscriptionConfirmation":
        return _confirm_subscription(payload.text(notification, "SubscribeURL"))
    if kind != "Notification" or payload.text(notification, "Message") == CONFIRMED:
        return []
    try:
        answer = json.loads(payload.text(notification, "Message"))
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest(_("It is not valid JSON.")) from error
    if payload.text(answer, "notificationType") == "Received":
        return [_build_mail(answer, settings, secrets)]
    return reports(lambda answer: _parse_events(answer, notification), answer, _BOUNCES)


def _confirm_subscription(url: str) -> list[Received]:
    if not sns.is_amazons(url):
        raise UnreadableRequest(_("It asks to confirm an address that is not Amazon’s."))
    http.call("GET", url, repeatable=True)
    return []


def _parse_events(said: Any, notification: Any) -> Any:
    view: Any = AmazonSESTrackingWebhookView
    return view.esp_to_anymail_events(view, said, notification)


def _is_permanent(said: Any, event: Any) -> bool:
    return payload.text(said, "bounce", "bounceType") == "Permanent"


def _status_code(said: Any, event: Any) -> str:
    """Return the status code of an event's recipient; a notification may contain several."""
    recipients = payload.objects(payload.part(said, "bounce"), "bouncedRecipients")
    own = (each for each in recipients if payload.text(each, "emailAddress").lower() == str(event.recipient).lower())
    return next((payload.text(each, "status") for each in own), "")


def _is_no_address(said: Any, event: Any) -> bool:
    return payload.text(said, "bounce", "bounceSubType") == "NoEmail"


_BOUNCES = BounceFields(_is_permanent, status=_status_code, is_no_address=_is_no_address)


def _build_mail(said: Any, settings: dict[str, str], secrets: dict[str, str]) -> ReceivedMail:
    action = payload.part(said, "receipt", "action")
    if payload.text(action, "type") == "S3":
        raw = _download_mail(payload.text(action, "bucketName"), payload.text(action, "objectKey"), settings, secrets)
    else:
        raw = _decode_content(payload.text(said, "content"), payload.text(action, "encoding"))
    to = payload.part(said, "receipt", "recipients")
    recipients = tuple(str(each) for each in to[:50]) if isinstance(to, list) else ()
    spam = payload.text(said, "receipt", "spamVerdict", "status").upper() == "FAIL"
    return ReceivedMail(raw, recipients, payload.text(said, "mail", "messageId"), spam)


def _decode_content(content: str, encoding: str) -> bytes:
    if not content:
        raise UnreadableRequest(_("It contains no email. Have the rule’s action include it, or store it in S3."))
    if encoding.upper() != "BASE64":
        return content.encode("utf-8", "surrogateescape")
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError) as error:
        raise UnreadableRequest(_("The email in it is damaged.")) from error


def _download_mail(bucket: str, key: str, settings: dict[str, str], secrets: dict[str, str]) -> bytes:
    client = boto3.client(
        "s3",
        region_name=settings.get("region"),
        aws_access_key_id=settings.get("access_key_id"),
        aws_secret_access_key=secrets.get("secret_access_key"),
        endpoint_url=settings.get("endpoint_url") or None,
        config=Config(connect_timeout=http.TIMEOUT[0], read_timeout=http.TIMEOUT[1], retries={"total_max_attempts": 1}),
    )
    try:
        stored: bytes = client.get_object(Bucket=bucket, Key=key)["Body"].read(http.LARGEST_FILE + 1)
    except ClientError as error:
        raise UnreadableRequest(
            _("Amazon does not release the email: check the key’s rights to the bucket.")
        ) from error
    except (BotoCoreError, ValueError, OSError):
        raise Transient(_("The provider did not answer.")) from None
    if len(stored) > http.LARGEST_FILE:
        raise UnreadableRequest(_("The email is too large."))
    return stored
