"""SenderProfile: a brand's signature, logo, quiet hours, and fallback channels."""

from datetime import time
from typing import Any, ClassVar

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import (
    Brand,
    Member,
    StoredFile,
    TenantForeignKey,
    TenantManager,
    TenantOneToOneField,
    TenantQuerySet,
)
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration

# The Content-ID under which the outbox attaches a brand's logo to a mail: an address of ours would need a sign-in.
LOGO_CONTENT_ID = "brand-logo"


class SenderProfile(ConfigurationModel):
    """How a brand writes. Without a row, the defaults below apply."""

    brand = TenantOneToOneField("platform.Brand", models.CASCADE, primary_key=True, related_name="+")
    signature = models.TextField(blank=True)
    footer = models.TextField(blank=True)
    logo = TenantForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    # Between which hours of the recipient's day it may write; email at any (docs/rules.md#send-gate).
    sms_from = models.TimeField(default=time(8))
    sms_until = models.TimeField(default=time(20))
    whatsapp_from = models.TimeField(default=time(8))
    whatsapp_until = models.TimeField(default=time(22))
    call_from = models.TimeField(default=time(9))
    call_until = models.TimeField(default=time(17))
    # Media in the order they are tried, a list a purpose class: {"transactional": ["whatsapp", "sms", "email"]}.
    fallback = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"profile of brand {self.brand_id}"

    @classmethod
    def of(cls, brand: Brand) -> "SenderProfile":
        """Return a brand's profile, or an unsaved one with the defaults."""
        profile: SenderProfile | None = cls.objects.filter(brand=brand).first()
        return profile or cls(brand=brand)

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change the profile. Idempotent."""
        lock_configuration()
        before = self.logo
        changed = set_fields(self, fields)
        if not changed:
            return
        self.save()
        if before and before != self.logo:
            stored_files.delete_file(before, by=by, cause="replaced")
        events.record("brand.sender_edited", subject=self.brand, by=by, data={"fields": changed})
