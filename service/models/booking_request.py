"""BookingRequest: a customer is asked to choose the time of an appointment."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id

OPEN_FOR = timedelta(days=21)


class BookingRequest(TenantModel):
    """An appointment to be chosen; once booked, its link shows the chosen time."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="booking_requests")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    appointment = TenantForeignKey(Appointment, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="booking_request_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "job", "type"], condition=Q(ended_at=None), name="booking_is_asked_for_once"
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.uid}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and clock.now() - self.asked_at <= OPEN_FOR

    @classmethod
    @transaction.atomic
    def ask(cls, job: Job, type_: AppointmentType, *, by: Member | None) -> "BookingRequest":
        """Request a time; an earlier request is opened again. Raises Refused for a closed job or an archived type."""
        job.lock()
        if not job.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if type_.archived_at:
            raise Refused(gettext("This type is no longer available. Choose another."))
        request = cls.objects.filter(job=job, type=type_, ended_at=None).first()
        if request is None:
            request = cls.objects.create(job=job, type=type_, asked_by=by)
            request.refresh_from_db(fields=["uid"])
        request.asked_at = clock.now()
        request.save(update_fields=["asked_at"])
        events.record("booking.asked", subject=request, by=by, data={"type": type_.pk}, job_id=job.pk)
        return request

    @transaction.atomic
    def choose(self, starts_at: datetime, member: Member) -> Appointment:
        """Book the time the customer chose. Idempotent: returns the appointment that is already booked.

        Two who choose at one moment are told apart by the constraint on whom it takes. Raises InTheWay for a time that
        is taken, Refused once it is over.
        """
        Job.objects.select_for_update(no_key=True).filter(pk=self.job_id).values_list("pk").first()
        self.lock()
        if self.appointment_id and self.appointment and self.appointment.is_live:
            return self.appointment
        if not self.is_open:
            raise Refused(
                gettext("This link is closed. Call us or answer our message, and we’ll find a time together.")
            )
        booked: Appointment = Appointment.book(self.job, self.type, starts_at, [member], by=None)
        booked.confirm(by=None, way="link")
        self.appointment = booked
        self.ended_at = clock.now()
        self.save(update_fields=["appointment", "ended_at"])
        events.record("booking.chosen", subject=self, by=None, data={"type": self.type_id}, job_id=self.job_id)
        return booked

    @transaction.atomic
    def withdraw(self, *, by: Any) -> None:
        """Withdraw the request. Idempotent."""
        self.lock()
        if self.ended_at is None:
            self.ended_at = clock.now()
            self.save(update_fields=["ended_at"])
            events.record("booking.withdrawn", subject=self, by=by, data={}, job_id=self.job_id)
