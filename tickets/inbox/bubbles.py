"""Items of a thread, prepared for rendering: a message with its state, a note, or an action."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.directory import all_channels
from comms.inbound.messaging.message_marks import earlier_texts, shown_reactions, shown_referral
from comms.invitations.card import CalendarCard
from comms.mail.problem_words import in_words
from comms.message_sharing import sharing_for
from comms.models import Attachment, Channel, Direction, Medium, Message
from crm.jobs.models import ContactOutcome
from crm.platform.access.permissions import allows
from crm.platform.models import Event, Member
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader
from crm.web.timeline.event_words import describe_event, name_of
from tickets.inbox.rows import ICONS
from tickets.matching.explanation import other_matter, possible_reply, why_here
from tickets.matching.possible import may_look_at
from tickets.models import Entry
from tickets.notes.words import audience_words

# Of a text so much is shown in the thread; the rest is on the message's own page.
LONGEST = 6000
_State = Message.State
_Delivery = Message.Delivery
# What evidence suggests, until somebody decides.
SUGGESTIONS = {"possible", "split"}
FAILED = (_State.FAILED, _State.DROPPED, _State.UNKNOWN)
BOUNCED = (_Delivery.FAILED, _Delivery.BOUNCED, _Delivery.COMPLAINED)
STATES = {
    _State.QUEUED: gettext_lazy("on its way"),
    _State.HELD: gettext_lazy("held"),
    _State.SENDING: gettext_lazy("on its way"),
    _State.FAILED: gettext_lazy("could not be sent"),
    _State.DROPPED: gettext_lazy("not sent"),
    _State.UNKNOWN: gettext_lazy("may not have been sent"),
    _State.CANCELLED: gettext_lazy("cancelled"),
}
DELIVERIES = {
    _Delivery.NONE: gettext_lazy("sent"),
    _Delivery.DELIVERED: gettext_lazy("delivered"),
    _Delivery.OPENED: gettext_lazy("read"),
    _Delivery.CLICKED: gettext_lazy("read, and a link opened"),
    _Delivery.FAILED: gettext_lazy("not delivered"),
    _Delivery.BOUNCED: gettext_lazy("bounced"),
    _Delivery.COMPLAINED: gettext_lazy("marked as spam"),
}
AUTOMATIC = {
    "auto_reply": gettext_lazy("automatic answer"),
    "forward": gettext_lazy("forwarded"),
    "challenge": gettext_lazy("asks us to confirm our email"),
    "list": gettext_lazy("from a mailing list"),
    "calendar": gettext_lazy("from their calendar"),
    "reaction": gettext_lazy("a reaction"),
}
OTHERWISE_AUTOMATIC = gettext_lazy("automatic")


@dataclass(frozen=True)
class Bubble:
    """A message or a note of the thread."""

    at: datetime
    entry: Entry
    time: str
    who: str
    css: str
    icon: str
    version: str
    message: Message | None = None
    medium: str = ""
    # Between whom: "Dana → amara@example.com"; who else got it.
    route: str = ""
    copies: str = ""
    subject: str = ""
    text: str = ""
    folded: str = ""
    is_cut: bool = False
    # What of it was left out when it was read, in sentences; the raw mail, for who may open it.
    problems: Sequence[str] = ()
    original: UUID | None = None
    files: Sequence[Attachment] = ()
    # The calendar entry it brought.
    card: CalendarCard | None = None
    # What it said before its sender changed it, the newest first; whether they deleted it; signs that were put on it.
    earlier: Sequence[str] = ()
    is_revoked: bool = False
    reactions: str = ""
    # The advertisement they wrote from.
    referral: str = ""
    # Where it stands, and what the provider says went wrong.
    state: str = ""
    trouble: str = ""
    # Written by the product or by a machine of theirs, in words; empty for a person's.
    automatic: str = ""
    # It is on the way: it can be taken back.
    is_waiting: bool = False
    # Why it is on this ticket, in words; of which other it might be; that it seems to be another matter.
    why: str = ""
    maybe: str = ""
    other: str = ""
    # The number of that other, for who may see it.
    look_at: int | None = None
    # The recording of a call, for who may listen.
    recording: UUID | None = None
    # In a colleague's own mailbox, of which the reader is shown no text.
    is_private: bool = False
    # Draws it as HTML, of a message; when a page asks for it.
    draw: Callable[["Bubble", Message], SafeString] | None = None
    # Of a note: who of us reads it, and until when it is wanted.
    audience: str = ""
    due: str = ""

    @property
    def is_note(self) -> bool:
        return self.message is None

    @property
    def html(self) -> SafeString:
        """The message's article without its closing tag; blank for a note."""
        if self.draw and self.message:
            return self.draw(self, self.message)
        return SafeString()

    @property
    def is_asking(self) -> bool:
        """True if a member must decide where it belongs, or how to answer an invitation."""
        return bool(self.maybe or self.other or (self.card and self.card.can_answer))

    @property
    def is_out(self) -> bool:
        return self.message is not None and self.message.direction == Direction.OUT

    @property
    def has_html(self) -> bool:
        """True if the message has HTML that the reader may see."""
        return not self.is_private and bool(getattr(self.message, "has_html", False))

    @property
    def is_call(self) -> bool:
        return self.message is not None and self.message.medium == Medium.CALL

    @property
    def is_mail(self) -> bool:
        return self.message is not None and self.message.medium == Medium.EMAIL


@dataclass(frozen=True)
class Act:
    """An action on the ticket, in a sentence."""

    at: datetime
    time: str
    icon: str
    sentence: str


def note_of(entry: Entry, reader: Reader) -> Bubble:
    """Return a note as a bubble. Visible to the team, or a part of it."""
    return Bubble(
        entry.at,
        entry,
        reader.time(entry.at),
        name_of(entry.author_id),
        "is-note",
        "sticky-note",
        f"n{entry.pk}:{entry.edited_at}:{entry.pinned_at}",
        text=entry.body,
        audience=audience_words(entry),
        due=_("until %(when)s") % {"when": reader.near(entry.due_at)} if entry.due_at else "",
    )


def css_classes(message: Message) -> str:
    """Return the CSS classes of a message's bubble: direction, medium, failure, and whether it is automatic."""
    is_out = message.direction == Direction.OUT
    classes = {
        "is-out": is_out,
        "is-mail": message.medium == Medium.EMAIL,
        "is-call": message.medium == Medium.CALL,
        "is-fail": is_out and (message.state in FAILED or message.delivery in BOUNCED),
        "is-auto": bool(message.automatic) or (is_out and not message.is_personal),
    }
    return " ".join(name for name, holds in classes.items() if holds)


def bubble_of(
    entry: Entry,
    message: Message,
    files: Sequence[Attachment],
    member: Member,
    reader: Reader,
    draw: Callable[[Bubble, Message], SafeString],
    original: UUID | None = None,
    card: CalendarCard | None = None,
) -> Bubble:
    """Return a message as a bubble, with what the member may see."""
    is_out = message.direction == Direction.OUT
    sharing = _sharing_for(message, member)
    whole = sharing == Channel.Sharing.FULL
    medium = Medium(message.medium)
    author = name_of(message.author_id)
    if is_out:
        who = _author_words(message, author)
    else:
        who = _writer_name(message)
    text = ""
    if whole:
        text = message.text
    suggestions = "".join(sorted(SUGGESTIONS & entry.evidence.keys()))
    return Bubble(
        at=entry.at,
        entry=entry,
        time=reader.time(message.at),
        who=who,
        css=css_classes(message),
        icon=ICONS.get(medium, "mail"),
        version=f"{entry.pk}:{message.state}:{message.delivery}:{suggestions}{_changes_key(message, card)}",
        message=message,
        medium=str(medium.label),
        route=f"{who} → {message.address}" if is_out else message.address,
        copies=_copy_names(message),
        subject=message.subject if sharing in (Channel.Sharing.SUBJECT, Channel.Sharing.FULL) else "",
        text=text if len(text) <= LONGEST else Truncator(text).chars(LONGEST),
        folded=message.folded_text[:LONGEST] if whole else "",
        is_cut=len(text) > LONGEST,
        problems=in_words(message.problems) if whole else (),
        original=original if whole else None,
        files=files if whole and not message.revoked_at else (),
        card=card if whole else None,
        **_customer_marks(message, whole=whole),
        state=_logged_outcome(entry, message) or _state_words(message, reader) if is_out else _call_outcome(message),
        trouble=message.error_text if is_out else "",
        automatic=_automatic_words(message),
        is_waiting=is_out and message.state in Message.WAITING,
        why="" if is_out else why_here(entry),
        maybe="" if is_out else possible_reply(entry),
        other="" if is_out else other_matter(entry),
        look_at=may_look_at(entry, member) if "possible" in suggestions else None,
        recording=_recording_uid(message, member) if whole else None,
        is_private=not whole,
        draw=draw,
    )


def _customer_marks(message: Message, *, whole: bool) -> dict[str, Any]:
    """Return the customer's later reactions to a message, and the advertisement it came from."""
    return {
        "earlier": earlier_texts(message) if whole else (),
        "is_revoked": message.revoked_at is not None,
        "reactions": shown_reactions(message),
        "referral": shown_referral(message),
    }


def _changes_key(message: Message, card: CalendarCard | None) -> str:
    """Return the part of a message's version that changes later: edits, reactions, calendar entry."""
    signs = "".join(sorted(f"{address}{one['at']}" for address, one in message.reactions.items()))
    marks = ""
    if message.revisions or signs:
        marks = f":{len(message.revisions)}:{signs}"
    return f"{marks}{card.version if card else ''}"


def _recording_uid(message: Message, member: Member) -> UUID | None:
    """Return the uid of a call's recording, if the member may listen."""
    recording: UUID | None = getattr(message, "recording", None)
    if recording and allows(member, "comms.listen"):
        return recording
    return None


def _sharing_for(message: Message, member: Member) -> str:
    """Return how much of the message the member sees; channels are cached per process."""
    channel = None
    if message.channel_id:
        channel = all_channels().get(message.channel_id)
    if channel is not None and channel.owner_id is None:
        return Channel.Sharing.FULL
    if channel is not None:
        message.channel = channel
    return sharing_for(message, member)


def _author_words(message: Message, author: str) -> str:
    """Return the author of an outgoing message, if known."""
    if message.is_personal:
        return author or _("A colleague, from another app")
    return _("Sent automatically")


def _writer_name(message: Message) -> str:
    name = getattr(message, "person_name", None) or message.address_name or message.address
    return readable_address(name) or _("Somebody")


def _copy_names(message: Message) -> str:
    """Return the names in Cc."""
    named = []
    if isinstance(message.participants, dict):
        named = message.participants.get("cc", [])
    return ", ".join(str(one[1] if isinstance(one, list) and len(one) > 1 else one) for one in named[:20])


def _automatic_words(message: Message) -> str:
    if message.direction == Direction.OUT:
        if message.is_personal or message.medium == Medium.CALL:
            return ""
        return _("sent automatically")
    if message.automatic:
        return str(AUTOMATIC.get(message.automatic, OTHERWISE_AUTOMATIC))
    return ""


def _call_outcome(message: Message) -> str:
    """Return the outcome of an incoming call in words; blank for other messages."""
    if message.medium != Medium.CALL:
        return ""
    if message.duration:
        return _minutes_words(message.duration)
    return _("missed")


def _logged_outcome(entry: Entry, message: Message) -> str:
    """Return the outcome of a logged call, unless it was undone; blank for other messages."""
    outcome = entry.evidence.get("call")
    is_there = outcome in ContactOutcome.values and message.state != _State.CANCELLED
    if is_there:
        return str(ContactOutcome(outcome).label)
    return ""


def _minutes_words(seconds: int) -> str:
    return _("%(minutes)s min") % {"minutes": max(round(seconds / 60), 1)}


def _state_words(message: Message, reader: Reader) -> str:
    """Return the last reported delivery state of an outgoing message in words."""
    if message.medium == Medium.CALL and message.state != _State.CANCELLED:
        if message.duration:
            return _minutes_words(message.duration)
        return _("no answer")
    if message.state == _State.SENT:
        return str(DELIVERIES[_Delivery(message.delivery)])
    if message.state in Message.WAITING and message.send_at and message.send_at > reader.now:
        return _("will be sent %(when)s") % {"when": reader.near(message.send_at)}
    return str(STATES.get(_State(message.state), ""))


def act_of(event: Event, reader: Reader) -> Act:
    """Return an action as a sentence."""
    icon, _mark, words = describe_event(event.kind, event.data, event.actor_id)
    who = name_of(event.actor_id)
    return Act(event.at, reader.time(event.at), icon, f"{who} {words}" if who else capfirst(words))
