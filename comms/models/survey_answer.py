"""SurveyAnswer: a customer's rating of a job from 1 to 5, once per invitation. Their comment is a note on it."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.organization.configuration import directory

BEST = 5
# The longest sentence that is kept of an answer.
LONGEST = 1000


class SurveyAnswer(TenantModel):
    """A customer's rating of a job."""

    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)
    # Of the invitation: at a milestone and at the end they are asked again. Null: before that was kept.
    asked_at = models.DateTimeField(null=True, blank=True)
    # The step the job was in when they answered, and what they wrote.
    stage = TenantForeignKey("jobs.Stage", models.PROTECT, null=True, blank=True, related_name="+")
    note = TenantForeignKey("jobs.Note", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job", "asked_at"], nulls_distinct=False, name="survey_answer_is_one_an_invitation"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=BEST), name="survey_answer_is_from_one_to_five"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-at", "-id"], name="survey_answer_newest")]

    def __str__(self) -> str:
        return f"{self.score} for {self.job_id}"

    @classmethod
    @transaction.atomic
    def give(cls, job: Job, score: int, words: str, *, asked_at: datetime | None = None) -> None:
        """Store the answer to an invitation. Idempotent. Raises Refused for an invalid score."""
        if not 1 <= score <= BEST:
            raise Refused(_("Choose a number from 1 to 5."))
        job.lock()
        if cls.objects.filter(job=job, asked_at=asked_at).exists():
            return
        note = None
        if comment := words.strip()[:LONGEST]:
            with override(directory().tenant.language):
                body = _("From the survey: “%(words)s”") % {"words": comment}
            note = Note.objects.create(job=job, author=None, body=body)
        answer = cls.objects.create(job=job, score=score, asked_at=asked_at, stage_id=job.stage_id, note=note)
        events.record("survey.answered", subject=answer, by=None, data={"score": score}, job_id=job.pk)
