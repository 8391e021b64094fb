"""A row of the outbox in words: recipient, state and reason, possible actions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comms.models import Medium, Message
from comms.outbox.outbox_list import STATES, State
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader

_ICONS = {
    Medium.EMAIL: "mail",
    Medium.SMS: "message-square-more",
    Medium.WHATSAPP: "message-circle-more",
    Medium.CALL: "phone",
}
_CSS = {State.FAILED: "is-warn", State.UNKNOWN: "is-warn", State.HELD: "is-brand", State.SENT: "is-good"}
# Which verbs a state allows; the verbs themselves say no as well.
_MAY_CANCEL = (State.QUEUED, State.HELD)
_MAY_RETRY = (State.FAILED, State.UNKNOWN)
LONGEST = 120


@dataclass(frozen=True)
class OutboxRow:
    """The displayed fields of a message."""

    message: Message
    icon: str
    medium: str
    name: str
    about: str
    state: str
    css: str
    reason: str
    when: str
    author: str
    phone: str

    @property
    def may_cancel(self) -> bool:
        return self.message.state in _MAY_CANCEL

    @property
    def may_send_now(self) -> bool:
        return self.message.state == State.HELD

    @property
    def may_retry(self) -> bool:
        return self.message.state in _MAY_RETRY

    @property
    def may_confirm(self) -> bool:
        return self.message.state == State.UNKNOWN

    @property
    def is_to_call(self) -> bool:
        return self.message.call_wanted_at is not None


def rows(messages: Iterable[Message], reader: Reader) -> Iterator[OutboxRow]:
    """Build the rows of messages loaded with persons and numbers (`with_people`)."""
    members = directory().members
    for message in messages:
        medium = Medium(message.medium)
        author = None
        if message.author_id:
            author = members.get(message.author_id)
        yield OutboxRow(
            message,
            _ICONS.get(medium, "mail"),
            str(medium.label),
            readable_address(
                (message.person.name if message.person else "") or message.address_name or message.address
            ),
            (message.subject or " ".join(message.text[: 2 * LONGEST].split()))[:LONGEST],
            str(STATES.get(State(message.state), message.state)),
            _CSS.get(State(message.state), ""),
            message.error_text,
            _when_text(message, reader),
            author.name if author else _("Automatic"),
            _phone_number(message),
        )


def _when_text(message: Message, reader: Reader) -> str:
    if message.state in _MAY_CANCEL and message.send_at and message.send_at > reader.now:
        return _("will be sent %(when)s") % {"when": reader.near(message.send_at)}
    return reader.near(message.at)


def _phone_number(message: Message) -> str:
    """Return the number to call if no message was delivered."""
    if message.call_wanted_at is None or message.person is None:
        return ""
    points = message.person.contact_points.all()
    return next((point.value for point in points if point.kind == "phone"), "")
