"""CustomerReminder: one to the customer of a follow-up. CustomerReminderSetting: the text of a type, and its times."""

from typing import Any, ClassVar, Self

from django.db import models

from comms.models import Message
from crm.platform.models import TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import ConfigurationModel
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.tenancy.tenant_model import TenantModel
from followups.models.reminder import ReminderChannel


class CustomerReminderQuerySet(TenantQuerySet["CustomerReminder"]):
    def waiting(self) -> Self:
        """Filter those that are still to be queued."""
        return self.filter(message=None, skipped_reason="")


class CustomerReminder(TenantModel):
    """A reminder to the customer of a follow-up: planned, queued as a message, or skipped."""

    follow_up_id: int
    message_id: int | None

    follow_up = TenantForeignKey("followups.FollowUp", models.CASCADE, related_name="+")
    minutes_before = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=ReminderChannel)
    # The due time of the follow-up that it was planned for.
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    message = TenantForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    # Why no message was queued, in the organization's language.
    skipped_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects: ClassVar[Any] = TenantManager.from_queryset(CustomerReminderQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "follow_up", "minutes_before", "channel"],
                name="customer_reminder_is_one_of_its_offset",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_before} minutes before {self.follow_up_id}, {self.channel}"


class CustomerReminderSetting(ConfigurationModel):
    """The template by which customers are reminded of follow-ups of a type, and when. No row: they are not."""

    kind = models.CharField(max_length=16)
    # The key of a template.
    template = models.CharField(max_length=60)
    # What the form of a new follow-up proposes, [[minutes, channel], …].
    times = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind"], name="customer_reminder_setting_is_one_of_its_type")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.template}"


@cached_per_tenant
def customer_reminder_settings() -> dict[str, CustomerReminderSetting]:
    """Return the settings of the current tenant by type. Treat them as read-only."""
    return {row.kind: row for row in CustomerReminderSetting.objects.all()}
