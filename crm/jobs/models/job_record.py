"""JobRecord: the columns of a job, and values derived from them. Actions on a job are in job.py."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.clock.arithmetic import Level
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models.contact import Contactable
from crm.jobs.models.job_indexes import JOB_INDEXES
from crm.jobs.models.visibility import limited_to
from crm.jobs.pipelines.setup import Allowance, pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.jobs.untouched import stands_at_start
from crm.kernel import clock
from crm.people import correction
from crm.platform.models import Member, TenantForeignKey


class Priority(models.IntegerChoices):
    """The priority scale shared by jobs, tickets and follow-ups (docs/rules.md#k16)."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class JobState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Dropped")


class JobRecord(Contactable):
    """A job's columns. What a list shows or sorts by is stored on the row."""

    number = models.BigIntegerField()
    # What a person calls it: the customer's name, or the firm and the building.
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=120, blank=True)
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    pipeline = TenantForeignKey("jobs.Pipeline", models.PROTECT, related_name="+")
    stage = TenantForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="jobs")
    company = TenantForeignKey("people.Company", models.PROTECT, null=True, blank=True, related_name="jobs")
    site = TenantForeignKey("people.Property", models.PROTECT, null=True, blank=True, related_name="jobs")
    source = TenantForeignKey("jobs.Source", models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    # In minor units of the currency.
    value = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    expected_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.OPEN)
    came_in_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=80, blank=True)
    # `stage:level` pairs of past visits, in order; all the bar needs of history.
    past = models.TextField(blank=True)
    # Sold, and service has not accepted it yet: nothing that was sold goes on unseen. Set by who holds the hand-off.
    awaits_acceptance = models.BooleanField(default=False, db_default=False)
    next_step_at = models.DateTimeField(null=True, blank=True)
    next_step_kind = models.CharField(max_length=16, blank=True)
    next_step_label = models.CharField(max_length=120, blank=True)

    # What it has in the tenant's own fields, by their keys: dates in ISO form, and words (crm/jobs/fields).
    own_fields = models.JSONField(default=dict, blank=True, db_default={})

    # What a verb writes together.
    ENTER_COLUMNS = ("stage_id", "entered_at", "past", *Pausable.CLOCK_COLUMNS)
    NEXT_STEP_COLUMNS = ("next_step_kind", "next_step_label", "next_step_at")
    # Whoever mutes the customer hears of none of their leads.
    muted_with = ("person",)

    class Meta(Contactable.Meta):
        abstract = True
        base_manager_name = "objects"
        constraints = [
            *Contactable.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="job_number_is_unique"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="job_has_an_end_unless_open",
            ),
        ]
        indexes = JOB_INDEXES

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state == JobState.OPEN

    @property
    def stay(self) -> str:
        """Version token of the job's current step. Forms send it, so that only one of two concurrent moves succeeds."""
        entered = f"{int(self.entered_at.timestamp() * 1_000_000):x}"
        if self.is_open:
            return entered
        return f"{entered}-{self.state}"

    def is_visible_to(self, member: Member) -> bool:
        """Return True if a member may see this job: as `Job.objects.visible_to`, for a job in memory."""
        mine = limited_to(member)
        return mine is None or self.member_id in (mine, None)

    @property
    def has_status(self) -> bool:
        return self.stage_id is not None

    @property
    def is_untouched(self) -> bool:
        """True if the customer still awaits the first contact (crm/jobs/untouched.py)."""
        at_start = stands_at_start(self.pipeline_id, self.stage_id, self.past)
        return self.is_open and self.touched_at is None and at_start

    @property
    def next_step(self) -> tuple[str, str, datetime | None]:
        """Kind, text and time of the next step; blank if none is planned."""
        return self.next_step_kind, self.next_step_label, self.next_step_at

    @property
    def form_version(self) -> str:
        return self.stay

    @property
    def counted_since(self) -> datetime:
        return self.entered_at

    @property
    def is_sold(self) -> bool:
        """True if it is sold: done, or in a phase of sold jobs (crm/jobs/pipelines/phase.py)."""
        return self.state == JobState.DONE or (self.is_open and pipeline_setup().is_sold(self.stage_id))

    @property
    def event_job_id(self) -> int:
        return int(self.pk)

    @property
    def customer_details(self) -> dict[str, Any] | None:
        """The customer's name, addresses and numbers as they are now; None without a customer."""
        if self.person_id:
            return correction.details_of(self.person_id)
        return None

    @property
    def site_details(self) -> dict[str, Any] | None:
        """The own fields of its property as they are now; None without a property."""
        if self.site_id:
            return correction.site_details_of(self.site_id)
        return None

    def crossing_data(self) -> dict[str, Any]:
        return {"stage": self.stage_id, "side": self.side}

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        return pipeline_setup().allowance(self.pipeline_id, self.stage_id, self.brand_id, self.priority, theirs=theirs)

    def level_at(self, at: datetime) -> Level:
        """Return the level at an instant; Level.NONE for a job without status, whatever its clock."""
        level = super().level_at(at)
        if self.stage_id or level in (Level.ENDED, Level.HOLD):
            return level
        return Level.NONE
