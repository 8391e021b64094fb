"""A mailbox fetched by IMAP (comms/inbound/imap.py), of a brand or a member; it sends by SMTP."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from copy import copy

from django.utils.translation import gettext_lazy
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from comms.channels.interface import Outgoing, Permanent, Provider, Receipt, Setting, Transient
from comms.channels.mail_access.access_tokens import access_token, uses_tokens
from comms.channels.mail_servers import IMAP_PORTS, ServerPlace, connection_problem
from comms.channels.providers.smtp import Smtp, smtp_places
from comms.models import Channel, Medium
from comms.stored_words import stored_gettext as _
from crm.kernel.whole_numbers import read_number
from crm.platform.http.guarded_connection import connect_to_host, time_limit
from crm.platform.http.public_address import ForbiddenAddress

# Seconds for each answer of the server, for the whole sign-in, and for a whole test.
TIMEOUT = 20
SIGN_IN = 20
TEST = 30
# What a server may send before it is allowed more (MailboxClient.allow).
ANSWER_BYTES = 2 << 20
# Response codes (RFC 5530) and words by which a server refuses a sign-in for now, not for good.
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]|too many|try again", re.IGNORECASE)
_SECURITY = (("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "–"))


class Imap(Provider):
    """Any IMAP server, with an SMTP server for sending."""

    key = "imap"
    name = "IMAP"
    media = frozenset({Medium.EMAIL})
    fetches = True
    sends_elsewhere = True
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
            hint=gettext_lazy("Separated by commas. Email sent from other programs is found automatically."),
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
            raise Permanent(_("The mailbox has no SMTP server to send with."))
        sender = copy(channel)
        sender.settings = {
            "sign_in": chosen.get("sign_in", ""),
            "host": chosen["smtp_host"],
            "port": chosen.get("smtp_port", ""),
            "security": chosen.get("smtp_security", "starttls"),
            "username": chosen.get("username", ""),
        }
        return Smtp().send(sender, message)

    def test(self, channel: Channel) -> str:
        with signed_in(channel, TEST) as client:
            count = len(client.list_folders())
        return _("Connected and signed in. %(count)s folders.") % {"count": count}

    def places(self, chosen: Mapping[str, str]) -> Sequence[ServerPlace]:
        host = chosen.get("host") or ""
        port = str(chosen.get("port") or 993)
        security = chosen.get("security") or "tls"
        return [ServerPlace("host", host, port, security, IMAP_PORTS), *smtp_places(chosen, "smtp_")]

    def sending_lack(self, channel: Channel) -> str:
        if channel.settings.get("smtp_host"):
            return ""
        return _("Missing: %(names)s") % {"names": _("SMTP server")}


class _LimitedConnection(imaplib.IMAP4):
    """A connection to a public address that reads no more than allowed, whatever sizes the server announces."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self.context = context
        self.allowance = ANSWER_BYTES
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = connect_to_host(self.host, self.port, ports=IMAP_PORTS)
        sock.settimeout(TIMEOUT)
        if self.context:
            return self.context.wrap_socket(sock, server_hostname=self.host)
        return sock

    def read(self, size: int) -> bytes:
        self._use_allowance(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._use_allowance(len(line))
        return line

    def _use_allowance(self, size: int) -> None:
        self.allowance -= size
        if self.allowance < 0:
            raise AnswerTooLarge("more than was allowed")


class AnswerTooLarge(OSError):
    """The server sent more than requested; the connection can't be used any further."""


class MailboxClient(IMAPClient):
    """A mailbox over a limited connection."""

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 (IMAPClient calls it)
        return _LimitedConnection(self.host, self.port, self.ssl_context if self.ssl else None)

    def allow(self, size: int = ANSWER_BYTES) -> None:
        """Allow the server to send this many more bytes."""
        self._imap.allowance = size


@contextmanager
def signed_in(channel: Channel, seconds: float) -> Iterator[MailboxClient]:
    """Open a channel's mailbox for a limited time, in seconds.

    Raises Transient when it does not answer, Permanent when it does not let us in or may not be reached.
    """
    with time_limit(seconds) as limit, ExitStack() as closing:
        try:
            with time_limit(SIGN_IN):
                client = _open_client(channel, closing)
            yield client
        except ForbiddenAddress as error:
            raise Permanent(connection_problem(error)) from error
        except (OSError, IMAPClientError) as error:
            words = _problem_words(error, took_too_long=limit.was_reached)
            raise Transient(_("No connection to the mailbox: %(reason)s") % {"reason": words}) from error


def _open_client(channel: Channel, closing: ExitStack) -> MailboxClient:
    """Connect and sign in. A token that the server refuses is renewed once, and a new connection tried."""
    client = _connect(channel.settings)
    closing.callback(_sign_out, client)
    try:
        _sign_in(client, channel)
    except SignInRefused:
        if not uses_tokens(channel):
            raise
        access_token(channel, is_refused=True)
        client = _connect(channel.settings)
        closing.callback(_sign_out, client)
        _sign_in(client, channel)
    return client


def _connect(chosen: Mapping[str, str]) -> MailboxClient:
    security = chosen.get("security", "tls")
    trusted = ssl.create_default_context()
    port = read_number(str(chosen.get("port") or 993))
    if port is None:
        raise Permanent(_("The port is not a number."))
    is_tls = security == "tls"
    host = chosen.get("host", "").strip()
    client = MailboxClient(host, port=port, ssl=is_tls, ssl_context=trusted if is_tls else None, timeout=TIMEOUT)
    if security == "starttls":
        client.starttls(trusted)
    return client


class SignInRefused(Permanent):
    """The server refuses the user name, password or token."""


def _sign_in(client: MailboxClient, channel: Channel) -> None:
    name = channel.settings.get("username", "")
    try:
        if uses_tokens(channel):
            client.oauth2_login(name, access_token(channel))
        else:
            client.login(name, channel.secrets.get("password", ""))
    except LoginError as error:
        if _PASSING.search(str(error)):
            raise Transient(_("The mailbox is busy. We keep trying.")) from error
        if uses_tokens(channel):
            raise SignInRefused(_("The mailbox refuses the sign-in.")) from error
        raise SignInRefused(_("The mailbox refuses the user name or password.")) from error


def _sign_out(client: MailboxClient) -> None:
    with suppress(OSError, IMAPClientError):
        client.logout()


def _problem_words(error: OSError | IMAPClientError, *, took_too_long: bool) -> str:
    """Return in words what is wrong with a mailbox, without the server's text."""
    if isinstance(error, AnswerTooLarge):
        return _("The server sends more than it was asked for.")
    if isinstance(error, IMAPClientError) and not isinstance(error, imaplib.IMAP4.abort):
        return _("The server refused a command, or a folder does not exist.")
    return connection_problem(error, took_too_long=took_too_long)
