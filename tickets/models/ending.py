"""TicketEnding: what becomes of a ticket after its end: closed for good, archived, kept by law; whose it stays.

Rule: docs/rules.md#k5.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from crm.jobs.clock.pausable import Pausable
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.platform.work import due
from tickets.models.policy import life_policy
from tickets.models.status import Status

# The Due of its end, at an instant that its own columns and the tenant's policy give.
CLOSE = "ticket.close"
ARCHIVE = "ticket.archive"


class TicketEnding(Pausable):
    """What is not done to a ticket that has ended, and what happens to it by itself."""

    # Columns of Ticket.
    status: Any
    person_id: Any
    customer_name: Any
    participants: Any
    merged_into_id: Any
    solved_at: Any
    closed_at: Any
    archived_at: Any
    legal_hold: Any
    sole_reader_id: Any

    class Meta(Pausable.Meta):
        abstract = True

    def refuse_closed(self) -> None:
        """Raise Refused for a closed ticket: it stays as it was, but for tags and notes (docs/rules.md#tickets)."""
        if self.merged_into_id:
            raise Refused(gettext("It was merged into another conversation."))
        if self.status == Status.CLOSED:
            raise Refused(gettext("It is closed. Write a message to start a new conversation."))

    def refuse_private(self) -> None:
        """Raise Refused for a ticket that one member alone sees: it is given to nobody, and stands on no lead."""
        if self.sole_reader_id:
            raise Refused(gettext("It is private: only you see it. Share it with your colleagues first."))

    # By itself

    def ends_at(self) -> Iterator[tuple[str, datetime]]:
        """Yield the kind of due work that comes next, and when."""
        policy = life_policy()
        if self.status == Status.SOLVED and self.solved_at:
            yield CLOSE, self.solved_at + timedelta(days=policy.close_days)
        if self.status == Status.CLOSED and self.closed_at and not self.archived_at:
            yield ARCHIVE, self.closed_at + timedelta(days=policy.archive_days)

    def schedule_end(self) -> None:
        """Schedule what comes next by itself; what no longer holds when it comes finds nothing to do."""
        for kind, at in self.ends_at():
            due.schedule(kind, self.pk, at)

    def is_late_for(self, at: datetime) -> bool:
        """Whether it was solved so long before an instant that a reply does not open it again."""
        return bool(
            self.status == Status.SOLVED
            and self.solved_at
            and at > self.solved_at + timedelta(days=life_policy().reopen_days)
        )

    @transaction.atomic
    def archive(self, *, by: Member | None) -> None:
        """Take a closed ticket out of the lists; the search still finds it."""
        here: Any = self
        here.lock()
        if here.status == Status.CLOSED and not here.archived_at:
            here.archived_at = clock.now()
            here.save(update_fields=["archived_at"])
            self._record("ticket.archived", by, {})

    # Kept by law

    @transaction.atomic
    def place_legal_hold(self, reason: str, *, by: Member) -> None:
        """Have nothing of it removed by any retention, until the hold is lifted. Who, why and when is its event."""
        self._set_legal_hold(True, "ticket.hold_placed", reason, by)

    @transaction.atomic
    def lift_legal_hold(self, reason: str, *, by: Member) -> None:
        """Have retention count for it again."""
        self._set_legal_hold(False, "ticket.hold_lifted", reason, by)

    def _set_legal_hold(self, held: bool, kind: str, reason: str, by: Member) -> None:
        here: Any = self
        here.lock()
        if here.legal_hold == held:
            return
        reason = " ".join(reason.split())[:200]
        if not reason:
            raise Refused(gettext("Enter a reason."))
        here.legal_hold = held
        here.save(update_fields=["legal_hold"])
        self._record(kind, by, {"reason": reason})

    # Whose it stays

    def mark_requester(self) -> None:
        """Have the participants say whose matter it is; one who was not among them joins by an address of theirs."""
        if self.person_id is None:
            return
        known = self.participants.all()
        known.filter(is_requester=True).exclude(person_id=self.person_id).update(is_requester=False)
        if known.filter(person_id=self.person_id, is_requester=True).exists():
            return
        mine = known.filter(person_id=self.person_id).order_by("pk").first() or self._joined()
        if mine:
            mine.is_requester, mine.confirmed_at = True, mine.confirmed_at or clock.now()
            mine.save(update_fields=["is_requester", "confirmed_at"])

    def _joined(self) -> Any:
        """Take its person in by an address, mail before a number; None where none is known."""
        points = ContactPoint.objects.filter(person_id=self.person_id).order_by("kind", "pk")
        point = points.first()  # "email" sorts before "phone"
        if point is None:
            return None
        named = {"person_id": self.person_id, "name": self.customer_name, "role": "customer"}
        participant, created = self.participants.get_or_create(address=point.value, defaults=named)
        if not created and participant.person_id is None:
            participant.person_id = self.person_id
            participant.save(update_fields=["person_id"])
        return participant
