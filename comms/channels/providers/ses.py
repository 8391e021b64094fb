"""Amazon SES: email through its v2 API, by django-anymail and boto3. Has no idempotency key.

It puts a Message-ID of its own into the mail, which a reply will name.
"""

from collections.abc import Sequence
from typing import Any

from anymail.backends.amazon_ses import EmailBackend
from anymail.exceptions import AnymailAPIError
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from django.utils.translation import gettext_lazy

from comms.channels import sns
from comms.channels.interface import Permanent, RawRequest, Receipt, Received, Setting, Transient, Unknown
from comms.channels.mail_api import TIMEOUT, MailApi, secret
from comms.channels.mail_webhooks import ses
from comms.models import Channel
from comms.stored_words import stored_gettext as _

# An address to call in place of Amazon's; for tests.
ENDPOINT: str | None = None
THROTTLED = {"Throttling", "ThrottlingException", "TooManyRequestsException", "LimitExceededException"}


class AmazonSes(MailApi):
    key = "ses"
    name = "Amazon SES"
    has_webhook = True
    settings = (
        Setting("region", gettext_lazy("Region"), hint="eu-central-1, us-east-1 …"),
        Setting("configuration_set", gettext_lazy("Configuration set"), required=False),
        Setting("access_key_id", gettext_lazy("Access key ID")),
        Setting("secret_access_key", gettext_lazy("Secret access key"), secret=True),
        Setting(
            "topic_arn",
            gettext_lazy("SNS topic of its notifications"),
            required=False,
            hint=gettext_lazy("arn:aws:sns:…; notifications of any other topic are refused."),
        ),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        return EmailBackend(
            client_params=_client_params(channel),
            configuration_set_name=channel.settings.get("configuration_set") or None,
        )

    def receipt(self, mail: Any, channel: Channel) -> Receipt:
        taken = super().receipt(mail, channel).provider_id
        return Receipt(taken, message_id=_message_id(taken, channel.settings.get("region", "")))

    def raise_for(self, error: AnymailAPIError) -> None:
        _raise_for(error.__cause__)

    def test(self, channel: Channel) -> str:
        backend = self.backend(channel)
        backend.open()
        try:
            account = backend.client.get_account()
        except (BotoCoreError, ClientError) as error:
            try:
                _raise_for(error)
            except Unknown as unknown:
                raise Transient(str(unknown)) from error  # nothing was to be sent
            raise Transient(_("The provider could not be reached.")) from error
        finally:
            backend.close()
        if account.get("SendingEnabled"):
            return _("Signed in.")
        return _("Signed in, but not allowed to send email.")

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        return sns.is_signed(request, channel.settings.get("topic_arn", ""))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return ses.read(request, channel.settings, channel.secrets)


def _client_params(channel: Channel) -> dict[str, Any]:
    region = channel.settings.get("region", "")
    if not region:
        raise Permanent("Its region is missing")
    # boto3 would repeat a call whose answer is lost, and a mail with it.
    config = Config(connect_timeout=TIMEOUT[0], read_timeout=TIMEOUT[1], retries={"total_max_attempts": 1})
    return {
        "region_name": region,
        "aws_access_key_id": channel.settings.get("access_key_id", ""),
        "aws_secret_access_key": secret(channel, "secret_access_key"),
        "endpoint_url": ENDPOINT,
        "config": config,
    }


def _raise_for(cause: BaseException | None) -> None:
    if isinstance(cause, EndpointConnectionError | ConnectTimeoutError):
        raise Transient(f"No connection: {type(cause).__name__}") from cause
    if not isinstance(cause, ClientError):
        raise Unknown(type(cause).__name__) from cause
    details = cause.response.get("Error", {})
    code = details.get("Code", "")
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    words = f"{code}: {details.get('Message', '')}"[:200]
    if code in THROTTLED or status in (429, 500, 503):
        raise Transient(words, code=code) from cause
    if status >= 500 or status < 400:
        raise Unknown(words) from cause
    raise Permanent(words, code=code) from cause


def _message_id(provider_id: str, region: str) -> str:
    if region in ("", "us-east-1"):
        host = "email.amazonses.com"
    else:
        host = f"{region}.amazonses.com"
    if provider_id:
        return f"<{provider_id}@{host}>"
    return ""
