"""PortalDevice: a browser signed in with a code; remembered for thirty days by a secret in its cookie."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from portal.models.access import PortalAccess

# So long a device is remembered, from the code on.
REMEMBERED = timedelta(days=30)


class PortalDevice(TenantModel):
    """A remembered device. Only a hash of its secret is stored."""

    uid = public_id()
    access = TenantForeignKey(PortalAccess, models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    # The secret before, which a page asked for at the same moment may still bring.
    digest_before = models.CharField(max_length=64, blank=True)
    rotated_at = models.DateTimeField(default=clock.now)
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Known to ten minutes.
    seen_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="portal_device_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "digest"], name="portal_device_secret_is_unique"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "digest_before"], condition=~models.Q(digest_before=""), name="portal_device_before"
            )
        ]

    def __str__(self) -> str:
        return f"device of {self.access_id} since {self.created_at:%Y-%m-%d}"
