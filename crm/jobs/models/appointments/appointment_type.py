"""AppointmentType: a kind of appointment: its duration, who can attend, and the customer's reminders."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.models import TenantForeignKey
from crm.platform.organization.named_rows import NamedRow

# In minutes. Nobody is booked for longer at once, and no reminder makes sense earlier.
LONGEST = 12 * 60
LONGEST_TRAVEL = 4 * 60
EARLIEST_REMINDER = 30 * 24 * 60
# So long a time may be held while the customer is asked.
SHORTEST_HOLD = 15
LONGEST_HOLD = 48 * 60
# So long before it begins a customer may be asked to choose a time, in minutes: two weeks.
LONGEST_NOTICE = 14 * 24 * 60


class AppointmentType(NamedRow):
    """A kind of appointment, e.g. Inspection. An archived one cannot be chosen; existing appointments keep it."""

    class MeetingWay(models.TextChoices):
        """How an appointment is held, by the codes of contacts and next steps."""

        VISIT = "visit", gettext_lazy("At the customer’s")
        MEETING = "meeting", gettext_lazy("At ours")
        VIDEO = "video", gettext_lazy("By video")
        CALL = "call", gettext_lazy("By telephone")

    noun = "appointment_type"

    name = models.CharField(max_length=80)
    way = models.CharField(max_length=8, choices=MeetingWay, default=MeetingWay.VISIT)
    minutes = models.PositiveSmallIntegerField(default=60)
    # Kept free behind it: the road to the next one.
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    # How long a time is held for a customer who is asked first.
    hold_minutes = models.PositiveSmallIntegerField(default=2 * 60, db_default=2 * 60)
    # What one of those who come must be good at.
    skill = TenantForeignKey("jobs.Skill", models.PROTECT, null=True, blank=True, related_name="+")
    # Whose members come; null: anybody's.
    team = TenantForeignKey("platform.Team", models.PROTECT, null=True, blank=True, related_name="+")
    # Whether the customer gets an invitation for their calendar by email, and how many minutes before they are reminded
    # by each way; null: not by that one (two days by email, a day by text, two hours by WhatsApp).
    invites = models.BooleanField(default=True)
    email_before = models.PositiveIntegerField(null=True, blank=True, default=48 * 60)
    sms_before = models.PositiveIntegerField(null=True, blank=True, default=24 * 60)
    whatsapp_before = models.PositiveIntegerField(null=True, blank=True, default=2 * 60)

    # How long before it begins a customer may still take a time themselves, and whether that counts working hours.
    notice_minutes = models.PositiveIntegerField(default=24 * 60, db_default=24 * 60)
    notice_in_working_hours = models.BooleanField(default=False, db_default=False)
    # The keys of the templates that tell the customer of it; blank: the ones that all types share.
    confirmation_template = models.CharField(max_length=60, blank=True, default="", db_default="")
    reminder_template = models.CharField(max_length=60, blank=True, default="", db_default="")
    moved_template = models.CharField(max_length=60, blank=True, default="", db_default="")
    cancelled_template = models.CharField(max_length=60, blank=True, default="", db_default="")

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("way", "minutes", "travel_minutes", "hold_minutes", "skill", "team"),
        *("notice_minutes", "notice_in_working_hours"),
        *("invites", "email_before", "sms_before", "whatsapp_before"),
        *("confirmation_template", "reminder_template", "moved_template", "cancelled_template"),
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="appointment_type_name_is_unique"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=LONGEST, travel_minutes__lte=LONGEST_TRAVEL),
                name="appointment_type_has_a_length",
            ),
        ]

    @property
    def reminders(self) -> list[tuple[int, str]]:
        """Reminders as minutes before the start and channel, earliest first."""
        ways = {"email": self.email_before, "sms": self.sms_before, "whatsapp": self.whatsapp_before}
        return sorted(((before, way) for way, before in ways.items() if before), reverse=True)

    def _check(self) -> None:
        if not 0 < self.minutes <= LONGEST or not 0 <= self.travel_minutes <= LONGEST_TRAVEL:
            raise Refused(_("It takes from five minutes to twelve hours, and at most four hours of travel."))
        if not SHORTEST_HOLD <= self.hold_minutes <= LONGEST_HOLD:
            raise Refused(_("A time is held from a quarter of an hour to two days."))
        if self.notice_minutes > LONGEST_NOTICE:
            raise Refused(_("The notice is two weeks at most."))
        if any(before > EARLIEST_REMINDER for before, _way in self.reminders):
            raise Refused(_("A reminder goes out 30 days before at most."))


def has_length(minutes: int) -> bool:
    """Return True if an appointment may take this long."""
    return 0 < minutes <= LONGEST
