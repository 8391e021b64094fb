"""Email by SMTP, over the customer's own server or any provider's. Reports arrive as bounces by email."""

import smtplib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext_lazy

from comms.channels.interface import Outgoing, Permanent, Provider, Receipt, Setting, Transient, Unknown
from comms.channels.mail_access.access_tokens import access_token, uses_tokens
from comms.channels.mail_servers import (
    SMTP_PORTS,
    GuardedBackend,
    ServerPlace,
    TokenBackend,
    connection_problem,
    smtp_reply_words,
)
from comms.channels.mime import build, mail_bytes
from comms.models import Channel, Medium
from comms.stored_words import stored_gettext as _
from crm.kernel.whole_numbers import read_number
from crm.platform.accounts.smtp_errors import reply_code, reply_text
from crm.platform.http.guarded_connection import TimeLimit, time_limit
from crm.platform.http.public_address import ForbiddenAddress
from libs.inbound_mail import MailRefusal, refusal_of

# Seconds for each step of the conversation, for the whole of it, and for a test.
TIMEOUT = 20
WHOLE = 90
TEST = 30


class Smtp(Provider):
    """Any SMTP server, in the clear, by STARTTLS or by TLS."""

    key = "smtp"
    name = "SMTP"
    media = frozenset({Medium.EMAIL})
    settings = (
        Setting("host", gettext_lazy("Server")),
        Setting("port", gettext_lazy("Port"), default="587"),
        Setting(
            "security",
            gettext_lazy("Encryption"),
            choices=(("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "–")),
            default="starttls",
        ),
        Setting("username", gettext_lazy("User name"), required=False),
        Setting("password", gettext_lazy("Password"), secret=True, required=False),
    )

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        mail = build(channel, message)
        mail_bytes(mail)  # raises for what no server is to be asked
        connection = _build_connection(channel)
        under_way = False
        with time_limit(WHOLE) as limit:
            try:
                connection.open()
                under_way = True  # from here on, silence does not mean that nobody has it
                connection.send_messages([mail])
                _check_recipient(connection.connection, message.to)
            except ValueError as error:
                raise Permanent(f"No mail can be made of it: {error}") from error
            except (OSError, ForbiddenAddress) as error:  # smtplib's are OSErrors too
                raise _classify_error(_of_recipient(error, message.to), limit, under_way=under_way) from error
            finally:
                with suppress(OSError):  # what the peer says to a goodbye changes nothing
                    connection.close()
        return Receipt(provider_id="")

    def test(self, channel: Channel) -> str:
        connection = _build_connection(channel)
        with time_limit(TEST) as limit:
            try:
                connection.open()
                if connection.username:
                    return _("Connected and signed in.")
                return _("Connected.")
            except (OSError, ForbiddenAddress) as error:
                raise _classify_error(error, limit, under_way=False) from error
            finally:
                with suppress(OSError):
                    connection.close()

    def places(self, chosen: Mapping[str, str]) -> Sequence[ServerPlace]:
        return smtp_places(chosen)


def smtp_places(chosen: Mapping[str, str], prefix: str = "") -> list[ServerPlace]:
    """Return the SMTP server in settings whose names begin with `prefix`; [] for none."""
    host = chosen.get(f"{prefix}host") or ""
    port = chosen.get(f"{prefix}port") or "587"
    security = chosen.get(f"{prefix}security") or "starttls"
    if host:
        return [ServerPlace(f"{prefix}host", host, str(port), security, SMTP_PORTS)]
    return []


def _build_connection(channel: Channel) -> GuardedBackend:
    chosen = channel.settings
    if not chosen.get("host"):
        raise Permanent(_("No server is entered."))  # Django would take the one of the staff's mail
    security = chosen.get("security", "starttls")
    port = read_number(str(chosen.get("port") or 587))
    if port is None:
        raise Permanent(_("The port is not a number."))
    backend: type[GuardedBackend] = GuardedBackend
    if uses_tokens(channel):
        backend = TokenBackend
        password = access_token(channel)
    else:
        password = channel.secrets.get("password", "")
    return backend(
        host=chosen.get("host", "").strip(),
        port=port,
        username=chosen.get("username", ""),
        password=password,
        use_tls=security == "starttls",
        use_ssl=security == "tls",
        timeout=TIMEOUT,
        fail_silently=False,
    )


def _check_recipient(client: Any, recipient: str) -> None:
    """Raise the server's reply to the recipient if it accepted the email for the copies only.

    smtplib raises only where all are refused.
    """
    refused = {address.lower(): answer for address, answer in client.refused.items()}
    if recipient.lower() in refused:
        raise smtplib.SMTPRecipientsRefused({recipient: refused[recipient.lower()]})


def _of_recipient(error: OSError | ForbiddenAddress, recipient: str) -> OSError | ForbiddenAddress:
    """Return the server's reply to the recipient if it replied to several."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return error
    answers = {address.lower(): answer for address, answer in error.recipients.items()}
    if recipient.lower() not in answers:
        return error
    return smtplib.SMTPRecipientsRefused({recipient: answers[recipient.lower()]})


def _classify_error(
    error: OSError | ForbiddenAddress, limit: TimeLimit, *, under_way: bool
) -> Transient | Permanent | Unknown:
    """Return what an SMTP error means for the message, in our words, without the server's text."""
    if isinstance(error, ForbiddenAddress):
        return Permanent(connection_problem(error))
    code = reply_code(error)
    answer = reply_text(error)
    if code is None or isinstance(error, smtplib.SMTPNotSupportedError):
        words = connection_problem(error, took_too_long=limit.was_reached)
        if code is not None:
            return Permanent(words, code=str(code))
        if under_way:
            return Unknown(words)
        return Transient(_("No connection: %(reason)s") % {"reason": words})
    words = smtp_reply_words(error)
    refusal = _refusal_reason(error, f"{code} {answer}")
    if code < 500:
        return Transient(words, code=str(code), refusal=refusal)
    suppress_as = ""
    if refusal == MailRefusal.NO_ADDRESS:
        suppress_as = "hard_bounce"
    return Permanent(words, code=str(code), suppress=suppress_as, refusal=refusal)


def _refusal_reason(error: OSError, answer: str) -> MailRefusal:
    """Return why the recipient or text was refused; a refused sign-in or sender is our own server's."""
    refusal = refusal_of("", answer)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return refusal
    if isinstance(error, smtplib.SMTPDataError) and refusal != MailRefusal.NO_ADDRESS:
        return refusal
    return MailRefusal.OTHER
