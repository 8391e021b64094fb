"""FieldPhoto: a photo taken on site, of a milestone or of the project; a repeated upload is stored once."""

from uuid import UUID

from django.db import models, transaction

from crm.documents.files.inspection import Inspected
from crm.documents.kinds import kind_for
from crm.documents.models import Document
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel
from service.models.milestone import Milestone
from service.models.project import Project


class FieldPhoto(TenantModel):
    """A photo of a project, identified by the upload key of the phone."""

    project = TenantForeignKey(Project, models.CASCADE, related_name="photos")
    milestone = TenantForeignKey(Milestone, models.SET_NULL, null=True, blank=True, related_name="photos")
    document = TenantForeignKey(Document, models.CASCADE, related_name="+")
    key = models.UUIDField()
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="field_photo_is_kept_once")]
        indexes = [models.Index(fields=["tenant", "project", "added_at"], name="field_photo_of_project")]

    def __str__(self) -> str:
        return str(self.key)

    @classmethod
    @transaction.atomic
    def keep(
        cls,
        project: Project,
        key: UUID,
        file: Inspected,
        *,
        by: Member,
        milestone: Milestone | None = None,
        is_shown: bool = False,
    ) -> "FieldPhoto":
        """Store a photo as a document of the job. Idempotent by key."""
        project.lock()
        if existing := cls.objects.filter(key=key).first():
            return existing
        kind = kind_for(is_photo=True)
        assert kind is not None, "a tenant starts with kinds of documents"
        visibility = "internal"
        if is_shown:
            visibility = "customer"
        document = Document.add(file, kind=kind, job=project.job, by=by, visibility=visibility)
        row: FieldPhoto = cls.objects.create(project=project, milestone=milestone, document=document, key=key)
        return row
