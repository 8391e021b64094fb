"""Reads of follow-ups, as methods that chain."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q

from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantQuerySet


class FollowUpQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Reps see their own and those of jobs they see; managers, admins and service staff all of them."""
        if allows(member, "followups.see_all"):
            return self
        return self.filter(Q(assignee_id=member.pk) | Q(job_id__in=Job.objects.visible_to(member).values("pk")))

    def open(self) -> Self:
        """Those that wait to be done."""
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Open, and their time has passed."""
        return self.open().filter(sort_at__lt=now)

    def of_job(self, job_id: int) -> Self:
        return self.filter(job_id=job_id)

    def by_time(self) -> Self:
        """Earliest first; those without a date last. One index, one keyset."""
        return self.order_by("sort_at", "id")


# Their status; a constant here, for the model's constraints and the queries read it.
OPEN = ("pending", "in_progress")
CANCELLED = "cancelled"
