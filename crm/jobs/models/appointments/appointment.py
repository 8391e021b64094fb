"""Appointment: somebody of ours and a customer meet: what for, when, where, who comes, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from crm.jobs.appointments.availability import InTheWay, Obstacle, Wanted, obstacles
from crm.jobs.appointments.local_time import zone_of
from crm.jobs.appointments.member_lock import hold_time_of
from crm.jobs.appointments.signals import appointment_changed
from crm.jobs.models.appointments.appointment_type import AppointmentType, has_length
from crm.jobs.models.appointments.appointment_undo import AppointmentUndo
from crm.jobs.models.appointments.attendance import Attendance
from crm.jobs.models.appointments.offer import OFFER, AppointmentOffer
from crm.jobs.models.appointments.queryset import LIVE, AppointmentQuerySet
from crm.jobs.models.appointments.states import Outcome, State
from crm.jobs.models.contact import CONTACTS, ContactOutcome
from crm.jobs.models.job import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id

# The cause in the events of contacts that an appointment brought.
CAUSE = "appointment"


class Appointment(AppointmentOffer, AppointmentUndo):
    """A time agreed with a customer of a job. It keeps its uid whatever is changed: calendars know it by that."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="appointments")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    site = TenantForeignKey("people.Property", models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    # The zone it is told in: of the place, else of the brand.
    time_zone = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # How it ended, or why it was cancelled.
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # When the customer asked for another time, and in which words; null once they have one.
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_words = models.CharField(max_length=500, blank=True)
    # Counts what calendars must hear of: another time, other people, a cancellation (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(AppointmentQuerySet)()
    # The reverse side of Attendance.
    attendances: Any

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
    def is_live(self) -> bool:
        """Whether it is still to be held, or was not closed yet."""
        return self.state in LIVE

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def member_ids(self) -> list[int]:
        """Who comes."""
        return sorted(one.member_id for one in self.attendances.all() if not one.is_offered)

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
            raise Refused(gettext("That type is not offered any more. Choose another."))
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
        kind = "appointment.offered" if ask_first else "appointment.booked"
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
        self.state, self.confirmed_at = State.CONFIRMED, clock.now()
        self.asked_at, self.asked_words = None, ""
        self._save("state", "confirmed_at", "asked_at", "asked_words")
        self._record("appointment.confirmed", by, _by_way(way))

    @transaction.atomic
    def unconfirm(self, *, by: Member | None) -> None:
        """Note that nobody knows yet whether the customer comes: the button was pressed too soon. Planned: nothing."""
        self.lock()
        self._expect_live()
        if self.is_confirmed:
            self.state, self.confirmed_at = State.PLANNED, None
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
        present = self._present_members()
        people = list(members) if members is not None else present
        ends_at = starts_at + timedelta(minutes=minutes or self.minutes)
        same_people = {one.pk for one in people} == {one.pk for one in present}
        if (starts_at, ends_at) == (self.starts_at, self.ends_at) and same_people:
            return
        self._drop_offer()
        is_moved, before = starts_at != self.starts_at, self.starts_at
        self.starts_at, self.ends_at = starts_at, ends_at
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
        before, self.starts_at, self.ends_at, self.state = self.starts_at, starts_at, ends_at, state
        self.confirmed_at = clock.now() if state == State.CONFIRMED else None
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
        self.asked_at, self.asked_words = clock.now(), " ".join(words.split())[:500]
        self.state, self.confirmed_at = State.PLANNED, None
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
        self.state = State.CONFIRMED if self.confirmed_at else State.PLANNED
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

    def _expect_live(self) -> None:
        if not self.is_live:
            raise Stale(self, gettext("That can’t be done with it any more. This is how it is now."))

    def _present_members(self, *, is_offered: bool = False) -> list[Member]:
        rows = self.attendances.filter(is_offered=is_offered).select_related("member").order_by("member_id")
        return [one.member for one in rows]

    def _check_time(self, starts_at: datetime, ends_at: datetime) -> None:
        if starts_at <= clock.now():
            raise Refused(gettext("Choose a day and a time to come."))
        if not has_length(int((ends_at - starts_at).total_seconds() // 60)):
            raise Refused(gettext("It takes from five minutes to twelve hours."))

    def _check_free(
        self, members: Sequence[Member], by: Member | None, anyway: bool, time: tuple[datetime, datetime] | None = None
    ) -> None:
        """Lock the members' time and raise InTheWay if they cannot come then; at its own time, unless given."""
        if not members:
            raise Refused(gettext("Choose who comes."))
        hold_time_of(member.pk for member in members)
        at, until = time or (self.starts_at, self.ends_at)
        wanted = Wanted(self.type, at, until, self.travel_minutes, self.time_zone, self.pk)
        found = [one for one in obstacles(wanted, members, by=by) if one.firm or not anyway]
        if found:
            raise InTheWay(found)

    def _begin_anew(self, *, is_chosen: bool) -> None:
        """At another time nothing of what the customer said holds, but where they chose it themselves."""
        self.state = State.CONFIRMED if is_chosen else State.PLANNED
        self.confirmed_at = clock.now() if is_chosen else None
        self.asked_at, self.asked_words = None, ""

    def _save_time(self, members: Sequence[Member]) -> None:
        self.sequence += 1
        self._save("starts_at", "ends_at", "state", "confirmed_at", "asked_at", "asked_words", "sequence")
        self._place(members)

    def _place(self, members: Sequence[Member], *, is_offered: bool = False) -> None:
        """Write who comes, or would; the constraint has the last word on whether they are free."""
        at, ends_at = self.asked_time if is_offered else self.starts_at, is_offered and self.offered_ends_at
        until = (ends_at or self.ends_at) + timedelta(minutes=self.travel_minutes)
        self.attendances.filter(is_offered=is_offered).exclude(member_id__in=[one.pk for one in members]).delete()
        rows = [
            Attendance(appointment=self, member=member, busy_from=at, busy_until=until, is_offered=is_offered)
            for member in sorted(members, key=lambda one: one.pk)
        ]
        try:
            with transaction.atomic():
                Attendance.objects.bulk_create(
                    rows,
                    update_conflicts=True,
                    unique_fields=["tenant", "appointment", "member", "is_offered"],
                    update_fields=["busy_from", "busy_until"],
                )
        except IntegrityError as error:
            if Attendance.TAKEN not in str(error):
                raise
            raise InTheWay([Obstacle(gettext("Somebody else was booked for that time just now."), True)]) from error

    def _save(self, *fields: str) -> None:
        """Save these fields, and when that was."""
        self.changed_at = clock.now()
        super()._save(*fields, "changed_at", *OFFER)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        super()._record(kind, by, {"type": self.type_id, "zone": self.time_zone} | data, at=at)
        appointment_changed.send(Appointment, appointment=self, what=kind)


def _by_way(way: str) -> dict[str, str]:
    return {"way": way} if way else {}
