"""FollowUp: a task for a customer or job, with a date and an assignee. A job's earliest open one is its next step."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext

from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member
from followups.models.completion import cancel_all, complete_all, reopen_all, start_all, stop_all
from followups.models.due_time import mark_missed, schedule_due_work, set_due_times
from followups.models.event_data import cause_data, planned_data
from followups.models.follow_up_row import UNDATED, FollowUpRow
from followups.models.follow_up_undo import FollowUpUndo
from followups.models.kind_setup import kinds
from followups.models.links import add_reference, links_of
from followups.models.notes.follow_up_note import FollowUpNote
from followups.models.reminder import clean_customer_times, clean_times
from followups.models.reminder_plan import plan_reminders
from followups.models.series import FollowUpSeries
from followups.models.status import CustomerAct, FollowUpOutcome, FollowUpStatus
from followups.models.template import FollowUpTemplate


def clean_subject(subject: str, kind: str) -> str:
    """Return the subject of a follow-up, without extra blanks. Raises ValueError without subject or type."""
    subject = " ".join(subject.split())[:120]
    if not subject:
        raise ValueError("a follow-up has a subject")
    if kind not in kinds().all:
        raise ValueError(f"there is no type of follow-up {kind!r}")
    return subject


class FollowUp(FollowUpRow, FollowUpUndo):
    """A task for a customer, with its due time, assignee and outcome."""

    class Meta(FollowUpRow.Meta):
        pass

    @classmethod
    def build(
        cls,
        *,
        kind: str,
        subject: str,
        due_at: datetime | None,
        job: Job | None = None,
        person_id: int | None = None,
        about: Model | None = None,
        **columns: Any,
    ) -> "FollowUp":
        """Return an unsaved follow-up; a job's is its customer's. Raises ValueError without subject or type."""
        subject = clean_subject(subject, kind)
        links = links_of(about, job=job, person_id=person_id)
        return cls(kind=str(kind), subject=subject, due_at=due_at, sort_at=due_at or UNDATED, **links, **columns)

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
        about: Model | None = None,
        assignee: Member | None = None,
        priority: int = Priority.NORMAL,
        notes: str = "",
        limit_at: datetime | None = None,
        after: "FollowUp | None" = None,
        cause: str = "",
        origin: str = "",
        template: FollowUpTemplate | None = None,
        series: FollowUpSeries | None = None,
        original_start: datetime | None = None,
        **details: Any,
    ) -> "FollowUp":
        """Plan a follow-up; its job's copy of the next step is updated. Raises ValueError without subject or type.

        `person_id`: whose it is where there is no job; `limit_at`: the latest time that was promised. `about`: the
        record it is about (followups/models/links.py), whose job and person it takes over; by default that of
        `after`. About nothing, it is personal. `details`: columns of FollowUpDetails.
        """
        if after and not (job or person_id or about):
            about = after.record
        follow_up = cls.build(
            job=job,
            person_id=person_id,
            about=about,
            kind=kind,
            subject=subject,
            notes=notes.strip(),
            due_at=due_at,
            limit_at=limit_at,
            priority=priority,
            assignee=assignee,
            after=after,
            created_by=by,
            origin=origin,
            template=template,
            series=series,
            original_start=original_start,
            **details,
        )
        if follow_up.job:
            follow_up.job.lock()
            follow_up.person_id = follow_up.job.person_id
        follow_up.refuse_without_customer()
        follow_up.save(force_insert=True)
        add_reference(follow_up, about)
        follow_up._record("followup.planned", by, planned_data(follow_up) | cause_data(cause))
        schedule_due_work([follow_up], are_new=True)
        follow_up.update_job(by)
        return follow_up

    @transaction.atomic
    def start(self, *, by: Member | None) -> None:
        """Mark as started. Idempotent. Raises Stale when it is closed."""
        self.lock()
        self._check_open()
        if self.status == FollowUpStatus.PENDING:
            start_all([self], by=by)

    @transaction.atomic
    def stop(self, *, by: Member | None) -> None:
        """Mark a started one as planned again. Idempotent. Raises Stale when it is closed."""
        self.lock()
        self._check_open()
        if self.status == FollowUpStatus.IN_PROGRESS:
            stop_all([self], by=by)

    @transaction.atomic
    def complete(
        self, outcome: str, *, by: Member | None, note: str = "", cause: str = "", contact: str | None = None
    ) -> None:
        """Complete it, with an outcome. A call, text, email or visit is a contact with the customer. Idempotent.

        `contact`: the outcome of that contact where it says more, as that a message was left.

        `cause`: the event that completed it and has recorded the contact itself. Raises ValueError for no outcome,
        Stale when it was cancelled.
        """
        self.lock()
        outcome = FollowUpOutcome(outcome)
        if self.status != FollowUpStatus.COMPLETED:
            self._check_open()
            complete_all([self], outcome, by=by, note=note, cause=cause, contact=contact)

    @transaction.atomic
    def cancel(self, *, by: Member | None, cause: str = "") -> None:
        """Cancel it; `cause`: the event that made it unnecessary. Idempotent. Raises Stale when it was completed."""
        self.lock()
        if self.status != FollowUpStatus.CANCELLED:
            self._check_open()
            cancel_all([self], by=by, cause=cause)

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> list["FollowUp"]:
        """Reopen a completed or cancelled follow-up. Idempotent.

        The contact its completion recorded is withdrawn, and what was planned in the same act is cancelled, unless
        somebody has changed it since. Returns what was cancelled.
        """
        self.lock()
        if self.is_open:
            return []
        following = self.lock_following([self])
        reopen_all([self], following, by=by)
        return following

    @transaction.atomic
    def reschedule(self, due_at: datetime, *, by: Member | None, cause: str = "") -> None:
        """Change its time; `cause`: the event that required it. Idempotent.

        Raises Refused for a time that has passed, Stale when it is closed.
        """
        self.lock()
        self._check_open()
        if self.due_at == due_at:
            return
        if due_at <= clock.now():
            raise Refused(gettext("Choose a day and time in the future."))
        mark_missed([self])
        set_due_times([(self, due_at)], by=by, cause=cause)

    @transaction.atomic
    def restore_time(self, due_at: datetime | None, *, by: Member | None) -> None:
        """Give it back its earlier time when a change is undone. A time that has passed is allowed. Idempotent."""
        self.lock()
        self._check_open()
        if self.due_at != due_at:
            set_due_times([(self, due_at)], by=by)

    @transaction.atomic
    def assign_to(self, member: Member | None, *, by: Member | None) -> None:
        """Assign it to a member; None unassigns it. Idempotent. Raises Stale when it is closed."""
        self.lock()
        self._check_open()
        self.assign_all([(self, member.pk if member else None)], by=by)

    @classmethod
    @transaction.atomic
    def assign_all(
        cls, assignments: "Iterable[tuple[FollowUp, int | None]]", *, by: Member | None, cause: str = ""
    ) -> int:
        """Assign locked, open follow-ups to members by id; None unassigns. Returns how many changed."""
        changes = []
        for row, member_id in assignments:
            if row.assignee_id != member_id:
                changes.append((row, {"from": row.assignee_id, "to": member_id} | cause_data(cause)))
                row.assignee_id = member_id
        cls.save_changes("followup.assigned", changes, "assignee_id", by=by)
        plan_reminders([row for row, _data in changes])
        return len(changes)

    @transaction.atomic
    def prioritize(self, priority: int, *, by: Member | None) -> None:
        """Set its priority. Idempotent. Raises Stale when it is closed."""
        self.lock()
        self._check_open()
        self.prioritize_all([(self, priority)], by=by)

    @classmethod
    @transaction.atomic
    def prioritize_all(cls, priorities: "Iterable[tuple[FollowUp, int]]", *, by: Member | None) -> int:
        """Set the priority of locked, open follow-ups. Returns how many changed."""
        changes = []
        for row, priority in priorities:
            if row.priority != priority:
                changes.append((row, {"from": row.priority, "to": priority}))
                row.priority = Priority(priority)
        cls.save_changes("followup.prioritized", changes, "priority", by=by)
        return len(changes)

    @transaction.atomic
    def set_reminders(
        self,
        times: Iterable[tuple[int, str]] | None,
        *,
        by: Member | None,
        customer_times: Iterable[tuple[int, str]] | None = None,
    ) -> None:
        """Set its reminders; None: use the default ones of its assignee or type. Idempotent.

        `customer_times`: the reminders to the customer; None leaves them as they are. Raises Refused for what is no
        reminder, Stale when it is closed.
        """
        self.lock()
        self._check_open()
        before = (self.own_reminders, self.customer_reminders)
        self.own_reminders = None if times is None else clean_times(times)
        if customer_times is not None:
            self.customer_reminders = clean_customer_times(customer_times)
        self.refuse_without_customer()
        if (self.own_reminders, self.customer_reminders) != before:
            columns = ("own_reminders", "customer_reminders")
            self.save_changes("followup.reminders_set", [(self, {})], *columns, by=by)
            plan_reminders([self])

    @transaction.atomic
    def set_completes_on(self, act: str, *, by: Member | None) -> None:
        """Choose the act of the customer that completes it; "": a member does. Idempotent.

        Raises ValueError for an unknown act, Refused without a customer, Stale when it is closed.
        """
        self.lock()
        self._check_open()
        before = self.completes_on
        self.completes_on = CustomerAct(act) if act else ""
        self.refuse_without_customer()
        if self.completes_on != before:
            self.save_changes("followup.completion_set", [(self, {"act": act})], "completes_on", by=by)

    def note(self, body: str, *, by: Member | None) -> FollowUpNote:
        """Write a note. Raises Refused for an empty one."""
        return FollowUpNote.write(self, body, by=by)

    @classmethod
    def miss_all(cls, ids: Sequence[int]) -> None:
        """Mark those that are open and late as missed, at the instant each was due, for good. Idempotent.

        Rule: docs/rules.md#k8.
        """
        unmarked = cls.objects.select_for_update().filter(pk__in=ids, missed_at__isnull=True)
        late = list(unmarked.overdue(clock.now()).order_by("pk"))
        mark_missed(late)
        # Without a new version: nobody changed it, and a form that is open stays good.
        cls.objects.bulk_update(late, ["missed_at"])

    def _check_open(self) -> None:
        if not self.is_open:
            raise Stale(self, gettext("This is no longer possible. The page shows the current state."))
