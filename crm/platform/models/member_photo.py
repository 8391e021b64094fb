"""MemberPhoto: the photo of a member that customers see. A separate row, because StoredFile refers to Member."""

from typing import Any

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.member import Member
from crm.platform.models.stored_file import StoredFile
from crm.platform.tenancy.tenant_model import TenantForeignKey


class MemberPhoto(ConfigurationModel):
    """The photo of a member: small, re-encoded from the upload."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="photo_is_one_a_member")]

    def __str__(self) -> str:
        return f"photo of {self.member_id}"

    @classmethod
    @transaction.atomic
    def replace_photo(cls, member: Member, file: StoredFile | None, *, by: Member | None) -> StoredFile | None:
        """Show a stored file as a member's face, None: their initials. Return the one before, to be deleted."""
        row: Any = cls.objects.select_for_update().select_related("file").filter(member=member).first()
        before = None
        if row:
            before = row.file
        if row and file is None:
            row.delete()
        elif row:
            row.file = file
            row.save(update_fields=["file"])
        elif file is not None:
            cls.objects.create(member=member, file=file)
        if before is not None or file is not None:
            events.record("member.photo_changed", subject=member, by=by)
        return before
