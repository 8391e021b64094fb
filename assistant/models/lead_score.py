"""LeadScore: how likely a lead is to be won. LeadScoreModel: the counts of won and lost leads that it rests on."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import ConfigurationModel
from crm.platform.organization.configuration import cached_per_tenant

# Leads won, and as many lost, before statistics say anything; until then there are points.
FLOOR = 50


class LeadScore(TenantModel):
    """The likelihood that a lead is won, in percent: computed, or as a member set it."""

    job: Any = TenantForeignKey(Job, models.CASCADE, related_name="lead_scores")
    percent = models.PositiveSmallIntegerField()
    # Who set it: it is not computed again until they say so.
    set_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job"], name="lead_has_one_score"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="lead_score_is_a_percentage"),
        ]
        indexes = [models.Index(fields=["tenant", "percent", "job"], name="lead_score_by_percent")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.percent}%"

    @classmethod
    @transaction.atomic
    def set_by_hand(cls, job: Job, percent: int, *, by: Member) -> None:
        """Set the likelihood as a member sees it; it is not computed any more. Raises Refused beyond 0 to 100."""
        if not 0 <= percent <= 100:
            raise Refused(_("Enter a number from 0 to 100."))
        job.lock()
        row = cls.objects.filter(job=job).first()
        if row is not None and row.percent == percent and row.set_by_id == by.pk:
            return
        cls.objects.update_or_create(job=job, defaults={"percent": percent, "set_by": by, "at": clock.now()})
        data = {"percent": percent, "from": row.percent if row else None}
        events.record("lead_score.set", subject=job, by=by, data=data, job_id=job.pk)

    @classmethod
    @transaction.atomic
    def compute_again(cls, job: Job, *, by: Member) -> None:
        """Let a likelihood that a member set be computed again. Idempotent."""
        job.lock()
        changed = cls.objects.filter(job=job, set_by__isnull=False).delete()[0]
        if changed:
            events.record("lead_score.released", subject=job, by=by, job_id=job.pk)


class LeadScoreModel(ConfigurationModel):
    """What won and lost leads of this organization had in common, as counts and weights; the newest only."""

    won = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()
    # {"prior": 0.1, "signals": {"source": {"12": 0.4, …}}, "reached": {"3": 0.7}, "edges": [200000, …]}
    weights = models.JSONField(default=dict)
    slope = models.FloatField(default=1)
    offset = models.FloatField(default=0)
    # Ten, from 0 to 100 percent: [leads, won, sum of predicted percent], of leads that were not counted for them.
    bins = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="tenant_has_one_lead_score_model"),
            models.CheckConstraint(
                condition=Q(won__gte=FLOOR, lost__gte=FLOOR), name="lead_score_model_has_enough_leads"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.won} won, {self.lost} lost"


@cached_per_tenant
def lead_score_model() -> LeadScoreModel | None:
    """Return the model of the current tenant; None while too few leads were won or lost."""
    return LeadScoreModel.objects.first()
