"""Participant: a person or address on a ticket, with a role."""

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from tickets.models.ticket import Ticket

# More than these on one matter is a mailing list.
MOST = 50


class Role(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    SPOUSE = "spouse", _("Spouse")
    ADJUSTER = "adjuster", _("Adjuster")
    PARTNER = "partner", _("Partner")
    TENANT = "tenant", _("Tenant of the property")
    COLLEAGUE = "colleague", _("Colleague")
    OTHER = "other", _("Somebody else")


class ParticipantQuerySet(TenantQuerySet["Participant"]):
    def of(self, ticket: Ticket) -> Self:
        return self.filter(ticket=ticket).order_by("-is_requester", "pk")

    def strangers(self) -> Self:
        """Filter participants that no member has confirmed."""
        return self.filter(confirmed_at__isnull=True, is_requester=False)


class Participant(TenantModel):
    """A person, or an address without one, on a ticket.

    Somebody who was not known to it when they wrote is unconfirmed: a banner says so, and no answer goes to them
    unless a colleague chooses it (docs/rules.md#threading, docs/rules.md#reply-address).
    """

    uid = public_id()
    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="participants")
    person = TenantForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    # Normalised: an address or a number.
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.OTHER)
    # Whose matter it is: where answers go by default.
    is_requester = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(ParticipantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "ticket", "address"], name="participant_is_once_on_a_ticket"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="participant_uid_is_unique"),
        ]
        indexes = [models.Index(fields=["tenant", "address"], name="participant_by_address")]

    def __str__(self) -> str:
        return f"{self.address} ({self.role})"

    @property
    def is_confirmed(self) -> bool:
        """True if a member or a participant confirmed them."""
        return self.is_requester or self.confirmed_at is not None

    @classmethod
    @transaction.atomic
    def add(
        cls, ticket: Ticket, *, address: str, name: str = "", role: str, person: Person | None = None, by: Member
    ) -> "Participant":
        """Add a participant by a normalised address; confirms an unconfirmed author.

        Raises Refused for a closed ticket, and where there are fifty.
        """
        ticket.lock()
        ticket.refuse_closed()
        participant: Participant | None = cls.objects.filter(ticket=ticket, address=address).first()
        if participant:
            participant.confirm(by=by)
            return participant
        if cls.objects.filter(ticket=ticket).count() >= MOST:
            raise Refused(gettext("A conversation has 50 participants at most."))
        participant = cls(
            ticket=ticket, address=address, name=(name or (person.name if person else ""))[:200], role=role
        )
        participant.person = person
        participant.confirmed_at = clock.now()
        participant.save()
        participant._record("ticket.participant_added", by, {"role": role})
        return participant

    @transaction.atomic
    def confirm(self, *, by: Member) -> None:
        """Confirm an author or recipient as a participant. Idempotent."""
        self._lock_with_ticket()
        if self.confirmed_at is None:
            self.confirmed_at = clock.now()
            self.save(update_fields=["confirmed_at"])
            self._record("ticket.participant_confirmed", by, {})

    @transaction.atomic
    def set_role(self, role: str, *, by: Member) -> None:
        """Set the role, which decides what they may see (tickets/participants/visibility.py)."""
        self._lock_with_ticket()
        if role not in Role.values:
            raise ValueError(f"there is no role {role!r}")
        if self.role != role:
            before = self.role
            self.role = role
            self.save(update_fields=["role"])
            self._record("ticket.role_changed", by, {"from": before, "to": role})

    @transaction.atomic
    def remove(self, *, by: Member) -> None:
        """Remove a participant; if they write again they are unconfirmed. Raises Refused for the requester."""
        self._lock_with_ticket()
        if self.is_requester:
            raise Refused(gettext("This is the customer of the conversation. Change the customer first."))
        self._record("ticket.participant_removed", by, {"role": self.role})
        self.delete()

    def _lock_with_ticket(self) -> None:
        """Lock the ticket, then the row: the same order as in merges, splits and replies."""
        self.ticket.lock()
        self.ticket.refuse_closed()
        self.lock()

    def _record(self, kind: str, by: Member, data: dict[str, Any]) -> None:
        event_data = {"participant": self.pk, **data}
        events.record(kind, subject=self.ticket, by=by, data=event_data, job_id=self.ticket.event_job_id)
