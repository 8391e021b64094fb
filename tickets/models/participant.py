"""Participant: who takes part in a ticket, by which address, and as what."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from tickets.models.ticket import Ticket


class Role(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    SPOUSE = "spouse", _("Spouse")
    ADJUSTER = "adjuster", _("Adjuster")
    PARTNER = "partner", _("Partner")
    TENANT = "tenant", _("Tenant of the property")
    COLLEAGUE = "colleague", _("Colleague")
    OTHER = "other", _("Somebody else")


class Participant(TenantModel):
    """A person or a mere address on a ticket.

    Somebody who was not known to it when they wrote is unconfirmed: a banner says so, and no answer goes to them
    unless a colleague chooses it (RULES 3.1, 8.6).
    """

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

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet["Participant"])()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "ticket", "address"], name="participant_is_once_on_a_ticket"),
        ]
        indexes = [models.Index(fields=["tenant", "address"], name="participant_by_address")]

    def __str__(self) -> str:
        return f"{self.address} ({self.role})"
