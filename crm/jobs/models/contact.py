"""Contactable: a clocked row that records messages from its customer, replies and other contacts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.jobs.clock.clocked import Side
from crm.jobs.clock.crossings import schedule
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models.note import Note
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Event, Member


class ContactOutcome(models.TextChoices):
    """The outcome of an attempt to reach the customer. Each of them counts as a contact attempt."""

    REACHED = "reached", _("reached")
    NO_ANSWER = "no_answer", _("no answer")
    MESSAGE_LEFT = "message_left", _("left a message")
    SENT = "sent", _("sent")


# The ways to be in touch, by the codes that next steps and follow-ups have, and how each may end.
_SPOKEN = (ContactOutcome.REACHED, ContactOutcome.NO_ANSWER)
CONTACTS: Mapping[str, tuple[ContactOutcome, ...]] = {
    "call": (*_SPOKEN, ContactOutcome.MESSAGE_LEFT),
    "text": (ContactOutcome.SENT,),
    "email": (ContactOutcome.SENT,),
    "whatsapp": (ContactOutcome.SENT,),
    "video": _SPOKEN,
    "meeting": _SPOKEN,
    "visit": _SPOKEN,
}
# What answers a customer who wrote; a call that nobody takes does not.
_ANSWERS = (ContactOutcome.REACHED, ContactOutcome.SENT)


class CustomerMessage(NamedTuple):
    """A customer's message: the key of the row it belongs to, the channel, and the cause recorded in the event."""

    pk: int
    channel: str
    cause: str = ""


class Contactable(Pausable):
    """Contact state of a row: whether the customer awaits a reply, and the time of the last contact."""

    # They wrote and we have not answered: since when, how often, on which channel last.
    waiting_since = models.DateTimeField(null=True, blank=True)
    unread_count = models.PositiveSmallIntegerField(default=0)
    unread_channel = models.CharField(max_length=12, blank=True)
    # The last contact with the customer, either way. System writes never move it (docs/rules.md#ageing).
    touched_at = models.DateTimeField(null=True, blank=True)

    MESSAGE_COLUMNS = ("waiting_since", "touched_at", "unread_count", "unread_channel")

    class Meta(Pausable.Meta):
        abstract = True

    @transaction.atomic
    def hear(self, channel: str, *, by: Member | None = None, cause: str = "") -> None:
        """Record a message from the customer: it is our turn, and one more message awaits a reply.

        `by`: who noted it by hand; `cause`: the message, where there is one.
        """
        self.lock()
        fact = self._note_heard(CustomerMessage(self.pk, channel, cause), by)
        self.save(update_fields=[*self.MESSAGE_COLUMNS, *self.CLOCK_COLUMNS])
        self._schedule_crossing()
        events.record_all([fact], by=by)

    @classmethod
    @transaction.atomic
    def hear_all(cls, heard: Sequence[CustomerMessage]) -> None:
        """Record messages as `hear` does, in their order, with one statement."""
        rows = {row.pk: row for row in cls.lock_all(cls.objects.filter(pk__in={each.pk for each in heard}))}
        facts = [rows[each.pk]._note_heard(each, None) for each in heard if each.pk in rows]
        bulk_write.save_all(list(rows.values()), [*cls.MESSAGE_COLUMNS, *cls.CLOCK_COLUMNS])
        schedule(list(rows.values()), clock.now())
        events.record_all(facts, by=None)

    def _note_heard(self, heard: CustomerMessage, by: Member | None) -> EventDraft:
        now = clock.now()
        self.waiting_since = self.waiting_since or now
        self.touched_at = now
        self.unread_count = min(self.unread_count + 1, 999)
        self.unread_channel = heard.channel
        if self.is_open and self.side == Side.CUSTOMER:
            self._start_clock(Side.US, self._allowance())
        event_data = {"channel": heard.channel} | ({"noted": True} if by else {})
        event_data |= {"cause": heard.cause} if heard.cause else {}
        return EventDraft(self.event_kind("heard"), self, event_data, self.event_job_id)

    @transaction.atomic
    def answer(self, channel: str, *, by: Member | None, turn: bool = False, cause: str = "") -> None:
        """Record our reply: no message awaits a reply any more.

        `turn`: and now it is the customer's move; `cause`: the message, where there is one.
        """
        self.lock()
        self._nobody_waits()
        self.touched_at = clock.now()
        turned = turn and self.is_open and self.side == Side.US and self.has_status
        if turned:
            self._start_clock(Side.CUSTOMER, self._allowance(theirs=True))
            self._schedule_crossing()
        self.save(update_fields=[*self.MESSAGE_COLUMNS, *(self.CLOCK_COLUMNS if turned else ())])
        event_data = (
            {"channel": channel} | ({"side": Side.CUSTOMER} if turned else {}) | ({"cause": cause} if cause else {})
        )
        self._record(self.event_kind("answered"), by, event_data)

    @transaction.atomic
    def contact(
        self, kind: str, outcome: str, *, by: Member | None, note: str = "", at: datetime | None = None, cause: str = ""
    ) -> None:
        """Record a contact or an attempt: a call, text, email or visit, its outcome, and what was said.

        `at`: the instant, now unless given; `cause`: what it is part of. Raises ValueError for an outcome that this
        kind of contact cannot have.
        """
        self.lock()
        if outcome not in CONTACTS.get(kind, ()):
            raise ValueError(f"a contact by {kind!r} does not end as {outcome!r}")
        before = {name: getattr(self, name) for name in self.MESSAGE_COLUMNS}
        self.touched_at = at or clock.now()
        if outcome in _ANSWERS:
            self._nobody_waits()
        self.save(update_fields=self.MESSAGE_COLUMNS)
        event_data = {
            "kind": kind,
            "outcome": outcome,
            "touched_at": self.touched_at.isoformat(),
            "before": _as_json(before),
        }
        data: dict[str, Any] = event_data | ({"cause": cause} if cause else {})
        if note.strip() and by:
            data["note"] = Note.write(self, note.strip(), by=by).pk
        self._record(self.event_kind("contacted"), by, data)

    @transaction.atomic
    def withdraw_contact(self, at: datetime) -> None:
        """Restore the state before the contact of this instant; if there was a later contact, nothing changes."""
        self.lock()
        if self.touched_at != at:
            return
        contacts = Event.objects.of(self).filter(kind=self.event_kind("contacted"))
        recorded = contacts.filter(data__touched_at=at.isoformat()).last()
        if recorded is None:
            return
        for name, value in recorded.data["before"].items():
            setattr(self, name, datetime.fromisoformat(value) if value and name.endswith(("_at", "_since")) else value)
        self.save(update_fields=self.MESSAGE_COLUMNS)
        self._record(self.event_kind("contact_withdrawn"), None, {"touched_at": at.isoformat()})

    @property
    def has_status(self) -> bool:
        """True if it is in a step, so that it can be the customer's turn."""
        raise NotImplementedError

    def _nobody_waits(self) -> None:
        self.waiting_since = None
        self.unread_count = 0
        self.unread_channel = ""


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
