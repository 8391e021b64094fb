"""Appointment: somebody of ours and a customer meet: what for, when, where, who comes, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext

from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.appointment_undo import AppointmentUndo
from crm.jobs.models.appointments.local_time import zone_of
from crm.jobs.models.appointments.offer import AppointmentOffer
from crm.jobs.models.appointments.queryset import AppointmentQuerySet
from crm.jobs.models.appointments.states import Outcome, State
from crm.jobs.models.contact import CONTACTS, ContactOutcome
from crm.jobs.models.job import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id

# The cause in the events of contacts that an appointment brought.
CAUSE = "appointment"
# It was booked, confirmed, rescheduled, cancelled, closed or reopened: `appointment`, as it is now, and `what`, the
# kind of its event. Answered in the same transaction by the app that writes to customers: what was to be said of it
# before is withdrawn and planned anew, with it or not at all.
appointment_changed = Signal()


class Appointment(AppointmentOffer, AppointmentUndo):
    """A time agreed with a customer of a job. It keeps its uid whatever is changed: calendars know it by that."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="appointments")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    site = TenantForeignKey("people.Property", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(AppointmentQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="appointment_uid_is_unique"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(outcome="") | ~Q(state="done") & Q(outcome=""),
                name="appointment_is_done_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "starts_at", "id"], name="appointment_by_time"),
            models.Index(fields=["tenant", "job", "starts_at"], name="appointment_of_job"),
        ]

    def __str__(self) -> str:
        return f"appointment {self.uid}"

    # What it is

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    # Verbs. `way`: how the customer said it, by "reply" or "link"; blank where a colleague did.

    @classmethod
    @transaction.atomic
    def book(
        cls,
        job: Job,
        type_: AppointmentType,
        starts_at: datetime,
        members: Sequence[Member],
        *,
        by: Member | None,
        minutes: int = 0,
        note: str = "",
        anyway: bool = False,
        ask_first: bool = False,
    ) -> Self:
        """Book a time. `minutes`: as long as the type takes, unless given; `anyway`: outside hours, without the skill.

        `ask_first`: it is held until the customer says yes. Raises InTheWay with who or what is in the way, Refused for
        a time that has passed, with nobody who comes, or about which the customer cannot be asked.
        """
        job.lock()
        if not job.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if type_.archived_at:
            raise Refused(gettext("This type is no longer available. Choose another."))
        length = timedelta(minutes=minutes or type_.minutes)
        found = cls(
            job=job,
            type=type_,
            person_id=job.person_id,
            site_id=job.site_id,
            starts_at=starts_at,
            ends_at=starts_at + length,
            travel_minutes=type_.travel_minutes,
            time_zone=zone_of(job, job.site),
            note=note.strip(),
            created_by=by,
        )
        found._check_time(starts_at, found.ends_at)
        found._check_free(members, by, anyway)
        found.save()
        found.refresh_from_db(fields=["uid"])
        found._place(members)
        if ask_first:
            found._ask(by)
            found._save()
        kind = "appointment.booked"
        if ask_first:
            kind = "appointment.offered"
        found._record(kind, by, {"to": starts_at.isoformat(), "members": found.member_ids})
        return found

    @transaction.atomic
    def confirm(self, *, by: Member | None, way: str = "") -> None:
        """Note that the customer comes. Confirmed: nothing; asked about it first: accept. Raises Stale once closed."""
        self.lock()
        self._expect_live()
        if self.is_held and self.offered_starts_at is None:
            self.accept(by=by, way=way)
            return
        if self.is_confirmed:
            return
        self.state = State.CONFIRMED
        self.confirmed_at = clock.now()
        self.asked_at = None
        self.asked_words = ""
        self._save("state", "confirmed_at", "asked_at", "asked_words")
        self._record("appointment.confirmed", by, _by_way(way))

    @transaction.atomic
    def unconfirm(self, *, by: Member | None) -> None:
        """Note that nobody knows yet whether the customer comes: the button was pressed too soon. Planned: nothing."""
        self.lock()
        self._expect_live()
        if self.is_confirmed:
            self.state = State.PLANNED
            self.confirmed_at = None
            self._save("state", "confirmed_at")
            self._record("appointment.unconfirmed", by, {})

    @transaction.atomic
    def reschedule(
        self,
        starts_at: datetime,
        *,
        by: Member | None,
        members: Sequence[Member] | None = None,
        minutes: int = 0,
        anyway: bool = False,
        way: str = "",
    ) -> None:
        """Give it another time, length, or people. The same: nothing.

        At another time it is not confirmed, but where the customer chose it. Raises InTheWay and Refused as `book`,
        Stale once it is closed.
        """
        self.lock()
        self._expect_live()
        people, ends_at = self._asked_for(starts_at, members, minutes)
        same_people = {one.pk for one in people} == {one.pk for one in self._present_members()}
        if (starts_at, ends_at) == (self.starts_at, self.ends_at) and same_people:
            return
        self._drop_offer()
        is_moved = starts_at != self.starts_at
        before = self.starts_at
        self.starts_at = starts_at
        self.ends_at = ends_at
        if is_moved:
            self._check_time(starts_at, ends_at)
            self._begin_anew(is_chosen=bool(way))
        self._check_free(people, by, anyway)
        self._save_time(people)
        told = {"from": before.isoformat(), "to": starts_at.isoformat(), "members": self.member_ids}
        self._record("appointment.rescheduled", by, told | _by_way(way))

    @transaction.atomic
    def restore_time(
        self, starts_at: datetime, ends_at: datetime, members: Sequence[Member], state: str, *, by: Member
    ) -> None:
        """Give it the time and people it had, when rescheduling is undone. Raises InTheWay where they are taken."""
        self.lock()
        self._expect_live()
        self._drop_offer()
        before = self.starts_at
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.state = state
        if state == State.CONFIRMED:
            self.confirmed_at = clock.now()
        else:
            self.confirmed_at = None
        self._check_free(members, by, anyway=True)
        self._save_time(members)
        told = {"from": before.isoformat(), "to": starts_at.isoformat(), "members": self.member_ids}
        self._record("appointment.rescheduled", by, told)

    @transaction.atomic
    def ask_for_another_time(self, words: str, *, way: str) -> None:
        """Note that the customer cannot come then, in their words; again: the newest. Raises Stale once closed.

        Another time that was held for them is free again; what is new is held until its end, to be moved meanwhile.
        """
        self.lock()
        self._expect_live()
        if self.offered_starts_at:
            self._drop_offer()
        self.asked_at = clock.now()
        self.asked_words = " ".join(words.split())[:500]
        self.state = State.PLANNED
        self.confirmed_at = None
        self._save("asked_at", "asked_words", "state", "confirmed_at")
        self._record("appointment.asked", None, _by_way(way))

    @transaction.atomic
    def cancel(self, reason: str, *, by: Member | None, way: str = "") -> None:
        """Cancel it. Cancelled: nothing. Raises Stale once it is closed otherwise."""
        self.lock()
        if self.state == State.CANCELLED:
            return
        self._expect_live()
        self._drop_offer()
        self.state, self.reason, self.sequence = State.CANCELLED, " ".join(reason.split())[:200], self.sequence + 1
        self._save("state", "reason", "sequence")
        self.attendances.update(is_live=False)
        # What the customer wrote stands on the row, where it can be erased.
        told = {"reason": "" if way else self.reason, "from": self.starts_at.isoformat()}
        self._record("appointment.cancelled", by, told | _by_way(way))

    @transaction.atomic
    def complete(self, outcome: str, *, by: Member | None, note: str = "") -> None:
        """Close it as held, with an outcome: a contact with the customer. Done: nothing.

        Raises ValueError for no outcome, Refused before it begins, Stale once it is closed otherwise.
        """
        self.lock()
        if self.state == State.DONE:
            return
        outcome = Outcome(outcome)
        self._close(State.DONE)
        self.outcome = outcome
        self._save("state", "outcome")
        self._record("appointment.completed", by, {"outcome": outcome})
        self._contact(ContactOutcome.REACHED, by, note)

    @transaction.atomic
    def miss(self, *, by: Member | None, note: str = "") -> None:
        """Close it as not held: the customer was not there. So closed: nothing. Raises as `complete`."""
        self.lock()
        if self.state == State.NO_SHOW:
            return
        self._close(State.NO_SHOW)
        self._save("state")
        self._record("appointment.missed", by, {})
        self._contact(ContactOutcome.NO_ANSWER, by, note)

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> None:
        """Open a closed one again: the button was pressed too soon. Open: nothing. Raises InTheWay for a taken time."""
        self.lock()
        if self.is_live:
            return
        members = self._present_members()
        if self.state == State.CANCELLED:
            self._check_free(members, by, anyway=True)
            self.sequence += 1
        else:
            self._withdraw_contact()
        if self.confirmed_at:
            self.state = State.CONFIRMED
        else:
            self.state = State.PLANNED
        self.outcome = self.reason = ""
        self._save("state", "outcome", "reason", "sequence")
        self.attendances.update(is_live=True)
        self._record("appointment.reopened", by, {})

    # How it is done

    def _close(self, state: State) -> None:
        self._expect_live()
        if self.starts_at > clock.now():
            raise Refused(gettext("It has not begun yet."))
        self._drop_offer()
        self.state = state

    def _contact(self, outcome: str, by: Member | None, note: str) -> None:
        if outcome in CONTACTS.get(self.type.way, ()):
            job = Job.objects.get(pk=self.job_id)
            job.contact(self.type.way, outcome, by=by, note=note, at=self.changed_at, cause=CAUSE)

    def _withdraw_contact(self) -> None:
        Job.objects.get(pk=self.job_id).withdraw_contact(self.changed_at)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        super()._record(kind, by, {"type": self.type_id, "zone": self.time_zone} | data, at=at)
        appointment_changed.send(Appointment, appointment=self, what=kind)


def _by_way(way: str) -> dict[str, str]:
    if way:
        return {"way": way}
    return {}


def end_holds(appointment_ids: Sequence[int]) -> None:
    """Release the times whose hold has ended. Twice: nothing more."""
    for row in Appointment.lock_all(Appointment.objects.filter(pk__in=appointment_ids)):
        if row.held_until and row.held_until <= clock.now():
            row.release("time", by=None)
