"""Roof: a roof on a property."""

from django.db import models

from crm.platform.models.base import TenantForeignKey, TenantModel, public_id


class Roof(TenantModel):
    """A roof on a property."""

    uid = public_id()
    site = TenantForeignKey("people.Property", models.PROTECT, related_name="+")
    inspected_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.uid)
