"""QuerySet methods of follow-ups."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q

from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantQuerySet


class FollowUpQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those a member may see: reps their own and those of jobs they see; others all of them."""
        if allows(member, "followups.see_all"):
            return self
        return self.filter(Q(assignee_id=member.pk) | Q(job_id__in=Job.objects.visible_to(member).values("pk")))

    def open(self) -> Self:
        """Filter those that are not closed."""
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Filter those that are open and whose time has passed."""
        return self.open().filter(sort_at__lt=now)

    def of_job(self, job_id: int) -> Self:
        return self.filter(job_id=job_id)

    def by_time(self) -> Self:
        """Order earliest first; those without a date last. One index, one keyset."""
        return self.order_by("sort_at", "id")


# Their status; a constant here, for the model's constraints and the queries read it.
OPEN = ("pending", "in_progress")
CANCELLED = "cancelled"
