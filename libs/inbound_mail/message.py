"""Data of a parsed email, and of its classification.

All texts are clean: no NUL, no lone surrogate, in NFC. All times are aware. Nothing here reads or decides.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

# What of a mail can be amiss. An application puts it into words.
ProblemCode = Literal[
    "mail_too_large",
    "header_too_long",
    "header_damaged",
    "boundary_guessed",
    "parts_too_deep",
    "parts_too_many",
    "text_too_long",
    "attachments_too_large",
    "attachments_too_many",
    "date_unreadable",
    "date_behind",
    "sender_unreadable",
    "addresses_too_many",
    "encrypted",
]
# How long a mail may be under way, or a clock be slow, before its Date counts for nothing.
LONGEST_WAY = timedelta(hours=3)
Kind = Literal["person", "auto_reply", "bounce", "complaint", "challenge", "list", "loop"]


class UnreadableMail(Exception):
    """Bytes that are no email; the reason is shown to a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A mailbox: the name as written ("" for none), and the address with its domain in lower case."""

    name: str
    address: str

    def __str__(self) -> str:
        if self.name:
            return f"{self.name} <{self.address}>"
        return self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class MailPart:
    """An attachment. `type`: as declared, in lower case; the real one depends on its bytes.

    `name` has no path and is never empty. `inline`: the HTML shows it, by its `content_id` (without angle brackets).
    `method`: what a calendar file is sent for, as its Content-Type says.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False
    method: str = ""

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class MailProblem:
    """A repaired or omitted part; `count`: how many; `names`: the first of them, or the field."""

    code: ProblemCode
    count: int = 0
    names: tuple[str, ...] = ()


class MailHeaders:
    """The header fields in order, decoded and unfolded, with case-insensitive names."""

    __slots__ = ("_by_name", "_pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = tuple(pairs)
        self._by_name: dict[str, list[str]] = {}
        for name, value in self._pairs:
            self._by_name.setdefault(name.lower(), []).append(value)

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a field."""
        return self._by_name.get(name.lower(), [default])[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field, topmost first."""
        return tuple(self._by_name.get(name.lower(), ()))

    def names(self) -> Collection[str]:
        """Return the names of the fields, in lower case."""
        return self._by_name.keys()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __repr__(self) -> str:
        return f"Headers({list(self._pairs)!r})"


@dataclass(frozen=True, slots=True)
class MailReport:
    """The machine-readable part of a report: RFC 3464 (delivery), RFC 5965 (feedback) or RFC 8098 (disposition).

    `blocks` are its groups of fields: of a delivery report the first is the message's, then one a recipient.
    `returned` are the headers of the mail it is about, where it came back; `returned_text` the beginning of its text.
    """

    kind: Literal["delivery-status", "feedback-report", "disposition-notification"] | None = None
    blocks: tuple[MailHeaders, ...] = ()
    returned: MailHeaders = field(default_factory=MailHeaders)
    returned_text: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A parsed email.

    Message-IDs are without angle brackets; "" where a mail has none. `date` is the time of receipt where the mail
    gives none that can be; `received_at` is when our server received it, or we did. `return_path` is "" for a null
    sender and None where nothing says it. `problems` says what was repaired or left out.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    thread_index: str = ""
    thread_topic: str = ""
    date: datetime | None = None
    received_at: datetime | None = None
    sender: MailAddress | None = None
    reply_to: tuple[MailAddress, ...] = ()
    to: tuple[MailAddress, ...] = ()
    cc: tuple[MailAddress, ...] = ()
    delivered_to: tuple[MailAddress, ...] = ()
    return_path: str | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[MailPart, ...] = ()
    headers: MailHeaders = field(default_factory=MailHeaders)
    # The top of the mail: "multipart/report", "text/plain" …
    content_type: str = "text/plain"
    report: MailReport = field(default_factory=MailReport)
    problems: tuple[MailProblem, ...] = ()

    @property
    def is_dated_behind(self) -> bool:
        """True if its Date lies implausibly long before its receipt."""
        return bool(self.date and self.received_at and self.date < self.received_at - LONGEST_WAY)


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Our own addresses (all mailboxes, in lower case) and Message-IDs.

    `is_reply_address`: whether we made an address for the answers to one of our mails.
    """

    addresses: frozenset[str] = frozenset()
    wrote: Callable[[str], bool] = lambda message_id: False
    is_reply_address: Callable[[str], bool] = lambda address: False


class MailRefusal(StrEnum):
    """Why a server refused a message. Only NO_ADDRESS is about the address; others are about one message."""

    NO_ADDRESS = "no_address"
    FULL = "full"
    SIZE = "size"
    SPAM = "spam"
    AUTHENTICATION = "authentication"
    BLOCKED = "blocked"
    POLICY = "policy"
    LATER = "later"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """The result of an email for one recipient. `action`: as in RFC 3464, "failed" from free text."""

    recipient: str
    action: str
    permanent: bool
    status: str
    diagnostic: str
    refusal: MailRefusal = MailRefusal.OTHER


@dataclass(frozen=True, slots=True)
class Bounce:
    """The failed recipients, and whether the failure is permanent.

    `status` is the enhanced code of RFC 3463 ("5.1.1"), "" where none is told or implied. `failures` says it of each
    recipient, those included that may yet be reached.
    """

    recipients: tuple[str, ...]
    permanent: bool
    status: str = ""
    diagnostic: str = ""
    original_message_id: str = ""
    failures: tuple[RecipientReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """A recipient who marked our email as spam, as far as the provider says."""

    recipients: tuple[str, ...]
    feedback_type: str = "abuse"
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The email somebody forwarded, parsed from the block above it.

    `words` are those of whoever passed it on; `html` is that of a mail that was attached.
    """

    sender: MailAddress | None
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    words: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class MailVerdict:
    """The kind of an email and the reason in words. `returns_on`: the end of an absence, if given."""

    kind: Kind
    reason: str
    bounce: Bounce | None = None
    complaint: Complaint | None = None
    returns_on: date | None = None
    forwarded: Forwarded | None = None
