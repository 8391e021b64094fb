"""Reads of follow-ups, as methods that chain."""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantQuerySet


class Place(NamedTuple):
    """A place in the list: the sort key of a row."""

    sort_at: datetime
    pk: int


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

    def after(self, place: Place) -> Self:
        """The rows behind a place by time."""
        return self.filter(_row_compare(">", place))

    def before(self, place: Place) -> Self:
        """The rows in front of a place by time."""
        return self.filter(_row_compare("<", place))


# Their status; a constant here, for the model's constraints and the queries read it.
OPEN = ("pending", "in_progress")
CANCELLED = "cancelled"


def _row_compare(operator: str, place: Place) -> Any:
    # Django's OR chain for a keyset would not be one index condition; Postgres' row comparison is.
    return RawSQL(  # noqa: S611
        f'("followups_followup"."sort_at", "followups_followup"."id") {operator} (%s, %s)',
        [place.sort_at, place.pk],
        output_field=models.BooleanField(),
    )
