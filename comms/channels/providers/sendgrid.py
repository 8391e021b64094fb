"""SendGrid: email through its Web API v3, by django-anymail. Has no idempotency key."""

import warnings
from collections.abc import Sequence

from anymail.backends.sendgrid import EmailBackend
from anymail.exceptions import AnymailNotSupportedWarning
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import http
from comms.channels.interface import RawRequest, Received, Setting
from comms.channels.mail_api import TIMEOUT, WEBHOOK_LOGIN, MailApi, secret
from comms.channels.mail_webhooks import sendgrid
from comms.channels.signatures import is_signed_in
from comms.models import Channel

API = "https://api.sendgrid.com/v3"

# Its own tests of SendGrid run against nothing since 2025; ours do not depend on that.
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)


class SendGrid(MailApi):
    key = "sendgrid"
    name = "SendGrid"
    has_webhook = True
    sends_all = True
    settings = (
        Setting("api_key", gettext_lazy("API key"), secret=True),
        Setting(
            "verification_key",
            gettext_lazy("Verification key of the webhooks"),
            secret=True,
            required=False,
            hint=gettext_lazy("Of the signed event webhook and the parse security policy."),
        ),
        Setting(
            "webhook_login",
            gettext_lazy("Name and password of the webhook"),
            secret=True,
            required=False,
            hint=WEBHOOK_LOGIN,
        ),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        return EmailBackend(api_key=secret(channel, "api_key"), api_url=API, timeout=TIMEOUT)

    def test(self, channel: Channel) -> str:
        key = {"Authorization": f"Bearer {secret(channel, 'api_key')}"}
        payload = http.json_of(http.call("GET", f"{API}/scopes", headers=key, repeatable=True))
        if "mail.send" in payload.get("scopes", []):
            return _("Signed in.")
        return _("Signed in, but not allowed to send email.")

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        secrets = channel.secrets
        if key := secrets.get("verification_key"):
            return sendgrid.is_signed(request, key)
        return is_signed_in(request, secrets.get("webhook_login", ""))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return sendgrid.read(request)
