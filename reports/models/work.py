"""ActDay: a day's acts by who did them; StepStay: how long leads stay in a step; WorkPolicy: minutes per act."""

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class CountedAct(models.TextChoices):
    """Acts that are counted, by hand or automatic; their names are in reports/work/act_counts.py."""

    MESSAGE = "message"
    FOLLOW_UP = "follow_up"
    MOVE = "move"
    ASSIGNMENT = "assignment"
    UPDATE = "update"


# The minutes a person needs for one, and what a template takes off writing a message: an organization sets its own.
USUAL_MINUTES = {"message": 6, "template": 4, "follow_up": 2, "move": 1, "assignment": 2, "update": 10}
MOST_MINUTES = 120


class ActDay(TenantModel):
    """Number of acts of a kind on a local day of the organization, counted from the event log once the day is over."""

    day = models.DateField()
    act = models.CharField(max_length=12, choices=CountedAct)
    by_hand = models.PositiveIntegerField()
    # Messages a person made of a template.
    by_template = models.PositiveIntegerField(default=0)
    # What a rule or the product itself did.
    by_itself = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "act"], name="act_is_counted_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.act}"


class StepStay(TenantModel):
    """How long leads stayed in a step they left in the latest period, or the one before: in elapsed seconds."""

    stage = TenantForeignKey("jobs.Stage", models.CASCADE, related_name="+")
    # Whether of the latest days, or of as many before.
    is_latest = models.BooleanField()
    stays = models.PositiveIntegerField()
    median = models.PositiveIntegerField()
    p90 = models.PositiveIntegerField()
    # By whose move it was: the seconds in all, and the median of a turn; of the latest days alone.
    turns = models.JSONField(default=dict)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stage", "is_latest"], name="step_stay_is_one_a_step_and_time")
        ]

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.median}"


class StayLeads(TenantModel):
    """The leads behind a number on the work page, for the list it links to; stored by the same nightly run.

    Ids alone, not keys: a lead that is gone since is on no list, and the next night replaces them.
    """

    # None: of all steps.
    stage = TenantForeignKey("jobs.Stage", models.CASCADE, null=True, related_name="+")
    # Those that had a turn of this side; blank: all that left the step.
    side = models.CharField(max_length=8, blank=True)
    leads = models.PositiveIntegerField()
    job_ids = ArrayField(models.BigIntegerField())

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "stage", "side"], nulls_distinct=False, name="stay_leads_are_one_a_step_and_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.side}: {self.leads}"


class WorkPolicy(ConfigurationModel):
    """A tenant's minutes saved per act, where they differ from the defaults."""

    minutes = models.JSONField(default=dict)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="work_policy_is_one_a_tenant")]

    def __str__(self) -> str:
        return str(self.minutes)

    @classmethod
    @transaction.atomic
    def set_minutes(cls, minutes: Mapping[str, int], *, by: Member | None) -> None:
        """Set how many minutes each act saves. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        chosen = {name: minutes.get(name, usual) for name, usual in USUAL_MINUTES.items()}
        if USUAL_MINUTES | row.minutes != chosen:
            row.minutes = chosen
            row.save()
            events.record("work_policy.minutes_set", subject=row, by=by, data={"minutes": chosen})


@cached_per_tenant
def act_minutes() -> dict[str, int]:
    """Return the minutes of each act, and those a template saves; cached, treat it as read-only."""
    row: WorkPolicy | None = WorkPolicy.objects.first()
    return USUAL_MINUTES | (row.minutes if row else {})
