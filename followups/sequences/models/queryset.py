"""QuerySet methods of enrolments."""

from collections.abc import Collection
from typing import Any, Self

from django.db.models import Count

from crm.jobs.models import Job
from crm.platform.models import Member, TenantQuerySet

# The states of an enrolment that is not over; a constant here, for the model's constraints and the queries read it.
INSIDE = ("active", "paused")


class EnrolmentQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of leads a member may see."""
        return self.filter(job_id__in=Job.objects.visible_to(member).values("pk"))

    def inside(self) -> Self:
        """Filter those that are not over: walking, waiting or paused."""
        return self.filter(state__in=INSIDE)

    def in_test(self, is_test: bool = True) -> Self:
        """Filter those that entered in test mode, or the others."""
        return self.filter(is_test=is_test)

    def that_ended(self) -> Self:
        """Filter those that are over."""
        return self.filter(state="ended")

    def of_jobs(self, job_ids: Collection[int]) -> Self:
        return self.filter(job_id__in=list(job_ids))

    def of_people(self, person_ids: Collection[int]) -> Self:
        return self.filter(person_id__in=list(person_ids))

    def counts_by_position(self, version_id: int, *, is_test: bool = False) -> dict[int, int]:
        """Return how many stand at each position of a version now."""
        rows = self.inside().in_test(is_test).filter(version_id=version_id).order_by().values_list("position")
        return dict(rows.annotate(count=Count("pk")))
