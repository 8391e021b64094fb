"""Contactable: a clocked row that records messages from its customer, replies and other contacts."""

from collections import defaultdict
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


class ContactDraft(NamedTuple):
    """A contact that is not recorded yet: the key of the row it belongs to, its kind, outcome and instant.

    `by`: who had it, if not who all of them are recorded for.
    """

    pk: int
    kind: str
    outcome: str
    at: datetime
    by: Member | None = None


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
        fact = self._note_contact(ContactDraft(self.pk, kind, outcome, at or clock.now()), cause)
        self.save(update_fields=self.MESSAGE_COLUMNS)
        if note.strip() and by:
            fact.data["note"] = Note.write(self, note.strip(), by=by).pk
        events.record_all([fact], by=by)

    @classmethod
    @transaction.atomic
    def contact_all(
        cls, contacts: Sequence[ContactDraft], *, by: Member | None, note: str = "", cause: str = ""
    ) -> None:
        """Record contacts as `contact` does, in their order, each with the same note. One statement a table.

        Raises ValueError for an outcome that this kind of contact cannot have.
        """
        if not contacts:
            return
        rows = {row.pk: row for row in cls.lock_all(cls.objects.filter(pk__in={each.pk for each in contacts}))}
        facts = [rows[each.pk]._note_contact(each, cause) for each in contacts if each.pk in rows]
        bulk_write.save_all(list(rows.values()), cls.MESSAGE_COLUMNS)
        if note.strip() and by:
            ids = Note.write_all([fact.subject for fact in facts], note.strip(), by=by)
            for fact, note_id in zip(facts, ids, strict=True):
                fact.data["note"] = note_id
        events.record_all(facts, by=by)

    def _note_contact(self, draft: ContactDraft, cause: str) -> EventDraft:
        if draft.outcome not in CONTACTS.get(draft.kind, ()):
            raise ValueError(f"a contact by {draft.kind!r} does not end as {draft.outcome!r}")
        before = {name: getattr(self, name) for name in self.MESSAGE_COLUMNS}
        self.touched_at = draft.at
        if draft.outcome in _ANSWERS:
            self._nobody_waits()
        data: dict[str, Any] = {
            "kind": draft.kind,
            "outcome": draft.outcome,
            "touched_at": draft.at.isoformat(),
            "before": _as_json(before),
        }
        if cause:
            data["cause"] = cause
        return EventDraft(self.event_kind("contacted"), self, data, self.event_job_id, by=draft.by)

    @transaction.atomic
    def withdraw_contact(self, at: datetime) -> None:
        """Restore the state before the contact of this instant; if there was a later contact, nothing changes."""
        self.lock()
        self._withdraw_locked([self], [(self.pk, at)])

    @classmethod
    @transaction.atomic
    def withdraw_contacts(cls, withdrawals: Sequence[tuple[int, datetime]]) -> None:
        """Withdraw contacts as `withdraw_contact` does, given the key of the row and the instant of each."""
        if withdrawals:
            rows = cls.lock_all(cls.objects.filter(pk__in={pk for pk, _at in withdrawals}))
            cls._withdraw_locked(rows, withdrawals)

    @classmethod
    def _withdraw_locked(cls, rows: "Sequence[Contactable]", withdrawals: Sequence[tuple[int, datetime]]) -> None:
        by_key = {row.pk: row for row in rows}
        latest = [(pk, at) for pk, at in withdrawals if pk in by_key and by_key[pk].touched_at == at]
        states = cls._states_before(latest)
        facts = []
        restored = []
        for pk, at in latest:
            if states[pk, at.isoformat()]:
                restored.append(by_key[pk])
                by_key[pk]._restore_messages(states[pk, at.isoformat()].pop())
                data = {"touched_at": at.isoformat()}
                facts.append(EventDraft(cls.event_kind("contact_withdrawn"), by_key[pk], data, by_key[pk].event_job_id))
        bulk_write.save_all(restored, cls.MESSAGE_COLUMNS)
        events.record_all(facts, by=None)

    @classmethod
    def _states_before(cls, contacts: Sequence[tuple[int, datetime]]) -> dict[tuple[int, str], list[dict[str, Any]]]:
        """Return the states before the contacts of each row and instant that were not withdrawn, earliest first."""
        states: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        if not contacts:
            return states
        contacted, withdrawn = cls.event_kind("contacted"), cls.event_kind("contact_withdrawn")
        recorded = Event.objects.filter(
            subject_kind=cls._meta.label_lower,
            subject_id__in={pk for pk, _at in contacts},
            kind__in=(contacted, withdrawn),
            data__touched_at__in={at.isoformat() for _pk, at in contacts},
        )
        for pk, kind, data in recorded.order_by("pk").values_list("subject_id", "kind", "data"):
            own = states[pk, data["touched_at"]]
            if kind == contacted:
                own.append(data["before"])
            elif own:
                own.pop()
        return states

    def _restore_messages(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if value and name.endswith(("_at", "_since")):
                setattr(self, name, datetime.fromisoformat(value))
            else:
                setattr(self, name, value)

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
