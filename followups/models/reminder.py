"""Reminder: one to the assignee of a follow-up. ReminderDefault, ReminderPreference: which there are by default."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, NamedTuple, Self

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import ConfigurationModel
from crm.platform.tenancy.tenant_model import TenantModel

# Reminders of one follow-up, and how long before it the first may be.
MOST = 5
LONGEST_BEFORE = timedelta(days=60)


class ReminderChannel(models.TextChoices):
    """How a reminder reaches the member. Every reminder is a notice as well."""

    APP = "app", gettext_lazy("here")
    EMAIL = "email", gettext_lazy("by email")
    PUSH = "push", gettext_lazy("on my devices")
    TEXT = "text", gettext_lazy("by text message")
    WHATSAPP = "whatsapp", gettext_lazy("by WhatsApp")


class SkipReason(models.TextChoices):
    """Why a reminder was not sent, or not by its channel."""

    TOO_LATE = "too_late", gettext_lazy("its time had passed already")
    REPLACED = "replaced", gettext_lazy("a later reminder was sent instead")
    HIDDEN = "hidden", gettext_lazy("the member may not see it, or has left")
    NO_DEVICE = "no_device", gettext_lazy("no device is set up")
    NO_NUMBER = "no_number", gettext_lazy("no confirmed number, or texts cannot be sent")
    NO_WHATSAPP = "no_whatsapp", gettext_lazy("no confirmed number, or WhatsApp has not approved the text")


FAILURES = (SkipReason.HIDDEN, SkipReason.NO_DEVICE, SkipReason.NO_NUMBER, SkipReason.NO_WHATSAPP)


class ReminderTime(NamedTuple):
    """One reminder as chosen: how many minutes before, and by which channel."""

    minutes: int
    channel: str


class ReminderQuerySet(TenantQuerySet["Reminder"]):
    def waiting(self) -> Self:
        """Filter those that are still to be sent."""
        return self.filter(sent_at=None, skipped_reason="")

    def delivered(self, since: datetime) -> Self:
        """Filter those that were due since an instant and were sent by their channel."""
        return self.filter(planned_at__gte=since, sent_at__isnull=False)

    def undelivered(self, since: datetime, now: datetime) -> Self:
        """Filter those of a follow-up, the outer query's row, that were due and did not go out by their channel.

        A reminder whose time had passed before the follow-up was planned was never due; one that a later reminder
        replaced is judged by that one.
        """
        late = Q(skipped_reason=SkipReason.TOO_LATE, planned_at__gt=OuterRef("created_at"))
        failed = late | Q(skipped_reason__in=FAILURES)
        return self.filter(failed, planned_at__gte=since, planned_at__lt=now, sent_at=None)


class Reminder(TenantModel):
    """A planned, sent or skipped reminder of one follow-up to its assignee."""

    follow_up = TenantForeignKey("followups.FollowUp", models.CASCADE, related_name="+")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    minutes_before = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=ReminderChannel)
    # The due time of the follow-up that it was planned for.
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    skipped_reason = models.CharField(max_length=12, choices=SkipReason, blank=True, default="", db_default="")

    objects: ClassVar[Any] = TenantManager.from_queryset(ReminderQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "follow_up", "minutes_before", "channel"], name="reminder_is_one_of_its_offset"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "member", "planned_at"],
                condition=Q(sent_at=None, skipped_reason=""),
                name="reminder_waiting",
            ),
            # What was due lately, and whether it was delivered: the figures.
            models.Index(fields=["tenant", "planned_at"], name="reminder_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_before} minutes before {self.follow_up_id}, {self.channel}"


class ReminderDefault(ConfigurationModel):
    """The reminders of follow-ups by default: of a member or of everybody, of one type or of all."""

    member = TenantForeignKey(Member, models.CASCADE, null=True, related_name="+")
    # A type's code; blank: all types without an entry of their own.
    kind = models.CharField(max_length=16, blank=True, default="", db_default="")
    # [[minutes, channel], …], the earliest first; empty: none.
    times = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "kind"], nulls_distinct=False, name="reminder_default_is_one_of_its_type"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'all types'} of {self.member_id or 'everybody'}"


class ReminderPreference(ConfigurationModel):
    """A member's daily digest, and the hours in which reminders may reach them."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    wants_digest = models.BooleanField(default=True)
    # By the clock on the wall where the member is.
    digest_time = models.TimeField(default=time(7))
    working_days_only = models.BooleanField(default=True)
    # Reminders in the member's working hours only, not at any hour of the day.
    working_hours_only = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="member_has_one_reminder_preference")]

    def __str__(self) -> str:
        return f"of {self.member_id}"


class DigestMail(TenantModel):
    """The daily digest of a member for one of their local days, mailed or empty. One each, whatever the clocks do."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    day = models.DateField()
    # How many follow-ups it lists; 0: there was nothing to do and nothing was mailed.
    count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "day"], name="digest_is_one_of_its_day")]

    def __str__(self) -> str:
        return f"of {self.member_id}, {self.day}"


# By these a customer may be reminded.
CUSTOMER_CHANNELS = (ReminderChannel.EMAIL, ReminderChannel.TEXT, ReminderChannel.WHATSAPP)


def clean_customer_times(times: Iterable[tuple[int, str]]) -> list[list[Any]]:
    """Return the chosen reminders to a customer. Raises Refused as `clean_times` does, and for another channel."""
    cleaned = clean_times(times)
    if any(channel not in CUSTOMER_CHANNELS for _minutes, channel in cleaned):
        raise Refused(_("A customer is reminded by email, text message or WhatsApp."))
    return cleaned


def clean_times(times: Iterable[tuple[int, str]]) -> list[list[Any]]:
    """Return chosen reminders without repetitions, the earliest first. Raises Refused for what is no reminder."""
    longest = LONGEST_BEFORE // timedelta(minutes=1)
    chosen = set[ReminderTime]()
    for minutes, channel in times:
        if not 0 < minutes <= longest:
            raise Refused(_("A reminder is between one minute and 60 days before."))
        if channel not in ReminderChannel.values:
            raise Refused(_("Choose how the reminder reaches you."))
        chosen.add(ReminderTime(minutes, channel))
    if len(chosen) > MOST:
        raise Refused(_("No more than %(most)s reminders.") % {"most": MOST})
    return [list(one) for one in sorted(chosen, key=lambda one: (-one.minutes, one.channel))]
