"""Lead: the sales facts of a job. Its job is its primary key; winning it does not stop the job's clock."""

from django.db import models, transaction

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel, TenantOneToOneField
from leads.models.campaign import Campaign


class Lead(TenantModel):
    """The sales facts of a job: attribution, cost, import."""

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="lead")
    # Who gets the credit; stays when the job is reassigned.
    rep = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Of the first touch (leads/sources/attribution.py), as the job's source is.
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    # What we paid for it, in minor units of the job's currency.
    cost = models.BigIntegerField(null=True, blank=True)
    # The id it has in the system it was imported from.
    external_id = models.CharField(max_length=120, blank=True)
    won_at = models.DateTimeField(null=True, blank=True)
    # When it first stood where it counts as qualified, and as quoted (leads/sources/funnel.py).
    qualified_at = models.DateTimeField(null=True, blank=True)
    quoted_at = models.DateTimeField(null=True, blank=True)
    # What was said it would cost and take, and what it came to: minor units of the job's currency, days of work.
    quoted_value = models.BigIntegerField(null=True, blank=True)
    quoted_days = models.PositiveSmallIntegerField(null=True, blank=True)
    actual_value = models.BigIntegerField(null=True, blank=True)
    actual_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # The form it was opened by: sent twice, it still opens one.
    form = models.UUIDField(null=True, blank=True, editable=False)

    ESTIMATES = ("quoted_value", "quoted_days", "actual_value", "actual_days")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                condition=~models.Q(external_id=""),
                name="external_id_is_one_leads",
            ),
            models.UniqueConstraint(fields=["tenant", "form"], name="form_opens_one_lead"),
        ]
        indexes = [
            models.Index(fields=["tenant", "won_at"], condition=models.Q(won_at__isnull=False), name="lead_by_win"),
        ]

    def __str__(self) -> str:
        return str(self.job_id)

    @transaction.atomic
    def win(self, *, by: Member | None) -> None:
        """Mark the lead as won now; the job's clock keeps running. Idempotent."""
        self.lock()
        if self.won_at is None:
            self._set_won(True)
            events.record("lead.won", subject=self, by=by, job_id=self.pk)

    @transaction.atomic
    def withdraw_win(self, *, by: Member | None) -> None:
        """Withdraw the win. Idempotent."""
        self.lock()
        if self.won_at is not None:
            self._set_won(False)
            events.record("lead.win_withdrawn", subject=self, by=by, job_id=self.pk)

    def _set_won(self, is_won: bool) -> None:
        if is_won:
            self.won_at = clock.now()
        else:
            self.won_at = None
        self.save(update_fields=["won_at"])

    @transaction.atomic
    def estimate(self, *, by: Member | None, **numbers: int | None) -> None:
        """Set the quoted and actual values; a quoted price makes it a quoted lead. Idempotent."""
        self.lock()
        before = {name: getattr(self, name) for name in numbers}
        if before == numbers:
            return
        for name in numbers.keys() & set(self.ESTIMATES):
            setattr(self, name, numbers[name])
        columns = list(numbers.keys() & set(self.ESTIMATES))
        if self.quoted_value is not None and self.quoted_at is None:
            self.quoted_at = clock.now()
            columns.append("quoted_at")
        self.save(update_fields=columns)
        events.record("lead.estimated", subject=self, by=by, data={"from": before, "to": numbers}, job_id=self.pk)
