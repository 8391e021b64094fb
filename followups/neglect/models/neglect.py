"""Neglect: a time in which a customer had no contact with us for longer than their cadence."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from crm.jobs.customer_visibility import visible_people
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from followups.models.follow_up import FollowUp


class NeglectQuerySet(TenantQuerySet["Neglect"]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of customers a member may see."""
        return self.filter(person__in=visible_people(member).order_by().values("pk"))

    def lasting(self) -> Self:
        """Filter those that no contact has ended."""
        return self.filter(ended_at__isnull=True)


class Neglect(TenantModel):
    """A customer without contact since `touched_at`. One per customer and contact; it ends with the next contact."""

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    touched_at = models.DateTimeField()
    # The cadence that was exceeded.
    days = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What was planned because of it.
    follow_up = TenantForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(NeglectQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "touched_at"], name="neglect_is_one_of_its_contact"),
        ]
        indexes = [
            models.Index(fields=["tenant", "person"], condition=Q(ended_at__isnull=True), name="neglect_lasting"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} since {self.touched_at:%Y-%m-%d}"
