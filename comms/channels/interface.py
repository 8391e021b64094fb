"""The interface of message providers: send, verify webhook requests, and parse them.

A provider is one file in comms/channels/providers, a subclass of `Provider` registered by its `key`. It knows a
channel's settings and secrets and the provider's own formats; never the database. Whatever its library raises becomes
one of the exceptions here, because what happens next depends on nothing else:

    Transient   nobody has it; try again later
    Permanent   it will never be taken like this; stop
    Unknown     nobody can know whether they have it; a person decides
    Unreadable  what they sent us makes no sense; it is parked
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.functional import Promise

from comms.channels.mail_servers import ServerPlace
from comms.models import Channel, DeliveryReport, Medium
from libs.inbound_mail import MailRefusal


class Transient(Exception):
    """Not accepted, but may be later: 429, 5xx, no connection. `after`: when to retry.

    `refusal`: why a mail server does not take it now.
    """

    def __init__(
        self, words: str, after: timedelta | None = None, code: str = "", refusal: MailRefusal = MailRefusal.OTHER
    ) -> None:
        super().__init__(words)
        self.after = after
        self.code = code
        self.refusal = refusal


class Permanent(Exception):
    """Refused for good: a wrong number, a template not approved, an invalid key.

    `suppress`: the address itself is the reason (hard bounce, opted out), so nothing more is sent there. `refusal`:
    why a mail server does not take it.
    """

    def __init__(
        self, words: str, code: str = "", suppress: str = "", refusal: MailRefusal = MailRefusal.OTHER
    ) -> None:
        super().__init__(words)
        self.code = code
        self.suppress = suppress
        self.refusal = refusal


class Unknown(Exception):
    """The call ended without a response after the request was sent: it may have been accepted."""


class UnreadableRequest(Exception):
    """A provider's request can't be parsed; the reason is shown with the parked item."""


@dataclass(frozen=True)
class Setting:
    """A setting of a provider. `secret`: encrypted, shown masked, never logged."""

    name: str
    label: str | Promise
    secret: bool = False
    required: bool = True
    hint: str | Promise = ""
    choices: "tuple[tuple[str, str | Promise], ...]" = ()
    default: str = ""


@dataclass(frozen=True)
class Capability:
    """A line of a channel's card: what it can do now, or what is missing for it."""

    words: str
    can: bool
    missing: str = ""


@dataclass(frozen=True)
class OutgoingFile:
    """A file to send. `url`: where the provider may fetch it (MMS, WhatsApp)."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    url: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A message to send; the same key always means the same message."""

    key: str
    medium: str
    to: str
    to_name: str = ""
    cc: tuple[tuple[str, str], ...] = ()
    # Who gets a copy that the others do not see.
    bcc: tuple[tuple[str, str], ...] = ()
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    # Of a mail: Message-ID, In-Reply-To, References, List-Unsubscribe …
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[OutgoingFile, ...] = ()
    # Of WhatsApp: the approved template it leaves as, by the provider's name and language code, and the values of its
    # numbered placeholders in order: of its body, of its heading, and of buttons with an address, by their position.
    template: str = ""
    language: str = ""
    values: tuple[str, ...] = ()
    heading_values: tuple[str, ...] = ()
    button_values: tuple[tuple[int, str], ...] = ()
    # Where its placeholders have names at the provider: those of the values above. And the kind of file it begins with.
    names: tuple[str, ...] = ()
    heading_names: tuple[str, ...] = ()
    heading: str = ""
    # Where its delivery callbacks are to go.
    callback_url: str = ""


@dataclass(frozen=True)
class Receipt:
    """The provider's response when it accepts a message."""

    provider_id: str
    segments: int = 0
    # In minor units of `currency`; None where it does not say.
    cost: int | None = None
    currency: str = ""
    # The Message-ID the mail left with, where the provider sets its own.
    message_id: str = ""


@dataclass(frozen=True)
class TemplateState:
    """The state of a WhatsApp template at its provider; state and category as in TemplateVersion, blank: unknown."""

    name: str
    state: str
    language: str = ""
    category: str = ""
    reason: str = ""
    # Its text with numbered placeholders; None where the provider does not say, as its name is of one text alone.
    body: str | None = None
    # As TemplateVersion.whatsapp_shape; None where the provider does not say.
    shape: dict[str, Any] | None = None


@dataclass(frozen=True)
class RawRequest:
    """A webhook request as received; it is verified and parsed later from exactly these bytes."""

    method: str
    url: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class ReceivedMail:
    """An email a provider delivers, as raw RFC 5322 bytes; delivered fields are assembled into one."""

    raw: bytes
    recipients: tuple[str, ...] = ()
    provider_id: str = ""
    # The provider's own score of spam, where it has one.
    is_spam: bool = False


@dataclass(frozen=True)
class ReceivedFile:
    """A file of a text or WhatsApp message: its bytes, or the URL and headers to fetch them with."""

    name: str
    media_type: str
    content: bytes = b""
    url: str = ""


@dataclass(frozen=True)
class ReceivedText:
    """A text or WhatsApp message."""

    medium: str
    sender: str
    to: str
    text: str
    provider_id: str
    at: datetime | None = None
    sender_name: str = ""
    files: tuple[ReceivedFile, ...] = ()
    # The provider's id of the message it answers, where it says so.
    reply_to: str = ""
    # What the provider read in it and has answered itself: "stop", "start" or "help".
    asked: str = ""
    # Of WhatsApp: the sender's ID with this business, beside a number or in place of one ("US.1349120…").
    user_id: str = ""
    # The provider's id of the message whose words it replaces.
    edits: str = ""
    # The advertisement it was begun from, as the provider names it.
    referral: "Referral | None" = None


@dataclass(frozen=True)
class Referral:
    """The advertisement or post that a message was written from."""

    headline: str = ""
    url: str = ""
    source_id: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ReceivedReaction:
    """An emoji reaction to a message; `sign` blank: it was removed."""

    medium: str
    sender: str
    to: str
    about: str
    sign: str
    at: datetime | None = None
    sender_name: str = ""
    user_id: str = ""


@dataclass(frozen=True)
class ReceivedRevocation:
    """A message that its sender deleted for everybody. `about`: its ID at the provider."""

    medium: str
    sender: str
    to: str
    about: str
    provider_id: str
    at: datetime | None = None
    user_id: str = ""


@dataclass(frozen=True)
class ReceivedPreference:
    """A customer's choice in their app to receive offers from us or not."""

    medium: str
    sender: str
    to: str
    wants_offers: bool
    at: datetime | None = None
    detail: str = ""
    user_id: str = ""


@dataclass(frozen=True)
class ReceivedCall:
    """A call as logged by the provider; reported again whenever its state changes."""

    sender: str
    to: str
    provider_id: str
    is_outgoing: bool = False
    is_answered: bool = False
    # Seconds spoken.
    duration: int = 0
    at: datetime | None = None
    is_over: bool = True
    recording_url: str = ""


@dataclass(frozen=True)
class ProviderReport:
    """A provider's report on one of our messages, of a kind of DeliveryReport."""

    provider_id: str
    kind: "DeliveryReport.Kind | str"
    event_id: str
    at: datetime | None = None
    is_permanent: bool = False
    is_machine: bool = False
    code: str = ""
    detail: str = ""
    recipient: str = ""
    # RFC 5322 Message-ID, where the provider knows that and not its own id.
    message_id: str = ""
    # Our own key of the message (Outgoing.key), where the provider brings it back.
    key: str = ""
    # Of an open or click: who opened, which tells scanners and proxies from people.
    user_agent: str = ""
    # Of a mail that came back: why, where the provider says more than its code and detail do.
    refusal: MailRefusal | None = None


Received = (
    ReceivedMail
    | ReceivedText
    | ReceivedReaction
    | ReceivedRevocation
    | ReceivedPreference
    | ReceivedCall
    | ProviderReport
)


class Provider(ABC):
    """One provider. Stateless: everything specific to a customer is in the channel."""

    key: ClassVar[str]
    name: ClassVar[str]
    media: ClassVar[frozenset[Medium]]
    settings: ClassVar[tuple[Setting, ...]] = ()
    # Whether it delivers by webhook, so that the channel has an address to enter at the provider.
    has_webhook: ClassVar[bool] = False
    # Whether a request holds all there is to read, so that `read` asks the provider for nothing.
    sends_all: ClassVar[bool] = False
    # Whether it is asked for new messages, as a mailbox is.
    fetches: ClassVar[bool] = False
    # Whether it sends by another server than it receives by, so that a problem of the one is none of the other.
    sends_elsewhere: ClassVar[bool] = False
    # By which media it carries files, and whether it fetches them by a link rather than takes their bytes.
    carries_files: ClassVar[frozenset[Medium]] = frozenset({Medium.EMAIL})
    fetches_files: ClassVar[bool] = False
    # Whether it says where templates stand (`template_states`).
    knows_templates: ClassVar[bool] = False
    # Refused in production: part of the demo.
    is_embedded: ClassVar[bool] = False

    @abstractmethod
    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        """Send one message. Raises Transient, Permanent or Unknown, and nothing else."""

    @abstractmethod
    def test(self, channel: Channel) -> str:
        """Ask the provider whether settings and secrets work, without sending; return its answer.

        Raises Transient or Permanent in words.
        """

    def capabilities(self, channel: Channel) -> Sequence[Capability]:
        """Return what the channel can do now and what is missing, beyond what its medium implies."""
        return ()

    def places(self, chosen: Mapping[str, str]) -> Sequence[ServerPlace]:
        """Return the servers that were entered by hand and receive the secrets, for a channel with these settings."""
        return ()

    def sending_lack(self, channel: Channel) -> str:
        """Return what is missing for sending if it `sends_elsewhere`; empty if nothing is."""
        return ""

    def template_states(self, channel: Channel, names: Sequence[str]) -> Sequence[TemplateState]:
        """Return the states of the named templates the provider knows. Raises Transient or Permanent."""
        return ()

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        """True if a webhook request comes from the provider; compares in constant time."""
        return False

    def challenge(self, channel: Channel, request: RawRequest) -> str | None:
        """Return the response to a check of the webhook address (Meta's hub.challenge); None if there is none."""
        return None

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        """Return the items of a verified request. Raises UnreadableRequest, or Transient if a part can't be fetched."""
        raise UnreadableRequest(f"{self.name} sends no requests")

    def fetch(self, channel: Channel, file: ReceivedFile) -> bytes:
        """Return the bytes of a file that a message refers to. Raises Transient or Permanent."""
        raise Permanent(f"{self.name} has no files to fetch")
