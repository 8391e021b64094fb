"""Postmark: email through its HTTP API, by django-anymail. Has no idempotency key."""

from collections.abc import Sequence

from anymail.backends.postmark import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import http
from comms.channels.interface import Outgoing, RawRequest, Received, Setting
from comms.channels.mail_api import TIMEOUT, WEBHOOK_LOGIN, MailApi, secret
from comms.channels.mail_webhooks import postmark
from comms.channels.mime import OutgoingMail
from comms.channels.signatures import is_signed_in
from comms.models import Channel

API = "https://api.postmarkapp.com"


class Postmark(MailApi):
    key = "postmark"
    name = "Postmark"
    has_webhook = True
    sends_all = True
    settings = (
        Setting("message_stream", gettext_lazy("Message stream"), required=False, hint=gettext_lazy("“outbound”")),
        Setting("server_token", gettext_lazy("Server token"), secret=True),
        Setting(
            "webhook_login",
            gettext_lazy("Name and password of the webhook"),
            secret=True,
            required=False,
            hint=WEBHOOK_LOGIN,
        ),
    )

    def backend(self, channel: Channel) -> EmailBackend:
        return EmailBackend(
            server_token=secret(channel, "server_token"),
            message_stream=channel.settings.get("message_stream") or None,
            api_url=API,
            timeout=TIMEOUT,
        )

    def prepare(self, mail: OutgoingMail, message: Outgoing) -> None:
        # Otherwise it puts an id of its own there, and a reply would not name ours.
        mail.extra_headers["X-PM-KeepID"] = "true"

    def test(self, channel: Channel) -> str:
        headers = {"X-Postmark-Server-Token": secret(channel, "server_token"), "Accept": "application/json"}
        payload = http.json_of(http.call("GET", f"{API}/server", headers=headers, repeatable=True))
        return _("Signed in to “%(name)s”.") % {"name": payload.get("Name", "?")}

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        return is_signed_in(request, channel.secrets.get("webhook_login", ""))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        return postmark.read(request)
