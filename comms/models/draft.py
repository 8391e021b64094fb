"""Draft: what a member began to write about a job, kept on the server until it is sent or thrown away."""

from typing import Any, ClassVar

from django.db import models, transaction

from comms.models.medium import Medium
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Draft(TenantModel):
    """One member's unfinished message on one medium about one job."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    subject = models.CharField(max_length=900, blank=True)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "job", "medium"], name="draft_is_one_a_member_job_and_medium"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    @transaction.atomic
    def keep(cls, *, by: Member, job: models.Model, medium: str, subject: str, text: str) -> None:
        """Keep what has been typed so far; nothing typed is no draft. No event: it is nobody's business yet."""
        kept = {"member": by, "job_id": job.pk, "medium": medium}
        if text.strip() or subject.strip():
            words = {"subject": subject[:900], "text": text, "saved_at": clock.now()}
            cls.objects.update_or_create(**kept, defaults=words)
        else:
            cls.objects.filter(**kept).delete()
