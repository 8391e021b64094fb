"""Mail by SMTP: the customer's own server, or any provider's that speaks it. Reports come as bounces, by mail."""

import smtplib
from contextlib import suppress

from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.interface import Outgoing, Permanent, Provider, Receipt, Setting, Transient, Unknown
from comms.channels.mime import build, rendered
from comms.models import Channel, Medium
from crm.platform.work.smtp_errors import reply_code, reply_text

# Seconds for each step of the conversation.
TIMEOUT = 20


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
        rendered(mail)  # raises for what no server is to be asked
        connection = _connection(channel)
        under_way = False
        try:
            connection.open()
            under_way = True  # from here on, silence does not mean that nobody has it
            connection.send_messages([mail])
        except ValueError as error:
            raise Permanent(f"No mail can be made of it: {error}") from error
        except OSError as error:  # smtplib's are OSErrors too
            raise _meaning(error, under_way=under_way) from error
        finally:
            with suppress(OSError):  # what the peer says to a goodbye changes nothing
                connection.close()
        return Receipt(provider_id="")

    def test(self, channel: Channel) -> str:
        connection = _connection(channel)
        try:
            connection.open()
            return _("It answered, and the sign-in works.") if connection.username else _("It answered.")
        except OSError as error:
            raise _meaning(error, under_way=False) from error
        finally:
            with suppress(OSError):
                connection.close()


def _connection(channel: Channel) -> EmailBackend:
    chosen = channel.settings
    if not chosen.get("host"):
        raise Permanent("No server is named")  # Django would take the one of the staff's mail
    security = chosen.get("security", "starttls")
    return EmailBackend(
        host=chosen.get("host", ""),
        port=int(chosen.get("port") or 587),
        username=chosen.get("username", ""),
        password=channel.secrets.get("password", ""),
        use_tls=security == "starttls",
        use_ssl=security == "tls",
        timeout=TIMEOUT,
        fail_silently=False,
    )


def _meaning(error: OSError, *, under_way: bool) -> Transient | Permanent | Unknown:
    """Return what an error of the conversation means for the message."""
    code, said = reply_code(error), reply_text(error)
    words = f"{code} {said}".strip() if code else type(error).__name__
    if code is None:
        return Unknown(f"The server fell silent: {words}") if under_way else Transient(f"No connection: {words}")
    if code < 500:
        return Transient(words, code=str(code))
    nobody = isinstance(error, smtplib.SMTPRecipientsRefused) and said.startswith(("5.1.", "5.2.1"))
    return Permanent(words, code=str(code), suppress="hard_bounce" if nobody else "")
