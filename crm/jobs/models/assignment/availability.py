"""Availability: a member's working hours, and the switch that stops new work for them."""

from datetime import datetime

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import BusinessCalendar, Member, TenantForeignKey, TenantOneToOneField
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.work import due

# Due work: a member takes work again.
BACK = "assignment.back"


class Availability(ConfigurationModel):
    """A member's working hours, and whether they take new work. Without a row: the default hours, and yes."""

    member = TenantOneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    # Null: the tenant's default calendar.
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, blank=True, related_name="+")
    paused_at = models.DateTimeField(null=True, blank=True)
    # Null: until they say so.
    paused_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"member {self.member_id}"

    def is_paused(self, at: datetime) -> bool:
        """Return True if the member takes no new work at an instant."""
        return self.paused_at is not None and (self.paused_until is None or self.paused_until > at)

    @classmethod
    def _get_or_build(cls, member: Member) -> "Availability":
        lock_configuration()
        row: Availability = cls.objects.filter(member=member).first() or cls(member=member)
        return row

    @classmethod
    @transaction.atomic
    def pause(cls, member: Member, *, until: datetime | None = None, by: Member | None) -> None:
        """Stop assigning new work to the member until an instant, or until resumed. Idempotent."""
        row = cls._get_or_build(member)
        if row.is_paused(clock.now()) and row.paused_until == until:
            return
        row.paused_at = clock.now()
        row.paused_until = until
        row.save()
        events.record("member.paused", subject=member, by=by, data={"until": until.isoformat() if until else None})
        if until:
            due.schedule(BACK, member.pk, until)
        else:
            due.cancel(BACK, [member.pk])

    @classmethod
    @transaction.atomic
    def resume(cls, member: Member, *, by: Member | None) -> None:
        """Resume assigning new work to the member. Idempotent."""
        row = cls._get_or_build(member)
        if row.paused_at is None:
            return
        row.paused_at = row.paused_until = None
        row.save()
        events.record("member.resumed", subject=member, by=by)
        due.schedule(BACK, member.pk, clock.now())

    @classmethod
    @transaction.atomic
    def work_by(cls, member: Member, calendar: BusinessCalendar | None, *, by: Member | None) -> None:
        """Set the calendar of the member's working hours; None: the tenant's default. Idempotent."""
        row = cls._get_or_build(member)
        if row.calendar_id != (calendar.pk if calendar else None):
            row.calendar = calendar
            row.save()
            events.record(
                "member.hours_set", subject=member, by=by, data={"calendar": calendar.pk if calendar else None}
            )
