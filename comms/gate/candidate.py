"""SendCandidate: a message the gate decides on, whether stored or only planned."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from comms.addresses import address_key
from comms.models import Channel, Message, Purpose

# Of our own messages, what the product writes by itself without a template (comms/gate/consent/opt_outs.py).
OPT_OUT = "opt_out"
OPT_IN = "opt_in"
HELP = "help"
FIXED_TEXTS = frozenset({OPT_OUT, OPT_IN, HELP})
# What the product writes to one of us: a code, or that there are notices (comms/outbox/staff_texts.py).
STAFF = "staff"
# A variable of a template that nobody filled in, looked for in so much of a text.
_HOLE = re.compile(r"\{\{[ \t]{0,3}([\w.]{1,60})")
LONGEST = 50_000


@dataclass(frozen=True)
class UsedTemplate:
    """The properties of a message's template that the gate uses."""

    pk: int
    name: str
    purpose: str
    # Of WhatsApp: whether Meta has approved it, in the language it is sent in.
    is_approved: bool = False


@dataclass(frozen=True)
class SendCandidate:
    """The message to decide on. `purpose`: the author's, for text without a template."""

    medium: str
    address: str
    brand_id: int
    channel: Channel | None = None
    template: UsedTemplate | None = None
    declared_purpose: str = Purpose.SERVICE
    # One of FIXED_TEXTS, or blank.
    fixed_text: str = ""
    # Whether it goes to one of us, who asked for it.
    is_to_staff: bool = False
    author_id: int | None = None
    person_id: int | None = None
    job_id: int | None = None
    # When it was asked for.
    asked_at: datetime | None = None
    # When it was to leave, and until when it is of use (docs/rules.md#k3).
    send_at: datetime | None = None
    useful_until: datetime | None = None
    has_text: bool = True
    # Names of variables that had no value when it was written.
    missing: tuple[str, ...] = ()
    message_id: int | None = None
    # Whether it answers a mail of theirs.
    is_answer: bool = False
    # Of what it tells where a job has several (Message.occasion).
    occasion: str = ""

    @classmethod
    def of(cls, message: Message) -> "SendCandidate":
        """Build the candidate of an outgoing message."""
        return cls(
            medium=message.medium,
            address=message.address,
            brand_id=message.brand_id,
            channel=message.channel,
            template=_template_of(message),
            declared_purpose=message.purpose,
            fixed_text=message.automatic if message.automatic in FIXED_TEXTS else "",
            is_to_staff=message.automatic == STAFF,
            author_id=message.author_id,
            person_id=message.person_id,
            job_id=message.job_id,
            asked_at=message.created_at,
            send_at=message.send_at,
            useful_until=message.useful_until,
            missing=tuple(dict.fromkeys([*message.missing, *holes(f"{message.subject}\n{message.text}")])),
            has_text=bool(message.text.strip() or message.html.strip() or message.subject.strip()),
            message_id=message.pk,
            is_answer=bool(message.in_reply_to),
            occasion=message.occasion,
        )

    @cached_property
    def key(self) -> str:
        """The key of the address in suppressions; always set."""
        return address_key(self.address)

    @property
    def purpose(self) -> str:
        """The purpose, from the template. Built-in texts count as legally required."""
        if self.template:
            return self.template.purpose
        if self.fixed_text:
            return Purpose.TRANSACTIONAL
        return self.declared_purpose

    @property
    def is_automatic(self) -> bool:
        """True if no person wrote or chose it."""
        return self.author_id is None

    def is_personal_answer(self, since: datetime, wrote_at: datetime | None) -> bool:
        """True if a member answers somebody who wrote from the address after an instant, without an offer."""
        is_personal = self.author_id is not None and (self.template is None or self.is_answer)
        return is_personal and self.purpose != Purpose.MARKETING and wrote_at is not None and wrote_at > since

    @property
    def channel_id(self) -> int | None:
        if self.channel:
            return self.channel.pk
        return None


def holes(text: str) -> tuple[str, ...]:
    """Return the unfilled variables in a text that was pasted from a template or not filled in."""
    if "{{" in text:
        return tuple(dict.fromkeys(_HOLE.findall(text[:LONGEST])))
    return ()


def _template_of(message: Message) -> UsedTemplate | None:
    """Return a message's template; approved only if WhatsApp fills it in, not for edited text."""
    version = message.template_version
    if version is None:
        return None
    template = version.template
    is_unchanged = message.template_values is not None or bool(message.missing)
    is_approved = version.is_approved_by_whatsapp and is_unchanged
    return UsedTemplate(template.pk, template.name, template.purpose, is_approved)
