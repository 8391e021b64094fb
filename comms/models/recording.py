"""Recordings of calls and how long they are kept; a separate model, as few may hear them."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class Recording(TenantModel):
    """The recording of a call: at the provider, then a stored file. Pages never show the provider's address."""

    uid = public_id()
    message = TenantForeignKey("comms.Message", models.CASCADE, related_name="+")
    # Where the provider has it; blank once it is removed here.
    url = models.CharField(max_length=500, blank=True)
    # Null until a worker has fetched it.
    file = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet["Recording"])()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="recording_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "message"], name="recording_is_one_a_call"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "created_at"], condition=models.Q(removed_at__isnull=True), name="recording_kept"
            )
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class RecordingPolicy(ConfigurationModel):
    """How many days a tenant keeps recordings; ninety by default."""

    keep_days = models.PositiveSmallIntegerField(default=90)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="recording_policy_is_one_a_tenant"),
            models.CheckConstraint(condition=models.Q(keep_days__gte=1), name="recordings_are_kept_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.keep_days} days"

    @classmethod
    @transaction.atomic
    def set(cls, *, keep_days: int, by: Member | None) -> None:
        """Set the days; older recordings are deleted the next day. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.keep_days != keep_days:
            row.keep_days = keep_days
            row.save()
            events.record("recording_policy.edited", subject=row, by=by, data={"days": keep_days})


@cached_per_tenant
def recording_policy() -> RecordingPolicy:
    """Return the policy of the tenant in use; cached, read-only."""
    return RecordingPolicy.objects.first() or RecordingPolicy()
