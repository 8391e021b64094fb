"""AppointmentRecord: the columns of an appointment, and helpers of its actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from crm.jobs.models.appointments.appointment_type import AppointmentType, has_length
from crm.jobs.models.appointments.attendance import Attendance, hold_time_of
from crm.jobs.models.appointments.obstacles import InTheWay, Obstacle, RequestedTime, obstacles
from crm.jobs.models.appointments.queryset import LIVE
from crm.jobs.models.appointments.states import AppointmentOutcome, AppointmentState
from crm.jobs.models.job import Job
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import public_id

OFFER = ("held_until", "offered_starts_at", "offered_ends_at", "asked_by")


class AppointmentRecord(JobPart):
    """An appointment's columns: type, time, place, attendees, and the other time on offer."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="appointments")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    site = TenantForeignKey("people.Property", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    # The zone it is told in: of the place, else of the brand.
    time_zone = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=AppointmentState, default=AppointmentState.PLANNED)
    # How it ended, or why it was cancelled.
    outcome = models.CharField(max_length=12, choices=AppointmentOutcome, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When the customer asked for another time, and in which words; null once they have one.
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_words = models.CharField(max_length=500, blank=True)
    # Counts what calendars must hear of: another time, other people, a cancellation (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    # Until when the customer may say yes; null: they are not asked.
    held_until = models.DateTimeField(null=True, blank=True)
    # The other time that they are asked about; null with a hold: its own, and nothing was agreed before.
    offered_starts_at = models.DateTimeField(null=True, blank=True)
    offered_ends_at = models.DateTimeField(null=True, blank=True)
    # Who asked, and is told what came of it.
    asked_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The reverse side of Attendance.
    attendances: Any

    class Meta:
        abstract = True
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

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_live(self) -> bool:
        """True if it is still to take place, or was not closed yet."""
        return self.state in LIVE

    @property
    def is_confirmed(self) -> bool:
        return self.state == AppointmentState.CONFIRMED

    @property
    def is_by_video(self) -> bool:
        return bool(self.type.way == AppointmentType.MeetingWay.VIDEO)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def member_ids(self) -> list[int]:
        """Ids of the attendees."""
        return sorted(one.member_id for one in self.attendances.all() if not one.is_offered)

    @property
    def is_held(self) -> bool:
        """True if a time is on offer to the customer, and they have not answered."""
        return self.held_until is not None

    @property
    def asked_time(self) -> datetime:
        """The time on offer to the customer, or else the agreed time."""
        starts_at: datetime = self.offered_starts_at or self.starts_at
        return starts_at

    def _asked_for(
        self, starts_at: datetime, members: Sequence[Member] | None, minutes: int
    ) -> tuple[list[Member], datetime]:
        """Return the attendees and the end of a requested time; by default the current attendees and duration."""
        if members is not None:
            people = list(members)
        else:
            people = self._present_members()
        return people, starts_at + timedelta(minutes=minutes or self.minutes)

    def _expect_live(self) -> None:
        if not self.is_live:
            raise Stale(self, gettext("This is no longer possible. The page shows the current state."))

    def _present_members(self, *, is_offered: bool = False) -> list[Member]:
        rows = self.attendances.filter(is_offered=is_offered).select_related("member").order_by("member_id")
        return [one.member for one in rows]

    def _check_time(self, starts_at: datetime, ends_at: datetime) -> None:
        if starts_at <= clock.now():
            raise Refused(gettext("Choose a day and time in the future."))
        if not has_length(int((ends_at - starts_at).total_seconds() // 60)):
            raise Refused(gettext("It takes from five minutes to twelve hours."))

    def _check_free(
        self, members: Sequence[Member], by: Member | None, anyway: bool, time: tuple[datetime, datetime] | None = None
    ) -> None:
        """Lock the members' time and raise InTheWay if they are not free; by default at the current time."""
        if not members:
            raise Refused(gettext("Choose who comes."))
        hold_time_of(member.pk for member in members)
        at, until = time or (self.starts_at, self.ends_at)
        wanted = RequestedTime(self.type, at, until, self.travel_minutes, self.time_zone, self.pk)
        in_the_way = [obstacle for obstacle in obstacles(wanted, members, by=by) if obstacle.firm or not anyway]
        if in_the_way:
            raise InTheWay(in_the_way)

    def _begin_anew(self, *, is_chosen: bool) -> None:
        """Reset the state for a new time: confirmed if the customer chose it, else planned; clear their request."""
        if is_chosen:
            self.state = AppointmentState.CONFIRMED
            self.confirmed_at = clock.now()
        else:
            self.state = AppointmentState.PLANNED
            self.confirmed_at = None
        self.asked_at = None
        self.asked_words = ""

    def _save_time(self, members: Sequence[Member]) -> None:
        self.sequence += 1
        self._save("starts_at", "ends_at", "state", "confirmed_at", "asked_at", "asked_words", "sequence")
        self._place(members)

    def _record_rescheduled(self, before: datetime, by: Member | None, data: dict[str, Any]) -> None:
        """Record the event of the change from the previous to the current time."""
        data |= {"from": before.isoformat(), "to": self.starts_at.isoformat(), "members": self.member_ids}
        self._record("appointment.rescheduled", by, data)

    def _place(self, members: Sequence[Member], *, is_offered: bool = False) -> None:
        """Save the attendances at the agreed time or the time on offer; a constraint prevents overlaps."""
        at = self.starts_at
        ends_at = self.ends_at
        if is_offered:
            at = self.asked_time
            ends_at = self.offered_ends_at or ends_at
        until = ends_at + timedelta(minutes=self.travel_minutes)
        self.attendances.filter(is_offered=is_offered).exclude(member_id__in=[one.pk for one in members]).delete()
        rows = [
            Attendance(appointment_id=self.pk, member=member, busy_from=at, busy_until=until, is_offered=is_offered)
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
            raise InTheWay([Obstacle(gettext("Somebody else was just booked for that time."), True)]) from error

    def _save(self, *fields: str) -> None:
        """Save these fields and the time of the change."""
        self.changed_at = clock.now()
        super()._save(*fields, "changed_at", *OFFER)


def by_way(way: str) -> dict[str, str]:
    """Return event data on how the customer responded: "reply" or "link"; empty if a colleague recorded it."""
    if way:
        return {"way": way}
    return {}
