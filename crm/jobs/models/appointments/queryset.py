"""QuerySet methods of appointments."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q

from crm.jobs.models.appointments.attendance import Attendance
from crm.jobs.models.job import Job
from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member, TenantQuerySet

# The states of one that is still to be held; a constant here, for the model's constraints and the queries read it.
LIVE = ("planned", "confirmed")


class AppointmentQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those a member may see: their own and those of jobs they see."""
        mine = limited_to(member)
        if mine is None:
            return self
        own = Attendance.objects.filter(member_id=mine).values("appointment_id")
        return self.filter(Q(pk__in=own) | Q(job_id__in=Job.objects.visible_to(member).values("pk")))

    def live(self) -> Self:
        """Filter those that are still to take place, or were not closed yet."""
        return self.filter(state__in=LIVE)

    def coming(self, now: datetime) -> Self:
        """Filter live ones that are not over."""
        return self.live().filter(ends_at__gt=now)

    def between(self, first: datetime, last: datetime) -> Self:
        """Filter those that overlap an interval."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)

    def touching(self, first: datetime, last: datetime) -> Self:
        """Filter those that overlap an interval at their agreed time or at the time on offer to the customer."""
        offered = Q(offered_starts_at__lt=last, offered_ends_at__gt=first)
        return self.filter(Q(starts_at__lt=last, ends_at__gt=first) | offered)

    def of_job(self, job_id: int) -> Self:
        return self.filter(job_id=job_id)

    def of_member(self, member_id: int) -> Self:
        """Filter those a member attends."""
        return self.filter(
            pk__in=Attendance.objects.filter(member_id=member_id, is_offered=False).values("appointment_id")
        )

    def by_time(self) -> Self:
        return self.order_by("starts_at", "id")
