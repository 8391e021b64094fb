"""PortalSending: what a person sent through the portal in the last day, for quotas."""

from typing import Any, ClassVar

from django.db import models

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class PortalSending(TenantModel):
    """A message or file sent by a customer, with number and size. Kept for a day."""

    app_may: ClassVar[str] = "select, insert, delete"

    class Kind(models.TextChoices):
        MESSAGE = "message"
        FILE = "file"

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    # How many files; a message is one.
    number = models.PositiveIntegerField(default=1)
    # In bytes.
    size = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["tenant", "person", "at"], name="portal_sending_of_person"),
            models.Index(fields=["tenant", "at"], name="portal_sending_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} of {self.person_id}"
