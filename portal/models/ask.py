"""PortalAsk: a customer's request for a visit or for new work."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

MOST_A_DAY = 3
DAY = timedelta(days=1)


# What the follow-up of a visit is known by (FollowUp.origin).
ORIGIN = "portal_ask:"


class PortalAsk(TenantModel):
    """A customer's request, and its job: the one to visit, or the one opened for new work."""

    class Kind(models.TextChoices):
        VISIT = "visit"
        WORK = "work"

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    job = TenantForeignKey(Job, models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=5, choices=Kind)
    # Of the form, so that sent twice it is one.
    key = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "person", "key"], name="portal_ask_is_once")]
        indexes = [models.Index(fields=["tenant", "job", "asked_at"], name="portal_ask_of_job")]

    def __str__(self) -> str:
        return f"{self.kind} asked by {self.person_id}"


def origin_of(ask: PortalAsk) -> str:
    """Return the origin key of a visit's follow-up."""
    return f"{ORIGIN}{ask.pk}"
