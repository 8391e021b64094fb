"""CalendarEntry: the calendar entry of a message: an invitation, a cancellation, or a reply."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from comms.models.message import Message
from crm.integrations.calendar_items import is_ours
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class CalendarAnswer(models.TextChoices):
    """Replies to an invitation, as in RFC 5545 (PARTSTAT)."""

    ACCEPTED = "ACCEPTED", _("Accepted")
    TENTATIVE = "TENTATIVE", _("Maybe")
    DECLINED = "DECLINED", _("Declined")


class CalendarEntryQuerySet(TenantQuerySet["CalendarEntry"]):
    def earlier(self, uid: str, address: str) -> Any:
        """Filter a sender's earlier invitations of a UID, which anybody may know."""
        return self.filter(uid=uid, method="REQUEST", message__direction="in", message__address__iexact=address)


class CalendarEntry(TenantModel):
    """A calendar entry as received, our reply, and whether it is still valid."""

    message = TenantForeignKey(Message, models.CASCADE, related_name="+")
    # What it was sent for, in capitals (RFC 5546); blank for a mere file.
    method = models.CharField(max_length=16, blank=True)
    uid = models.CharField(max_length=500)
    sequence = models.PositiveIntegerField(default=0)
    summary = models.CharField(max_length=300, blank=True)
    location = models.CharField(max_length=500, blank=True)
    comment = models.CharField(max_length=2000, blank=True)
    # Of an entry of whole days: midnights of UTC.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_all_day = models.BooleanField(default=False)
    # Where nobody can tell what the zone means it was written in, times are as written, by our clock.
    zone = models.CharField(max_length=100, blank=True)
    is_zone_known = models.BooleanField(default=True)
    repeats = models.BooleanField(default=False)
    # How many further entries its file has.
    others = models.PositiveSmallIntegerField(default=0)
    organizer_name = models.CharField(max_length=200, blank=True)
    organizer_address = models.CharField(max_length=254, blank=True)
    # Which of the addresses that are invited is ours.
    guest_address = models.CharField(max_length=254, blank=True)
    # Of an answer: what they answered, and of which appointment, where they may answer for it.
    answer = models.CharField(max_length=20, blank=True)
    appointment = TenantForeignKey(Appointment, models.SET_NULL, null=True, blank=True, related_name="+")
    # Of an invitation: what we answered, or that it was called off, or sent anew with another time.
    our_answer = models.CharField(max_length=9, choices=CalendarAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(CalendarEntryQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message"], name="message_brings_one_calendar_entry"),
        ]
        indexes = [models.Index(fields=["tenant", "uid"], name="calendar_entry_by_uid")]

    def __str__(self) -> str:
        return f"{self.method or 'file'} {self.pk}"

    @property
    def is_over(self) -> bool:
        """True if its time has passed; a recurring one is never over."""
        end: datetime | None = self.ends_at or self.starts_at
        return end is not None and not self.repeats and end <= clock.now()

    @property
    def can_be_answered(self) -> bool:
        """True if it is a valid invitation to us, so that a reply is useful."""
        is_invitation = self.method == "REQUEST" and bool(self.organizer_address) and not is_ours(self.uid)
        return is_invitation and self.cancelled_at is None and self.replaced_at is None and not self.is_over
