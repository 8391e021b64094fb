"""FollowUp: a task planned for a customer or job, by whom and when. A job's earliest open one is its next step."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import CONTACTS, ContactOutcome, Job, Priority
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.work import due
from followups.models.first_steps import NOTHING, first_steps
from followups.models.follow_up_undo import CAUSE, MISSED, FollowUpUndo
from followups.models.kind import Kind
from followups.models.kind_setup import kinds
from followups.models.queryset import OPEN, FollowUpQuerySet

# Where a follow-up without a date sorts: behind all that have one.
UNDATED = datetime(9000, 1, 1, tzinfo=UTC)


class Status(models.TextChoices):
    """The states of a follow-up. Overdue is not one: it is derived, as the work still has to be done.

    Rule: docs/rules.md#k8.
    """

    PENDING = "pending", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(models.TextChoices):
    SUCCESSFUL = "successful", _("Successful")
    NO_ANSWER = "no_answer", _("No answer")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    WRONG_TIME = "wrong_time", _("Wrong time")
    NOT_NEEDED = "not_needed", _("Not needed")


def checked_subject(subject: str, kind: str) -> str:
    """Return the subject of a follow-up that is planned, tidied. Raises ValueError without one, or without a type."""
    subject = " ".join(subject.split())[:120]
    if not subject:
        raise ValueError("a follow-up has a subject")
    if kind not in kinds().all:
        raise ValueError(f"there is no type of follow-up {kind!r}")
    return subject


def contact_outcome(kind: str, outcome: str) -> str:
    """Return how a contact ended that was planned as this type; "" where nobody was in touch, nor tried."""
    ends, tried = CONTACTS.get(kind, ()), outcome in (Outcome.NO_ANSWER, Outcome.WRONG_TIME)
    if not ends or not (tried or outcome == Outcome.SUCCESSFUL):
        return ""
    return ContactOutcome.NO_ANSWER if tried and ContactOutcome.NO_ANSWER in ends else ends[0]


class FollowUp(JobPart, FollowUpUndo):
    """One thing to do for a customer, once: what, when, by whom, and how it ended."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    # A type's code (followups/models/kind_setup.py): a built-in one, or the tenant's own.
    kind = models.CharField(max_length=16, default=Kind.TASK)
    subject = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    # Null: somebody planned it without a day, as imports do.
    due_at = models.DateTimeField(null=True, blank=True)
    # `due_at`, or UNDATED: what lists are sorted by.
    sort_at = models.DateTimeField(editable=False)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    assignee = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # When it was first missed. Stays, whatever happens later: what was promised was not kept.
    missed_at = models.DateTimeField(null=True, blank=True)
    # The one whose completion brought this one.
    after = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # What it was planned by, where that may take it back: the use of a macro. One of each.
    origin = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(FollowUpQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
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
        ]
        indexes = [
            # The list: one member's open ones, or everybody's.
            models.Index(
                fields=["tenant", "assignee", "sort_at", "id"], condition=Q(status__in=OPEN), name="followup_mine"
            ),
            models.Index(fields=["tenant", "sort_at", "id"], condition=Q(status__in=OPEN), name="followup_open"),
            models.Index(fields=["tenant", "completed_at"], condition=Q(status="completed"), name="followup_completed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    # What it is

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open and its time has passed; derived, never stored."""
        return self.is_open and self.due_at is not None and self.due_at < now

    # Verbs

    @classmethod
    @transaction.atomic
    def plan(
        cls,
        *,
        kind: str,
        subject: str,
        due_at: datetime | None,
        by: Member | None,
        job: Job | None = None,
        person_id: int | None = None,
        assignee: Member | None = None,
        priority: int = Priority.NORMAL,
        notes: str = "",
        after: "FollowUp | None" = None,
        cause: str = "",
        origin: str = "",
    ) -> "FollowUp":
        """Plan a follow-up; its job's copy of the next step is updated. Raises ValueError without subject or type.

        `person_id`: whose it is where there is no job.
        """
        subject = checked_subject(subject, kind)
        if job:
            job.lock()
        found = cls.objects.create(
            job=job,
            person_id=job.person_id if job else person_id,
            kind=str(kind),
            subject=subject,
            notes=notes.strip(),
            due_at=due_at,
            sort_at=due_at or UNDATED,
            priority=priority,
            assignee=assignee,
            after=after,
            created_by=by,
            origin=origin,
        )
        found._record("followup.planned", by, found.planned_data() | _because(cause))
        found._schedule()
        found._mirror(by)
        return found

    def planned_data(self) -> dict[str, Any]:
        """The data of the event of planning it."""
        return {"kind": str(self.kind), "assignee": self.assignee_id} | _instant("at", self.due_at)

    @transaction.atomic
    def start(self, *, by: Member | None) -> None:
        """Mark as started. Raises Stale when it is closed."""
        self.lock()
        self._expect_open()
        if self.status == Status.IN_PROGRESS:
            return
        self.status = Status.IN_PROGRESS
        self._save("status")
        self._record("followup.started", by, {})

    @transaction.atomic
    def complete(self, outcome: str, *, by: Member | None, note: str = "", cause: str = "") -> None:
        """Complete it, with an outcome. Again: nothing. A call, text, email or visit is a contact with the customer.

        `cause`: what completed it; one that logged the contact itself. Raises ValueError for no outcome, Stale when it
        was cancelled.
        """
        self.lock()
        outcome = Outcome(outcome)
        if self.status == Status.COMPLETED:
            return
        if not self.is_open:
            raise self._closed()
        self.status, self.outcome, self.completed_at, self.completed_by = Status.COMPLETED, outcome, clock.now(), by
        self._miss_if_late()
        self._add_note(note)
        self._save("status", "outcome", "completed_at", "completed_by", "missed_at", "notes")
        self._record("followup.completed", by, {"kind": self.kind, "outcome": outcome} | _because(cause))
        due.cancel(MISSED, [self.pk])
        if not cause:
            self._log_contact(by, note)
        self._mirror(by)

    def _log_contact(self, by: Member | None, note: str) -> None:
        """Record on the job that somebody was in touch or tried, if this type is a contact and came to one."""
        if self.job_id and (ended := contact_outcome(self.kind, self.outcome)):
            job = Job.objects.get(pk=self.job_id)
            job.contact(self.kind, ended, by=by, note=note, at=self.completed_at, cause=CAUSE)

    @transaction.atomic
    def cancel(self, *, by: Member | None, cause: str = "") -> None:
        """Cancel it, `cause`: what for. Again: nothing. Raises Stale when it was completed."""
        self.lock()
        if self.status == Status.CANCELLED:
            return
        if not self.is_open:
            raise self._closed()
        self._miss_if_late()
        self.status = Status.CANCELLED
        self._save("status", "missed_at")
        self._record("followup.cancelled", by, self.cancelled_data() | _because(cause))
        due.cancel(MISSED, [self.pk])
        self._mirror(by)

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> list["FollowUp"]:
        """Reopen a completed or cancelled one: the button was pressed too soon. An open one stays as it is.

        What its completion said of the last contact is withdrawn, and what was planned in the same act is cancelled,
        unless somebody has changed it since. Returns what was cancelled.
        """
        self.lock()
        if self.is_open:
            return []
        following = self.lock_following() if self.status == Status.COMPLETED else []
        if self.job_id and self.completed_at:
            Job.objects.get(pk=self.job_id).withdraw_contact(self.completed_at)
        self.status, self.outcome, self.completed_at, self.completed_by = Status.PENDING, "", None, None
        self._save("status", "outcome", "completed_at", "completed_by")
        self._record("followup.reopened", by, {"kind": self.kind})
        self._schedule()
        for one in following:
            one.cancel(by=by)
        self._mirror(by)
        return following

    @transaction.atomic
    def reschedule(self, due_at: datetime, *, by: Member | None, cause: str = "") -> None:
        """Change its time, `cause`: what for. The same: nothing.

        Raises Refused for a time that has passed, Stale when it is closed.
        """
        self.lock()
        self._expect_open()
        if self.due_at == due_at:
            return
        if due_at <= clock.now():
            raise Refused(gettext("Choose a day and time in the future."))
        self._miss_if_late()
        self._set_time(due_at, by, cause)

    @transaction.atomic
    def restore_time(self, due_at: datetime | None, *, by: Member | None) -> None:
        """Give it the time it had, when rescheduling it is undone; one that has passed by now is missed as any."""
        self.lock()
        self._expect_open()
        if self.due_at != due_at:
            self._set_time(due_at, by)

    def _set_time(self, due_at: datetime | None, by: Member | None, cause: str = "") -> None:
        before, self.due_at, self.sort_at, self.status = self.due_at, due_at, due_at or UNDATED, Status.PENDING
        self._save("due_at", "sort_at", "status", "missed_at")
        self._record("followup.rescheduled", by, _instant("from", before) | _instant("to", due_at) | _because(cause))
        self._schedule()
        self._mirror(by)

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None) -> None:
        """Assign it to a member. To the present one: nothing. Raises Stale when it is closed."""
        self.lock()
        self._expect_open()
        if data := self._assign(member.pk if member else None):
            self._save("assignee_id")
            self._record("followup.assigned", by, data)

    @classmethod
    @transaction.atomic
    def assign_all(cls, given: "Iterable[tuple[FollowUp, int | None]]", *, by: Member | None, cause: str) -> int:
        """Assign locked, open follow-ups each to a member, by id, or to nobody; returns how many were reassigned."""
        changed = [(row, data | {"cause": cause}) for row, new in given if (data := row._assign(new))]
        for row, _data in changed:
            row.version += 1
        bulk_write.save_all([row for row, _data in changed], ["assignee_id", "version"])
        events.record_all([Fact("followup.assigned", row, data, job_id=row.job_id) for row, data in changed], by=by)
        return len(changed)

    def _assign(self, member_id: int | None) -> dict[str, Any] | None:
        """Set the member; returns the event's data, None if unchanged."""
        if self.assignee_id == member_id:
            return None
        before, self.assignee_id = self.assignee_id, member_id
        return {"from": before, "to": member_id}

    @transaction.atomic
    def note(self, body: str, *, by: Member | None) -> None:
        """Append a note. Raises ValueError for an empty one."""
        self.lock()
        if not body.strip():
            raise ValueError("a note has words")
        self._add_note(body)
        self._save("notes")
        self._record("followup.noted", by, {})

    # How it is done

    def _expect_open(self) -> None:
        if not self.is_open:
            raise self._closed()

    def _closed(self) -> Stale:
        return Stale(self, gettext("This is no longer possible. The page shows the current state."))

    def _add_note(self, body: str) -> None:
        self.notes = "\n".join(part for part in (self.notes, body.strip()) if part)

    def _miss_if_late(self) -> None:
        """Mark it as missed if it is late and the tick has not done so yet."""
        if self.missed_at is None and self.due_at is not None and self.due_at < clock.now():
            self._record("followup.missed", None, self._miss(), at=self.due_at)

    @classmethod
    def miss_all(cls, ids: Sequence[int]) -> None:
        """Mark those that are open, due and not missed yet, at the instant each was due. It stays on them.

        Rule: docs/rules.md#k8.
        """
        found = cls.objects.select_for_update().filter(pk__in=ids, missed_at__isnull=True)
        late = list(found.overdue(clock.now()).order_by("pk"))
        facts = [Fact("followup.missed", row, row._miss(), job_id=row.job_id, at=row.due_at) for row in late]
        # Without a new version: nobody changed it, and a form that is open stays good.
        cls.objects.bulk_update(late, ["missed_at"])
        events.record_all(facts, by=None)

    def _miss(self) -> dict[str, Any]:
        """Set when it was missed, which is when it was due; returns the event's data."""
        self.missed_at = self.due_at
        return {"kind": self.kind}

    def _schedule(self) -> None:
        """Schedule one Due, at the instant it is missed. It is missed only once."""
        if self.due_at and self.missed_at is None:
            due.schedule(MISSED, self.pk, self.due_at)
        else:
            due.cancel(MISSED, [self.pk])

    def _mirror(self, by: Member | None) -> None:
        """Copy what is earliest to the job as its next step, or clear that. The job must be locked."""
        if self.job_id is None:
            return
        kind, label, at = first_steps([self.job_id], type(self).objects.open()).get(self.job_id, NOTHING)
        Job.objects.get(pk=self.job_id).plan_next(kind=kind, label=label, at=at, by=by, cause=CAUSE)


def _instant(name: str, at: datetime | None) -> dict[str, str | None]:
    return {name: at.isoformat() if at else None}


def _because(cause: str) -> dict[str, str]:
    return {"cause": cause} if cause else {}
