"""Mailgun: mail by its HTTP API in the US or the EU, by way of django-anymail. It takes no idempotency key."""

from anymail.backends.mailgun import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import http
from comms.channels.interface import Setting
from comms.channels.mail_api import TIMEOUT, MailApi, secret
from comms.models import Channel

API = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}


class Mailgun(MailApi):
    key = "mailgun"
    name = "Mailgun"
    settings = (
        Setting("domain", gettext_lazy("Sending domain"), required=False),
        Setting("region", gettext_lazy("Region"), choices=(("us", "US"), ("eu", "EU")), default="us"),
        Setting("api_key", gettext_lazy("API key"), secret=True),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        return EmailBackend(
            api_key=secret(channel, "api_key"),
            api_url=f"{_api(channel)}/v3",
            sender_domain=_domain(channel),
            timeout=TIMEOUT,
        )

    def test(self, channel: Channel) -> str:
        url = f"{_api(channel)}/v3/domains/{_domain(channel)}"
        said = http.json_of(http.call("GET", url, auth=("api", secret(channel, "api_key")), repeatable=True))
        state = (said.get("domain") or {}).get("state", "?")
        return _("Signed in. The domain is %(state)s.") % {"state": state}


def _api(channel: Channel) -> str:
    return API.get(channel.settings.get("region", "us"), API["us"])


def _domain(channel: Channel) -> str:
    return str(channel.settings.get("domain") or channel.address.rpartition("@")[2])
