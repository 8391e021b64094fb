"""FollowUpRow: the columns of a follow-up and what is derived from them. FollowUp adds the actions."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from followups.models.details import FollowUpDetails
from followups.models.job_next_step import copy_first_steps
from followups.models.kind import FollowUpKind
from followups.models.links import FollowUpLinks
from followups.models.queryset import CLOSED, OPEN, FollowUpQuerySet
from followups.models.status import FollowUpOutcome, FollowUpStatus
from followups.models.template import FollowUpTemplate

# Where a follow-up without a date sorts: behind all that have one.
UNDATED = datetime(9000, 1, 1, tzinfo=UTC)


class FollowUpRow(FollowUpDetails, FollowUpLinks):
    """Abstract model of a follow-up's columns, used as an argument type by modules that FollowUp imports."""

    series_id: int | None

    uid = public_id()
    # A type's code (followups/models/kind_setup.py): a built-in one, or the tenant's own.
    kind = models.CharField(max_length=16, default=FollowUpKind.TASK)
    subject = models.CharField(max_length=120)
    # What it is about, as planned. What members write later are its FollowUpNotes.
    notes = models.TextField(blank=True)
    # Null: somebody planned it without a day, as imports do.
    due_at = models.DateTimeField(null=True, blank=True)
    # The latest time that was promised to the customer: what moves many follow-ups moves none past it.
    limit_at = models.DateTimeField(null=True, blank=True)
    # `due_at`, or UNDATED: what lists are sorted by.
    sort_at = models.DateTimeField(editable=False)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    assignee = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=FollowUpStatus, default=FollowUpStatus.PENDING)
    outcome = models.CharField(max_length=12, choices=FollowUpOutcome, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # When it was first missed. Stays, whatever happens later: what was promised was not kept.
    missed_at = models.DateTimeField(null=True, blank=True)
    # The one whose completion brought this one.
    after = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # The template it was planned by, for the success of templates.
    template = TenantForeignKey(FollowUpTemplate, models.SET_NULL, null=True, blank=True, related_name="+")
    # What it was planned by, where that may take it back: the use of a macro. One of each.
    origin = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    # The new date that was entered when it was completed, and the date before: reopening it restores that one.
    renewed_from = models.DateField(null=True, blank=True, editable=False)
    renewed_to = models.DateField(null=True, blank=True, editable=False)
    # The series it is an occurrence of, and the instant its rule has it at.
    series = TenantForeignKey("followups.FollowUpSeries", models.SET_NULL, null=True, blank=True, related_name="+")
    original_start = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(FollowUpQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            *FollowUpLinks.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "uid"], name="follow_up_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="completed") & Q(completed_at__isnull=True, outcome=""),
                name="follow_up_is_completed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False, sort_at=F("due_at")) | Q(due_at__isnull=True, sort_at=UNDATED),
                name="follow_up_sorts_by_when_it_is_due",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="follow_up_has_a_subject"),
            models.UniqueConstraint(
                fields=["tenant", "origin"], condition=~Q(origin=""), name="follow_up_is_one_of_its_origin"
            ),
            models.UniqueConstraint(
                fields=["tenant", "series", "original_start"],
                condition=Q(series__isnull=False),
                name="follow_up_is_one_an_occurrence",
            ),
        ]
        indexes = [
            # The list: one member's open ones, or everybody's.
            models.Index(
                fields=["tenant", "assignee", "sort_at", "id"], condition=Q(status__in=OPEN), name="followup_mine"
            ),
            models.Index(fields=["tenant", "sort_at", "id"], condition=Q(status__in=OPEN), name="followup_open"),
            # The closed ones of a status: the same list, and a column of the board.
            models.Index(
                fields=["tenant", "assignee", "status", "sort_at", "id"],
                condition=Q(status__in=CLOSED),
                name="followup_mine_closed",
            ),
            models.Index(
                fields=["tenant", "status", "sort_at", "id"], condition=Q(status__in=CLOSED), name="followup_closed"
            ),
            # What was done lately, and whether in time: read from the index alone.
            models.Index(
                fields=["tenant", "completed_at"],
                include=["sort_at", "missed_at"],
                condition=Q(status="completed"),
                name="followup_completed",
            ),
            models.Index(
                fields=["tenant", "assignee", "completed_at"],
                include=["sort_at", "missed_at"],
                condition=Q(status="completed"),
                name="followup_completed_by",
            ),
            # What was planned lately, by whom and of which type: the figures.
            models.Index(fields=["tenant", "created_at"], include=["created_by", "kind"], name="followup_created"),
            # A customer's, by time: the timeline.
            models.Index(
                fields=["tenant", "person", "sort_at", "id"],
                condition=Q(person__isnull=False),
                name="followup_of_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def about_name(self) -> str:
        """Return the name of what it is about: its job's, else its customer's, else the record's; "" if personal."""
        if self.job:
            return self.job.title
        if self.person:
            return self.person.name
        if self.ticket:
            return self.ticket.undo_name
        return str(self.document or self.site or "")

    def is_overdue(self, now: datetime) -> bool:
        """True if it is open and its time has passed; derived, never stored."""
        return self.is_open and self.due_at is not None and self.due_at < now

    @staticmethod
    def save_changes(
        kind: str, changes: "Sequence[tuple[FollowUpRow, dict[str, Any]]]", *columns: str, by: Member | None
    ) -> None:
        """Save these attributes of many rows, count the changes, and record an event with its data for each."""
        rows = [row for row, _data in changes]
        for row in rows:
            row.version += 1
        bulk_write.save_all(rows, [*columns, "version"])
        events.record_all([EventDraft(kind, row, data, job_id=row.job_id) for row, data in changes], by=by)

    @classmethod
    def update_jobs(cls, rows: "Iterable[FollowUpRow]", *, by: Member | None) -> None:
        """Copy the earliest open follow-up of each row's job to the job, or clear that. The jobs must be locked."""
        if job_ids := {row.job_id for row in rows if row.job_id}:
            copy_first_steps(job_ids, cls.objects.open(), by=by)

    def update_job(self, by: Member | None) -> None:
        """`update_jobs` for one row."""
        self.update_jobs([self], by=by)
