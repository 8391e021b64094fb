"""Mailgun: email through its HTTP API in the US or EU, by django-anymail. Has no idempotency key."""

from collections.abc import Sequence

from anymail.backends.mailgun import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import http
from comms.channels.interface import RawRequest, Received, Setting
from comms.channels.mail_api import TIMEOUT, MailApi, secret
from comms.channels.mail_webhooks import mailgun
from comms.models import Channel

API = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}


class Mailgun(MailApi):
    key = "mailgun"
    name = "Mailgun"
    has_webhook = True
    sends_all = True
    settings = (
        Setting("domain", gettext_lazy("Sending domain"), required=False),
        Setting("region", gettext_lazy("Region"), choices=(("us", "US"), ("eu", "EU")), default="us"),
        Setting("api_key", gettext_lazy("API key"), secret=True),
        Setting("webhook_signing_key", gettext_lazy("Webhook signing key"), secret=True, required=False),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        return EmailBackend(
            api_key=secret(channel, "api_key"),
            api_url=f"{_api_address(channel)}/v3",
            sender_domain=_domain_of(channel),
            timeout=TIMEOUT,
        )

    def test(self, channel: Channel) -> str:
        url = f"{_api_address(channel)}/v3/domains/{_domain_of(channel)}"
        payload = http.json_of(http.call("GET", url, auth=("api", secret(channel, "api_key")), repeatable=True))
        state = (payload.get("domain") or {}).get("state", "?")
        return _("Signed in. The domain is %(state)s.") % {"state": state}

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        return mailgun.is_signed(request, channel.secrets.get("webhook_signing_key", ""))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return mailgun.read(request)


def _api_address(channel: Channel) -> str:
    return API.get(channel.settings.get("region", "us"), API["us"])


def _domain_of(channel: Channel) -> str:
    return str(channel.settings.get("domain") or channel.address.rpartition("@")[2])
