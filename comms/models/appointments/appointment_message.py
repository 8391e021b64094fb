"""AppointmentMessage: a message about an appointment: an invitation, a reminder, a cancellation."""

from django.db import models
from django.db.models import Q

from comms.models.medium import Medium
from comms.models.message import Message
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class AppointmentMessage(TenantModel):
    """A planned reminder or a queued message; with the reason if none was sent."""

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        REMINDER = "reminder"
        CANCELLATION = "cancellation"
        QUESTION = "question"  # whether a time suits them, before it is theirs

    class State(models.TextChoices):
        PLANNED = "planned"
        QUEUED = "queued"  # what becomes of it the message knows
        SKIPPED = "skipped"
        WITHDRAWN = "withdrawn"  # moved, cancelled or closed before it left

    uid = public_id()
    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    medium = models.CharField(max_length=8, choices=Medium)
    # Of a reminder: how long before, in minutes.
    minutes_before = models.PositiveIntegerField(default=0)
    # The time of the appointment that it tells; which of its versions calendars are told of.
    starts_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    # When it is to be made, out of quiet hours (docs/rules.md#k3); or when it was.
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    message = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="appointment_message_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "appointment", "medium", "minutes_before"],
                condition=Q(state="planned"),
                name="reminder_is_planned_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "appointment", "at"], name="message_of_appointment"),
            models.Index(fields=["tenant", "message"], name="appointment_of_message"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.appointment_id} by {self.medium}"
