"""ProgressReport: a report of progress for the customer; a draft until a member approves and sends it."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from comms.models import Message
from crm.documents.models import Document
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.events import events
from crm.platform.models import CountedVersion, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from service.models.project import Project
from service.models.queryset import ReportQuerySet


class ProgressReport(CountedVersion):
    """A report on a project, with the percentage and the photos it was approved with."""

    uid = public_id()
    project = TenantForeignKey(Project, models.CASCADE, related_name="reports")
    text = models.TextField()
    percent = models.PositiveSmallIntegerField()
    # Ids of the documents that are its photos, in order.
    photos = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The PDF, and the mail it went with; null: there was no way to send it, so the customer's page alone has it.
    document = TenantForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    message = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(ReportQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="progress_report_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "project"], condition=Q(sent_at=None), name="project_has_one_draft_of_a_report"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="report_tells_a_percentage"),
        ]
        indexes = [models.Index(fields=["tenant", "project", "created_at"], name="report_of_project")]

    def __str__(self) -> str:
        return f"report {self.uid}"

    @classmethod
    @transaction.atomic
    def draft(cls, project: Project, text: str, photos: list[int], *, by: Member) -> "ProgressReport":
        """Draft a report of the current state; returns the existing draft if there is one."""
        project.lock()
        existing = cls.objects.filter(project=project, sent_at=None).first()
        if existing:
            return existing
        row: ProgressReport = cls.objects.create(
            project=project, text=text, percent=project.percent, photos=photos, created_by=by
        )
        row.refresh_from_db(fields=["uid"])
        row._record("report.drafted", by)
        return row

    @transaction.atomic
    def edit(self, text: str, percent: int, photos: list[int], *, by: Member) -> None:
        """Change a draft. Idempotent. Raises Refused for an empty text, Stale once sent."""
        self.lock()
        self._expect_draft()
        text = text.strip()[:8000]
        if not text or not 0 <= percent <= 100:
            raise Refused(gettext("Enter a text and the progress, from 0 to 100 percent."))
        if (self.text, self.percent, self.photos) != (text, percent, photos):
            self.text = text
            self.percent = percent
            self.photos = photos
            self._save("text", "percent", "photos")

    @transaction.atomic
    def discard(self, *, by: Member) -> None:
        """Delete a draft. Raises Stale once it is sent."""
        self.lock()
        self._expect_draft()
        self._record("report.discarded", by)
        self.delete()

    @transaction.atomic
    def mark_sent(self, document: Document, message: Message | None, *, by: Member) -> None:
        """Record that it was sent as this file. Called by service/reports/sending.py with the row locked."""
        self._expect_draft()
        self.document = document
        self.message = message
        self.sent_at = clock.now()
        self.sent_by = by
        self._save("document", "message", "sent_at", "sent_by")
        self._record("report.sent", by)

    def _expect_draft(self) -> None:
        if self.sent_at:
            raise Stale(self, gettext("It was already sent."))

    def _record(self, kind: str, by: Member) -> None:
        events.record(kind, subject=self, by=by, data={"percent": self.percent}, job_id=self.project_id)
