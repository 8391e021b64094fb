"""SurveyAnswer: how a customer says a job went, from 1 to 5, once. Their sentence is a note on the job."""

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
    """What a customer answered about a job."""

    app_may = "select, insert, delete"

    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job"], name="survey_answer_is_one_a_job"),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=BEST), name="survey_answer_is_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.job_id}"

    @classmethod
    @transaction.atomic
    def give(cls, job: Job, score: int, words: str) -> None:
        """Keep an answer. A second one: nothing. Raises Refused for a number there is none of."""
        if not 1 <= score <= BEST:
            raise Refused(_("Choose a number from 1 to 5."))
        job.lock()
        if cls.objects.filter(job=job).exists():
            return
        answer = cls.objects.create(job=job, score=score)
        events.record("survey.answered", subject=answer, by=None, data={"score": score}, job_id=job.pk)
        if said := words.strip()[:LONGEST]:
            with override(directory().tenant.language):
                body = _("From the survey: “%(words)s”") % {"words": said}
            Note.objects.create(job=job, author=None, body=body)
