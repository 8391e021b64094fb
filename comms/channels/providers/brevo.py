"""Brevo: email through its HTTP API, by django-anymail. The message key prevents sending twice."""

from collections.abc import Sequence

from anymail.backends.brevo import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import http
from comms.channels.interface import Outgoing, RawRequest, Received, Setting
from comms.channels.mail_api import TIMEOUT, WEBHOOK_LOGIN, MailApi, secret
from comms.channels.mail_webhooks import brevo
from comms.channels.mime import OutgoingMail
from comms.channels.signatures import is_signed_in
from comms.models import Channel

API = "https://api.brevo.com/v3"


class Brevo(MailApi):
    key = "brevo"
    name = "Brevo"
    has_webhook = True
    settings = (
        Setting("api_key", gettext_lazy("API key"), secret=True),
        Setting(
            "webhook_login",
            gettext_lazy("Name and password of the webhook"),
            secret=True,
            required=False,
            hint=WEBHOOK_LOGIN,
        ),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        # It has no inline images, and sends them as files beside.
        return EmailBackend(
            api_key=secret(channel, "api_key"), api_url=API, timeout=TIMEOUT, ignore_unsupported_features=True
        )

    def prepare(self, mail: OutgoingMail, message: Outgoing) -> None:
        # It would send these as bytes no mail server has to take.
        mail.extra_headers = {name: value for name, value in mail.extra_headers.items() if value.isascii()}
        mail.extra_headers["idempotencyKey"] = message.key

    def test(self, channel: Channel) -> str:
        headers = {"api-key": secret(channel, "api_key")}
        payload = http.json_of(http.call("GET", f"{API}/account", headers=headers, repeatable=True))
        return _("Signed in as %(email)s.") % {"email": payload.get("email", "?")}

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        return is_signed_in(request, channel.secrets.get("webhook_login", ""))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return brevo.read(request, secret(channel, "api_key"))
