"""A mailbox fetched by IMAP (comms/inbound/imap.py), a brand's or a colleague's own; what it sends goes by SMTP."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from comms.channels.interface import Capability, Outgoing, Permanent, Provider, Receipt, Setting, Transient
from comms.channels.providers.smtp import Smtp
from comms.models import Channel, Medium

# Seconds for each answer of the server.
TIMEOUT = 20
_SECURITY = (("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "–"))


class Imap(Provider):
    """Any IMAP server; the SMTP server beside it sends."""

    key = "imap"
    name = "IMAP"
    media = frozenset({Medium.EMAIL})
    settings = (
        Setting("host", gettext_lazy("IMAP server")),
        Setting("port", gettext_lazy("IMAP port"), default="993"),
        Setting("security", gettext_lazy("Encryption"), choices=_SECURITY, default="tls"),
        Setting("username", gettext_lazy("User name")),
        Setting("password", gettext_lazy("Password"), secret=True),
        Setting(
            "folders",
            gettext_lazy("Folders"),
            required=False,
            default="INBOX",
            hint=gettext_lazy("Separated by commas. What is sent by other programs is found by itself."),
        ),
        Setting("smtp_host", gettext_lazy("SMTP server"), required=False),
        Setting("smtp_port", gettext_lazy("SMTP port"), required=False, default="587"),
        Setting(
            "smtp_security",
            gettext_lazy("Encryption of SMTP"),
            required=False,
            choices=(("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "–")),
            default="starttls",
        ),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        chosen = channel.settings
        if not chosen.get("smtp_host"):
            raise Permanent(_("The mailbox has no SMTP server to send by."))
        sender = copy(channel)
        sender.settings = {
            "host": chosen["smtp_host"],
            "port": chosen.get("smtp_port", ""),
            "security": chosen.get("smtp_security", "starttls"),
            "username": chosen.get("username", ""),
        }
        return Smtp().send(sender, message)

    def test(self, channel: Channel) -> str:
        with signed_in(channel) as client:
            count = len(client.list_folders())
        return _("It answered, and the sign-in works: %(count)s folders.") % {"count": count}

    def capabilities(self, channel: Channel) -> tuple[Capability, ...]:
        can_send = bool(channel.settings.get("smtp_host"))
        return (
            Capability(_("Receives by IMAP, every minute"), True),
            Capability(_("Sends by SMTP"), can_send, "" if can_send else _("an SMTP server")),
        )


@contextmanager
def signed_in(channel: Channel) -> Iterator[IMAPClient]:
    """Open a channel's mailbox. Raises Transient when it does not answer, Permanent when it does not let us in."""
    try:
        client = _connected(channel.settings)
    except (OSError, ValueError, IMAPClientError) as error:
        raise Transient(_("No connection to the mailbox: %(error)s.") % {"error": _words(error)}) from error
    try:
        try:
            client.login(channel.settings.get("username", ""), channel.secrets.get("password", ""))
        except LoginError as error:
            raise Permanent(_("The mailbox refuses user name or password.")) from error
        yield client
    except (OSError, IMAPClientError) as error:
        raise Transient(_("The mailbox stopped answering: %(error)s.") % {"error": _words(error)}) from error
    finally:
        with suppress(OSError, IMAPClientError):
            client.logout()


def _connected(chosen: dict[str, str]) -> IMAPClient:
    security, trusted = chosen.get("security", "tls"), ssl.create_default_context()
    is_tls = security == "tls"
    client = IMAPClient(
        chosen.get("host", ""),
        port=int(chosen.get("port") or 993),
        ssl=is_tls,
        ssl_context=trusted if is_tls else None,
        timeout=TIMEOUT,
    )
    if security == "starttls":
        client.starttls(trusted)
    return client


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]
