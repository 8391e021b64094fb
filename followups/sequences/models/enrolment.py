"""Enrolment: a lead in a sequence: where it stands, when it goes on, and why it ended."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.models import Change, ChangedRow, Member, TenantForeignKey, TenantManager, Versioned
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable
from followups.models import FollowUp
from followups.sequences.models.choices import (
    EndReason,
    EnrolmentEntry,
    EnrolmentState,
    PauseReason,
    SequencePurpose,
)
from followups.sequences.models.queryset import INSIDE, EnrolmentQuerySet
from followups.sequences.models.sequence import Sequence, sequences_by_id
from followups.sequences.models.version import SequenceVersion

# An entry or an end was undone: `rows`, locked; `kind`: of what; `by`. Sent in its transaction.
enrolments_undone = Signal()


# The kind under which an entry is kept for its undo, and of its event.
ENTERED = "sequence.entered"
# The kind under which a move to another version is kept for its undo, and of its event.
VERSION_MOVED = "sequence.version_moved"


class Enrolment(Versioned, Undoable):
    """A lead in a sequence, on the version with which it began. Kept when it is over."""

    # What has changed where somebody did something since; the engine walks on by itself.
    undo_columns = ("state", "end_reason")
    undo_named_with = ("job",)
    uid = public_id()
    sequence = TenantForeignKey(Sequence, models.PROTECT, related_name="enrolments")
    version = TenantForeignKey(SequenceVersion, models.PROTECT, related_name="+")
    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, related_name="+")
    # The person's id at entry, as a number: a merge of two customers repoints keys, and deletes what is unique by one.
    held_for = models.BigIntegerField()
    # The sequence's purpose at entry: a customer is in one sequence of a purpose at a time.
    purpose = models.CharField(max_length=8, choices=SequencePurpose)
    state = models.CharField(max_length=8, choices=EnrolmentState, default=EnrolmentState.ACTIVE)
    entry = models.CharField(max_length=8, choices=EnrolmentEntry)
    entered_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # It entered in test mode: its steps are noted and not done, and it holds no place of its customer.
    is_test = models.BooleanField(default=False, db_default=False)
    # The event of the rule's run that put it in; null for one put in by hand.
    entry_event_id = models.BigIntegerField(null=True, blank=True)
    entered_at = models.DateTimeField(default=clock.now)
    # The step it stands at; since when that wait or follow-up has begun (null: it is to be done); when it goes on.
    position = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    # The business calendar by which it waits; null where an edited calendar moves nothing.
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, related_name="+")
    # The follow-up that must be done before it goes on.
    task = TenantForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")
    # When it last wrote to the customer: a fork asks what they did since.
    wrote_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=12, choices=PauseReason, blank=True)
    # When it goes on by itself; null: when the reason is over.
    paused_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason, blank=True)
    ended_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # What brought the end: the id of an event or message, a stop signal's name, the other sequence.
    end_cause = models.JSONField(default=dict, blank=True)

    muted_with = ("person",)

    objects: ClassVar[Any] = TenantManager.from_queryset(EnrolmentQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="enrolment_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "held_for", "purpose"],
                condition=Q(state__in=INSIDE, is_test=False),
                name="enrolment_is_one_a_purpose",
            ),
            models.UniqueConstraint(
                fields=["tenant", "held_for", "sequence"],
                condition=Q(state__in=INSIDE, is_test=True),
                name="enrolment_is_one_a_test",
            ),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(state=EnrolmentState.ENDED) & Q(ended_at__isnull=True, end_reason=""),
                name="enrolment_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.PAUSED) & ~Q(pause_reason="")
                | ~Q(state=EnrolmentState.PAUSED) & Q(pause_reason=""),
                name="enrolment_is_paused_with_a_reason",
            ),
        ]
        indexes = [
            # Those inside: of a sequence, newest first; at a step of a version; of a lead; of a customer.
            models.Index(fields=["tenant", "sequence", "-id"], name="enrolment_of_sequence"),
            models.Index(
                fields=["tenant", "version", "position"], condition=Q(state__in=INSIDE), name="enrolment_at_step"
            ),
            models.Index(fields=["tenant", "job", "-id"], name="enrolment_of_job"),
            models.Index(fields=["tenant", "person", "-id"], name="enrolment_of_person"),
            models.Index(fields=["tenant", "task"], condition=Q(task__isnull=False), name="enrolment_of_task"),
            models.Index(
                fields=["tenant", "sequence", "-ended_at"], condition=Q(state="ended"), name="enrolment_ended"
            ),
            models.Index(
                fields=["tenant", "calendar", "id"], condition=Q(calendar__isnull=False), name="enrolment_calendar"
            ),
            models.Index(fields=["tenant", "pause_reason", "id"], condition=Q(state="paused"), name="enrolment_paused"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence_id} {self.job_id}"

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def form_version(self) -> str:
        """The version a form carries: state, position and reason of a pause."""
        return f"{self.state}.{self.position}.{self.pause_reason}"

    @classmethod
    def undo_refusals(
        cls, rows: Collection[Any], recorded: Mapping[int, ChangedRow], change: Change
    ) -> Mapping[int, str]:
        """Return which moves to another version cannot be undone, as a step was done there, and which ends."""
        if change.kind == ENTERED:
            return {}
        if change.kind != VERSION_MOVED:
            return cls.refusals_to_return(rows)
        gone_on = cls.objects.filter(pk__in=[row.pk for row in rows], steps__isnull=False)
        return dict.fromkeys(gone_on.values_list("pk", flat=True), _("It has gone on since."))

    @classmethod
    def refusals_to_return(cls, rows: Collection["Enrolment"]) -> dict[int, str]:
        """Return why enrolments that are over cannot be put back where they were, by id. One query."""
        rows = [row for row in rows if not row.is_inside]
        people = {row.person_id for row in rows}
        holders = {holder.slot: holder for holder in cls.objects.inside().filter(held_for__in=people)}
        refusals = {}
        for row in rows:
            sequence = sequences_by_id()[row.sequence_id]
            holder = holders.get((row.is_test, row.person_id, row.slot[2]))
            if row.end_reason == EndReason.FINISHED:
                refusals[row.pk] = _("It was at the end.")
            elif row.end_reason == EndReason.MOVED:
                refusals[row.pk] = _("It goes on in another version.")
            elif row.is_test and not sequence.is_in_test:
                refusals[row.pk] = _("The test is over.")
            elif holder:
                refusals[row.pk] = _("Held by “%(name)s”.") % {"name": sequences_by_id()[holder.sequence_id].name}
        return refusals

    @property
    def slot(self) -> tuple[bool, int, str | int]:
        """The place it holds while it is inside: of its customer and purpose; in test mode, of its sequence."""
        return self.is_test, self.held_for, self.sequence_id if self.is_test else self.purpose

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Undo an entry, a member's stop or a move: the engine does it (followups/sequences/member_acts.py)."""
        enrolments_undone.send(Enrolment, rows=rows, kind=change.kind, by=by)

    @property
    def timeline_job_id(self) -> int | None:
        """The lead on whose timeline its events are; None in test mode, for nothing happens to the lead."""
        if self.is_test:
            return None
        return self.job_id

    @property
    def is_inside(self) -> bool:
        """True if it is not over."""
        return self.state in INSIDE
