"""Attachment: a file of a message, with its detected type rather than the declared one."""

from django.db import models

from crm.platform.models import StoredFile, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class Attachment(TenantModel):
    """A file received or sent with a message."""

    uid = public_id()
    message = TenantForeignKey("comms.Message", models.CASCADE, related_name="attachments")
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    # As sniffed (crm/platform/files); what the sender said it was is in `declared_type`.
    media_type = models.CharField(max_length=100)
    declared_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    content_id = models.CharField(max_length=250, blank=True)
    # It belongs to the mail's HTML, as a logo does, and is no file or photo of its own.
    is_inline = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="attachment_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "message", "position"], name="attachment_of_message")]

    def __str__(self) -> str:
        return self.name
