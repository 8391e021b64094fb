"""StoredFile: a file somebody uploaded or generated. It is personal data, so it has an owner and an expiry."""

from django.db import models

from crm.kernel import clock
from crm.platform.models.base import public_id
from crm.platform.models.member import Member
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel


class StoredFile(TenantModel):
    """A file of a tenant: uploaded, or made for download. Kept and deleted by crm.platform.files.stored_files."""

    uid = public_id()
    # What it is for, e.g. "import"; also its folder.
    purpose = models.CharField(max_length=32)
    # What it is called when somebody downloads it.
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, default="application/octet-stream")
    # Where its bytes are in the default storage: tenant, purpose, random; never under a public address.
    # Blank once they are deleted; the row stays, so that a page can say so.
    path = models.CharField(max_length=200, blank=True)
    # Bytes.
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="stored_file_uid_is_unique"),
            models.CheckConstraint(
                condition=models.Q(path="", deleted_at__isnull=False) | ~models.Q(path=""),
                name="stored_file_has_bytes_unless_deleted",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "path"], name="stored_file_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are still there and may still be handed out."""
        return self.path != "" and self.expires_at > clock.now()
