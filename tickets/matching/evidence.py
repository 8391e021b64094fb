"""Evidence that a message belongs to a ticket, strongest first, and mere hints (docs/rules.md#threading)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

from tickets.models import Ticket


class Evidence(TextChoices):
    """Why an entry is on its ticket (`Entry.matched_by`). tickets/matching/explanation.py has the words."""

    REPLY_TOKEN = "reply_token"  # noqa: S105 (written to the reply address of a mail of ours, which is signed)
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    MESSAGE_ID = "message_id"  # an id signed by us, though not as we stored it
    ANSWERED = "answered"  # what answers it was read before it, and is there
    CALENDAR_UID = "calendar_uid"  # an answer to our invitation, or a change or the end of theirs
    BODY_MARKER = "body_marker"  # the signed mark of a mail of ours in what it quotes
    REPLY_TO = "reply_to"  # a text or WhatsApp message that quotes one
    SUBJECT_TAG = "subject_tag"  # "[#1234]", of somebody who takes part
    SAME_NUMBER = "same_number"  # what was written last between their number and ours is on it
    OPEN_TICKET = "open_ticket"  # the newest open ticket of the person
    WRITTEN = "written"  # ours, on the ticket it was written for
    NEW = "new"
    BY_HAND = "by_hand"  # a colleague moved it


class Hint(TextChoices):
    """A suggested ticket: the message gets its own ticket, and a member is asked."""

    TAG_OF_STRANGER = "tag_of_stranger"
    UNSIGNED_ID = "unsigned_id"  # a stranger's mail names a customer's, whose ids anybody could make up
    OTHER_SUBJECT = "other_subject"  # an answer by its headers, about something else by its subject
    SAME_SUBJECT = "same_subject"
    OTHER_CHANNEL = "other_channel"  # a new mail of who has an open ticket without any: texts, a call
    READ_EARLIER = "read_earlier"  # it answers a mail that was read after it, when somebody had answered it already


@dataclass(frozen=True)
class Match:
    """The ticket of a message, None for a new one, with the rule and its evidence (`Entry.evidence`)."""

    code: str = Evidence.NEW
    ticket: Ticket | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def suggest_ticket(ticket: Ticket, hint: Hint) -> Match:
    """Return a match that starts a new ticket and suggests this one."""
    return Match(evidence={"possible": {"ticket": ticket.pk, "number": ticket.number, "by": hint.value}})
