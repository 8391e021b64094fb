"""Email through a provider's HTTP API by django-anymail: one backend per channel, no global settings.

Each mail carries our key as metadata, which the provider's webhooks bring back.
"""

from abc import abstractmethod
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy
from requests import RequestException

from comms.channels import http
from comms.channels.interface import Outgoing, Permanent, Provider, Receipt, Unknown
from comms.channels.mime import OutgoingMail, build
from comms.models import Channel, Medium

# Of those who sign nothing: what stands in the address that is entered at the provider.
WEBHOOK_LOGIN = gettext_lazy(
    "name:password. Enter the webhook as https://name:password@… with the same: it signs nothing."
)

# Seconds to connect, and to answer.
TIMEOUT = http.TIMEOUT


class MailApi(Provider):
    """An email provider that django-anymail supports."""

    media = frozenset({Medium.EMAIL})

    @abstractmethod
    def backend(self, channel: Channel) -> BaseEmailBackend:
        """Return django-anymail's backend with the channel's own key. Raises Permanent when one is missing."""

    def prepare(self, mail: OutgoingMail, message: Outgoing) -> None:
        """Add provider-specific fields: an idempotency key, permission to keep our Message-ID."""

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        mail: Any = build(channel, message, with_invitation=False)
        mail.metadata = {"key": message.key}
        self.prepare(mail, message)
        try:
            self.backend(channel).send_messages([mail])
        except AnymailRecipientsRefused as error:
            suppress = ""
            if _is_invalid(mail):
                suppress = "hard_bounce"
            raise Permanent(f"{self.name} refuses the address", code="refused", suppress=suppress) from error
        except AnymailAPIError as error:
            self.raise_for(error)
            raise Unknown(_first_line(error)) from error  # taken, perhaps, with an answer that makes no sense
        except (AnymailError, ValueError) as error:
            raise Permanent(f"No mail can be made of it: {_first_line(error)}") from error
        return self.receipt(mail, channel)

    def receipt(self, mail: Any, channel: Channel) -> Receipt:
        """Return the provider's ID of the email."""
        ids = mail.anymail_status.message_id or ""
        return Receipt(provider_id=ids if isinstance(ids, str) else min(filter(None, ids), default=""))

    def raise_for(self, error: AnymailAPIError) -> None:
        """Raise the meaning of an error response; none for success."""
        response = getattr(error, "response", None)
        if response is not None:
            http.check_status(response.status_code, response.headers, http.words_of(response) or _first_line(error))
        elif isinstance(error.__cause__, RequestException):
            http.raise_for(error.__cause__)


def _is_invalid(mail: Any) -> bool:
    """True if the provider calls the address invalid; one on its suppression list may still exist."""
    first = next(iter(mail.anymail_status.recipients.values()), None)
    return first is not None and first.status == "invalid"


def secret(channel: Channel, name: str) -> str:
    """Return a secret of a channel. Raises Permanent without it."""
    value = channel.secrets.get(name, "")
    if not value:
        raise Permanent("Its key is missing")
    return value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__
