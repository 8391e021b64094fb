"""DocumentVersion: one version of a document: its bytes, their properties, and who added it."""

import io

from django.db import models

from crm.documents.files.inspection import Inspected
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.files.media_types import KEPT_WITHOUT_PREVIEW, PREVIEWED
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.work import due

THUMBNAIL = "document.thumbnail"


class DocumentVersion(TenantModel):
    """A version of a document, numbered from 1. Its file is kept as long as the document exists."""

    uid = public_id()
    document = TenantForeignKey("documents.Document", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    # A small image of it, made by a worker; null where there is none, or not yet.
    thumbnail = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # As sniffed (crm/documents/files/inspection.py).
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = TenantForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="document_version_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "document", "number"], name="document_version_is_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.document_id}"

    @classmethod
    def keep(
        cls, document: models.Model, file: Inspected, *, by: Member | None, sent_by: Person | None
    ) -> "DocumentVersion":
        """Save the bytes as the newest version of a document. A worker creates the thumbnail."""
        stored = stored_files.store_file(
            io.BytesIO(file.content), file.name, purpose="document", by=by, content_type=file.media_type, days=None
        )
        version: DocumentVersion = cls.objects.create(
            document=document,
            number=document.number,  # type: ignore[attr-defined]
            file=stored,
            media_type=file.media_type,
            size=file.size,
            width=file.width,
            height=file.height,
            created_by=by,
            sent_by=sent_by,
        )
        version.refresh_from_db(fields=["uid"])
        if version.has_preview:
            due.schedule(THUMBNAIL, version.pk, version.created_at)
        return version

    @property
    def has_preview(self) -> bool:
        """True if a preview image can be made of it."""
        can_be_made = self.media_type in PREVIEWED
        return can_be_made and (self.width is not None or self.media_type not in KEPT_WITHOUT_PREVIEW)
