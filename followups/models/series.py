"""FollowUpSeries: a follow-up that repeats by a recurrence rule. Only its next occurrences are stored as follow-ups."""

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job, JobState, Priority
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy.tenant_model import TenantQuerySet
from followups.models.details import FollowUpDetails
from followups.models.links import LINK_COLUMNS, FollowUpLinks
from libs.recurrence import RecurrenceRule, parse_rule


class HolidayPolicy(models.TextChoices):
    """What happens to an occurrence on a holiday or closing day."""

    NEXT = "next", _("the next working day")
    BEFORE = "before", _("the working day before")
    SKIP = "skip", _("leave it out")
    ANYWAY = "anyway", _("that day anyway")


class SeriesQuerySet(TenantQuerySet["FollowUpSeries"]):
    def visible_to(self, member: Member) -> "SeriesQuerySet":
        """Filter those a member may see: their own, those they created, and those of jobs they see."""
        if allows(member, "followups.see_all"):
            return self
        own = Q(assignee_id=member.pk) | Q(created_by_id=member.pk)
        return self.filter(own | Q(job_id__in=Job.objects.visible_to(member).values("pk")))


class FollowUpSeries(FollowUpDetails, FollowUpLinks):
    """A follow-up that repeats: its rule, the wall clock it follows, and what each occurrence is."""

    assignee_id: int | None
    created_by_id: int | None
    continues_id: int | None

    uid = public_id()
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    # Null: whoever owns the job.
    assignee = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The text of an RRULE (RFC 5545), its COUNT or UNTIL included.
    rule = models.CharField(max_length=500)
    zone = models.CharField(max_length=64)
    # The start on the wall clock of the zone.
    start_day = models.DateField()
    start_time = models.TimeField()
    # Whether it ends when its job is closed.
    ends_with_job = models.BooleanField(default=False)
    holidays = models.CharField(max_length=8, choices=HolidayPolicy, default=HolidayPolicy.NEXT)
    # Occurrences from this instant on belong to the series that follows this one.
    cut_at = models.DateTimeField(null=True, blank=True)
    # The series it continues, with another rule or text.
    continues = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(SeriesQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="series_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(is_personal=True)
                | Q(*((f"{name}__isnull", False) for name in LINK_COLUMNS.values()), _connector=Q.OR),
                name="series_is_about_something",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="series_has_a_subject"),
            models.CheckConstraint(condition=~Q(rule=""), name="series_has_a_rule"),
        ]
        indexes = [models.Index(fields=["tenant", "job"], name="series_of_job")]

    def __str__(self) -> str:
        return f"{self.rule} {self.uid}"

    @property
    def recurrence(self) -> RecurrenceRule:
        """The parsed rule."""
        return parse_rule(self.rule)

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def start(self) -> datetime:
        """The start on the wall clock, naive."""
        return datetime.combine(self.start_day, self.start_time)

    @property
    def is_running(self) -> bool:
        """True if it goes on: it was not ended, and its job allows it."""
        if self.ended_at:
            return False
        if self.job is None:
            return True
        if self.ends_with_job:
            return self.job.is_open
        return self.job.state not in (JobState.LOST, JobState.DROPPED)

    def save_change(self, kind: str, by: Member | None, data: dict[str, Any], *columns: str) -> None:
        """Save these columns, count the change and record its event."""
        self._save(*columns)
        self._record(kind, by, data)


class SeriesException(TenantModel):
    """An occurrence that differs from the rule: skipped, or moved to another time. `original_start`: by the rule."""

    series_id: int
    by_id: int | None

    series = TenantForeignKey(FollowUpSeries, models.CASCADE, related_name="exceptions")
    original_start = models.DateTimeField()
    # Null: it is skipped.
    moved_to = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "series", "original_start"], name="series_exception_is_one_an_occurrence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id} at {self.original_start}"

    @property
    def is_skipped(self) -> bool:
        return self.moved_to is None

    def local_day(self, zone: ZoneInfo) -> date:
        """Return the day on which the rule has it."""
        return self.original_start.astimezone(zone).date()
