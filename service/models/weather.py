"""Forecast: chance that weather stops work on a day. WeatherHold: jobs of a day that were moved together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from comms.models import AppointmentMessage, Message
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from service.models.project import Project
from service.models.queryset import ForecastQuerySet

UNDO_FOR = timedelta(minutes=15)
# What a hold's events of other rows are caused by.
CAUSE = "weather"


class Forecast(TenantModel):
    """The forecast of a day; the newest replaces earlier ones. It only proposes; a member decides."""

    day = models.DateField()
    chance = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=120, blank=True)
    # The chance by the hour, as far as it is known: [[10, 40], [11, 80]], in order.
    hours = models.JSONField(default=list)
    noted_at = models.DateTimeField(default=clock.now)
    # Null: it was posted by a machine.
    noted_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(ForecastQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day"], name="forecast_is_one_a_day"),
            models.CheckConstraint(condition=Q(chance__lte=100), name="forecast_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.chance}%"

    @classmethod
    @transaction.atomic
    def note(
        cls, day: date, chance: int, words: str, *, hours: Mapping[int, int] | None = None, by: Member | None
    ) -> "Forecast":
        """Save the forecast of a day and its hours; replaces an earlier one. Raises Refused beyond 0 to 100."""
        by_hour = sorted((hours or {}).items())
        if not all(0 <= each <= 100 for each in (chance, *(percent for _hour, percent in by_hour))):
            raise Refused(gettext("Enter a percentage from 0 to 100."))
        if not all(0 <= hour <= 23 for hour, _percent in by_hour):
            raise Refused(gettext("Enter an hour from 0 to 23."))
        values = {"chance": chance, "words": " ".join(words.split())[:120], "noted_at": clock.now(), "noted_by": by}
        values["hours"] = [list(each) for each in by_hour]
        row, _new = cls.objects.update_or_create(day=day, defaults=values)
        events.record("forecast.noted", subject=row, by=by, data={"day": day.isoformat(), "chance": chance})
        return row


class NewTime(NamedTuple):
    """An appointment and its new time."""

    appointment: Appointment
    starts_at: datetime


class WeatherHold(TenantModel):
    """Appointments of one day that were moved together, and the projects held until then."""

    uid = public_id()
    day = models.DateField()
    reason = models.CharField(max_length=120)
    done_at = models.DateTimeField(default=clock.now)
    done_by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    # The change that undoing takes back (crm/platform/undo.py).
    change = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    # The reverse side of HeldAppointment.
    moved: Any

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="weather_hold_uid_is_unique"),
            models.CheckConstraint(condition=~Q(reason=""), name="weather_hold_has_a_reason"),
        ]
        indexes = [models.Index(fields=["tenant", "-done_at"], name="weather_hold_order")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"

    @property
    def may_undo(self) -> bool:
        return self.undone_at is None and clock.now() - self.done_at <= UNDO_FOR

    @classmethod
    @transaction.atomic
    def carry_out(cls, day: date, reason: str, times: Sequence[NewTime], *, by: Member) -> "WeatherHold":
        """Move these appointments and notify customers as for any change. Skips times that were taken meanwhile.

        The project of each job that works on that day is held until its new day. Raises Refused for none, or no reason.
        """
        reason = " ".join(reason.split())[:120]
        if not times or not reason:
            raise Refused(gettext("Select the visits to move, and enter a reason."))
        hold: WeatherHold = cls.objects.create(day=day, reason=reason, done_by=by)
        hold.refresh_from_db(fields=["uid"])
        rows = {one.appointment.pk: one.appointment for one in times}
        kept = []
        with undo.record_undoable("appointment.rescheduled", list(rows.values()), by=by) as change:
            for one in times:
                row = rows[one.appointment.pk]
                was_at = row.starts_at
                is_moved = True
                try:
                    row.reschedule(one.starts_at, by=by)
                except InTheWay:
                    is_moved = False
                    # What undo compares with: the refused time is still on the object.
                    row.refresh_from_db()
                moved_to = None
                if is_moved:
                    moved_to = one.starts_at
                kept.append(HeldAppointment(hold=hold, appointment=row, was_at=was_at, moved_to=moved_to))
        HeldAppointment.objects.bulk_create(kept)
        if change.pk:
            hold.change = change.uid
        else:
            hold.change = None
        hold.save(update_fields=["change"])
        hold._hold_projects(kept, by)
        moved = sum(one.moved_to is not None for one in kept)
        events.record("weather_hold.done", subject=hold, by=by, data={"day": day.isoformat(), "moved": moved})
        return hold

    def _hold_projects(self, kept: Sequence["HeldAppointment"], by: Member) -> None:
        until = {one.appointment.job_id: one.moved_to for one in kept if one.moved_to}
        working = Project.objects.in_work().filter(pk__in=until, starts_on__lte=self.day, ends_on__gte=self.day)
        for project in working.filter(held_at=None).order_by("pk"):
            goes_on = until[project.pk].astimezone(directory().zone).date()
            project.hold(self.reason, goes_on, by=by, cause=CAUSE)

    @transaction.atomic
    def take_back(self, *, by: Member) -> undo.UndoResult | None:
        """Restore the times of the appointments and resume the projects; unsent messages are cancelled.

        Undone: nothing. Raises Refused after 15 minutes, or where nothing can be put back.
        """
        self.lock()
        if self.undone_at:
            return None
        if not self.may_undo:
            raise Refused(gettext("This can be undone for 15 minutes only. Move the visits one by one."))
        undone = None
        if self.change:
            undone = undo.undo_change(self.change, by=by, anybodys=True)
        self.undone_at = clock.now()
        self.save(update_fields=["undone_at"])
        jobs = self.moved.values_list("appointment__job_id", flat=True)
        for project in Project.objects.in_work().filter(pk__in=jobs, hold_reason=self.reason).order_by("pk"):
            project.resume(by=by)
        events.record("weather_hold.undone", subject=self, by=by, data={"day": self.day.isoformat()})
        return undone

    def sent_messages(self) -> list[Message]:
        """Return messages about the new times that were sent or are being sent, and can't be cancelled."""
        messages = AppointmentMessage.objects.filter(
            appointment_id__in=self.moved.values("appointment_id"),
            kind=AppointmentMessage.Kind.INVITATION,
            created_at__gte=self.done_at,
            message__state__in=("sending", "sent", "unknown"),
        )
        until = self.undone_at
        if until:
            rows = messages.filter(created_at__lt=until)
        else:
            rows = messages
        return [one.message for one in rows.select_related("message__person").order_by("pk") if one.message]


class HeldAppointment(TenantModel):
    """An appointment of a hold, with its old and new time; a null new time: it could not be moved."""

    hold = TenantForeignKey(WeatherHold, models.CASCADE, related_name="moved")
    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="+")
    was_at = models.DateTimeField()
    moved_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "hold", "appointment"], name="appointment_is_held_once_by_a_hold")
        ]

    def __str__(self) -> str:
        return f"appointment {self.appointment_id}"
