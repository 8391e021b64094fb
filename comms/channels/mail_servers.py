"""Mail servers entered by hand: allowed addresses, guarded connections, and connection errors in words.

What a server says is never shown: it may be one that nobody was to reach, and its banner is none of our reader's.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.mail.backends.smtp import EmailBackend

from comms.stored_words import stored_gettext as _
from crm.platform.accounts.smtp_errors import reply_code, reply_text
from crm.platform.http.guarded_connection import connect_to_host
from crm.platform.http.public_address import ForbiddenAddress

# Other ports only at hosts that the setting PRIVATE_HOSTS names.
SMTP_PORTS = frozenset({25, 465, 587, 2465, 2525, 2587})
IMAP_PORTS = frozenset({143, 993})
# From the least to the most: a step down asks for the password again.
SECURITY_ORDER = ("none", "starttls", "tls")
# The enhanced status code (RFC 3463) that a reply begins with.
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)")


class ServerPlace(NamedTuple):
    """A server that receives a channel's secret; `setting` is the field its host was entered in."""

    setting: str
    host: str
    port: str
    security: str
    ports: frozenset[int]

    def is_as_safe_as(self, other: "ServerPlace") -> bool:
        """True if it is the same server, with a connection at least as secure."""
        same = (self.host.strip().lower(), self.port) == (other.host.strip().lower(), other.port)
        return same and _security_rank(self.security) >= _security_rank(other.security)


def _security_rank(security: str) -> int:
    if security in SECURITY_ORDER:
        return SECURITY_ORDER.index(security)
    return 0


def new_places(before: Sequence[ServerPlace], after: Sequence[ServerPlace]) -> list[ServerPlace]:
    """Return the servers a secret was not entered for: another host or port, or a less secure connection."""
    return [place for place in after if not any(place.is_as_safe_as(other) for other in before)]


class GuardedSmtp(smtplib.SMTP):
    """SMTP to public addresses only. Keeps the recipients the server refused."""

    refused: Mapping[str, tuple[int, bytes]] = MappingProxyType({})

    def sendmail(self, *args: Any, **kwargs: Any) -> dict[str, tuple[int, bytes]]:
        refused = super().sendmail(*args, **kwargs)
        self.refused = refused
        return refused

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = connect_to_host(host, port, ports=SMTP_PORTS)
        sock.settimeout(timeout)
        return sock


class GuardedSmtpOverTls(smtplib.SMTP_SSL, GuardedSmtp):
    """SMTP over TLS to public addresses only: SMTP_SSL wraps the guarded socket."""


class GuardedBackend(EmailBackend):
    """Django's SMTP email backend, for public addresses only."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        if self.use_ssl:
            return GuardedSmtpOverTls
        return GuardedSmtp


class _TokenLogin(GuardedSmtp):
    """Sign-in by token (SASL XOAUTH2) instead of a password."""

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("auth"):
            raise smtplib.SMTPNotSupportedError("SMTP AUTH is not offered")
        answers = iter([f"user={user}\x01auth=Bearer {password}\x01\x01"])
        # The server explains a refusal in a challenge, which an empty answer ends.
        return self.auth("XOAUTH2", lambda challenge=None: next(answers, ""), initial_response_ok=initial_response_ok)


class _TokenLoginOverTls(GuardedSmtpOverTls, _TokenLogin):
    """Sign-in by token over TLS."""


class TokenBackend(GuardedBackend):
    """GuardedBackend whose password is an access token."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        if self.use_ssl:
            return _TokenLoginOverTls
        return _TokenLogin


def connection_problem(error: BaseException, *, took_too_long: bool = False) -> str:
    """Return in words why a connection failed or ended."""
    if isinstance(error, ForbiddenAddress):
        return _("This server may not be reached: %(reason)s") % {"reason": error}
    if took_too_long or isinstance(error, TimeoutError):
        return _("The server is too slow.")
    if isinstance(error, socket.gaierror):
        return _("There is no server of that name.")
    if isinstance(error, ConnectionRefusedError):
        return _("Nothing answers on that port.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("The server’s certificate is not valid for this name.")
    if isinstance(error, ssl.SSLError):
        return _("The encryption does not fit: try another setting.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("The server does not offer this encryption or sign-in.")
    return _("The server closed the connection, or is a different kind of server.")


def smtp_reply_words(error: OSError) -> str:
    """Return in words what an SMTP reply means, with its codes but none of its text."""
    code = reply_code(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reason = _("It refuses the user name or password")
    elif isinstance(error, smtplib.SMTPSenderRefused):
        reason = _("It refuses the sender")
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        reason = _("It refuses the recipient")
    elif isinstance(error, smtplib.SMTPDataError):
        reason = _("It refuses the message")
    else:
        reason = _("It refuses the connection")
    enhanced = _ENHANCED.match(reply_text(error))
    if enhanced:
        codes = f"{code} {enhanced[1]}"
    else:
        codes = str(code)
    return f"{reason} ({codes})"
