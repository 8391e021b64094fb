"""PushDelivery: a push message to a member's device, and whether its push service took it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

# Older ones are deleted when the next is recorded.
KEPT = timedelta(days=8)


class PushDeliveryQuerySet(TenantQuerySet["PushDelivery"]):
    def of(self, member: Member) -> Self:
        return self.filter(member_id=member.pk)


class PushDelivery(TenantModel):
    """A push message that was handed to a push service, or given up."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # As the member called the device then.
    device = models.CharField(max_length=80, blank=True)
    # How many notices it told of, and the newest of them.
    notices = models.PositiveSmallIntegerField()
    last_notice = models.BigIntegerField()
    # When the first of its notices came up.
    since = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)
    # Why it was not taken; blank: it was.
    problem = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PushDeliveryQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "member", "-at"], name="push_delivery_newest")]

    def __str__(self) -> str:
        return f"{self.notices} to {self.member_id}"

    @classmethod
    def record(cls, member_id: int, **columns: Any) -> None:
        """Record the result of a push message, and delete the member's old records."""
        cls.objects.filter(member_id=member_id, at__lt=clock.now() - KEPT).delete()
        cls.objects.create(member_id=member_id, **columns)

    @property
    def waited(self) -> timedelta:
        """How long its first notice waited for it."""
        at: datetime = self.at
        return at - self.since
