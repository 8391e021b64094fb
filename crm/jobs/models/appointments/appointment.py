"""Appointment: a meeting with a customer, with its type, time, place, attendees and outcome."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext

from crm.jobs.models.appointments import appointment_undo
from crm.jobs.models.appointments.appointment_record import by_way
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.local_time import zone_of
from crm.jobs.models.appointments.offer import AppointmentOffer
from crm.jobs.models.appointments.queryset import AppointmentQuerySet
from crm.jobs.models.appointments.states import AppointmentOutcome, AppointmentState
from crm.jobs.models.contact import CONTACTS, ContactOutcome
from crm.jobs.models.job import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Change, ChangedRow, Member, TenantManager
from crm.platform.undo import Undoable, Values

# The cause in the events of contacts that an appointment brought.
CAUSE = "appointment"
# It was booked, confirmed, rescheduled, cancelled, closed or reopened: `appointment`, as it is now, and `what`, the
# kind of its event. Answered in the same transaction by the app that writes to customers: what was to be said of it
# before is withdrawn and planned anew, with it or not at all.
appointment_changed = Signal()


class Appointment(AppointmentOffer, Undoable):
    """A time agreed with a customer of a job. Its uid never changes: it is the UID in calendars."""

    objects: ClassVar[Any] = TenantManager.from_queryset(AppointmentQuerySet)()

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
        """Book a time. `minutes`: by default the type's duration; `anyway`: allow outside hours or without the skill.

        `ask_first`: it is held until the customer says yes. Raises InTheWay with who or what is in the way, Refused for
        a time that has passed, with nobody who comes, or about which the customer cannot be asked.
        """
        job.lock()
        if not job.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if type_.archived_at:
            raise Refused(gettext("This type is no longer available. Choose another."))
        length = timedelta(minutes=minutes or type_.minutes)
        appointment = cls(
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
        appointment._check_time(starts_at, appointment.ends_at)
        appointment._check_free(members, by, anyway)
        appointment.save()
        appointment.refresh_from_db(fields=["uid"])
        appointment._place(members)
        kind = "appointment.booked"
        if ask_first:
            kind = "appointment.offered"
            appointment._ask(by)
            appointment._save()
        appointment._record(kind, by, {"to": starts_at.isoformat(), "members": appointment.member_ids})
        return appointment

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
        """Change its time, length or members. Idempotent.

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
        self._record_rescheduled(before, by, by_way(way))

    @transaction.atomic
    def cancel(self, reason: str, *, by: Member | None, way: str = "") -> None:
        """Cancel it. Idempotent. Raises Stale if it is closed in another way."""
        self.lock()
        if self.state == AppointmentState.CANCELLED:
            return
        self._expect_live()
        self._drop_offer()
        self.state = AppointmentState.CANCELLED
        self.reason = " ".join(reason.split())[:200]
        self.sequence += 1
        self._save("state", "reason", "sequence")
        self.attendances.update(is_live=False)
        # What the customer wrote stands on the row, where it can be erased.
        data = {"reason": "" if way else self.reason, "from": self.starts_at.isoformat()}
        self._record("appointment.cancelled", by, data | by_way(way))

    @transaction.atomic
    def complete(self, outcome: str, *, by: Member | None, note: str = "") -> None:
        """Close it as held, with an outcome, and record the contact with the customer. Idempotent.

        Raises ValueError for no outcome, Refused before it begins, Stale once it is closed otherwise.
        """
        self.lock()
        if self.state == AppointmentState.DONE:
            return
        outcome = AppointmentOutcome(outcome)
        self._close(AppointmentState.DONE)
        self.outcome = outcome
        self._save("state", "outcome")
        self._record("appointment.completed", by, {"outcome": outcome})
        self._contact(ContactOutcome.REACHED, by, note)

    @transaction.atomic
    def miss(self, *, by: Member | None, note: str = "") -> None:
        """Close it as a no-show of the customer. Idempotent. Raises as `complete`."""
        self.lock()
        if self.state == AppointmentState.NO_SHOW:
            return
        self._close(AppointmentState.NO_SHOW)
        self._save("state")
        self._record("appointment.missed", by, {})
        self._contact(ContactOutcome.NO_ANSWER, by, note)

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> None:
        """Reopen an appointment that was closed by mistake. Idempotent. Raises InTheWay if its time is taken."""
        self.lock()
        if self.is_live:
            return
        members = self._present_members()
        if self.state == AppointmentState.CANCELLED:
            self._check_free(members, by, anyway=True)
            self.sequence += 1
        else:
            Job.objects.get(pk=self.job_id).withdraw_contact(self.changed_at)
        if self.confirmed_at:
            self.state = AppointmentState.CONFIRMED
        else:
            self.state = AppointmentState.PLANNED
        self.outcome = self.reason = ""
        self._save("state", "outcome", "reason", "sequence")
        self.attendances.update(is_live=True)
        self._record("appointment.reopened", by, {})

    # How it is done

    def _close(self, state: AppointmentState) -> None:
        self._expect_live()
        if self.starts_at > clock.now():
            raise Refused(gettext("It has not begun yet."))
        self._drop_offer()
        self.state = state

    def _contact(self, outcome: str, by: Member | None, note: str) -> None:
        if outcome in CONTACTS.get(self.type.way, ()):
            job = Job.objects.get(pk=self.job_id)
            job.contact(self.type.way, outcome, by=by, note=note, at=self.changed_at, cause=CAUSE)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        super()._record(kind, by, {"type": self.type_id, "zone": self.time_zone} | data, at=at)
        appointment_changed.send(Appointment, appointment=self, what=kind)

    # Undo

    # A new version means somebody changed it.
    undo_columns = ("version", "state", "starts_at", "ends_at", "member_ids", "held_until")
    undo_named_with = ("type", "job")

    @property
    def undo_name(self) -> str:
        return f"{self.type.name}, {self.job.title}"

    def undo_refusal(self, before: Values, change: Change) -> str:
        return appointment_undo.taken_time_refusal(self, before, change)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        for row in rows:
            appointment_undo.undo_appointment(row, recorded[row.pk].before or {}, change, by)


def end_holds(appointment_ids: Sequence[int]) -> None:
    """Release the held times that have expired. Idempotent."""
    for row in Appointment.lock_all(Appointment.objects.filter(pk__in=appointment_ids)):
        if row.held_until and row.held_until <= clock.now():
            row.release("time", by=None)
