"""BankFile: a bank statement as it was uploaded, CAMT.053 or MT940."""

import hashlib

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class BankFile(TenantModel):
    """An uploaded file. The same bytes are stored once."""

    uid = public_id()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Lines of it that were not known before.
    new_lines = models.PositiveIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="bank_file_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "digest"], name="bank_file_is_stored_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(content: bytes) -> str:
        """Return what the same bytes are found by."""
        return hashlib.sha256(content).hexdigest()
