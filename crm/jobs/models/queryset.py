"""QuerySet methods of jobs, and the list order, most urgent first: level, instant, id (docs/decisions/0003)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from crm.jobs.clock.arithmetic import Level
from crm.jobs.models.visibility import limited_to
from crm.jobs.untouched import untouched_condition
from crm.platform.models import Member, TenantQuerySet

# Ended jobs sort newest first within an ascending index: their instant, mirrored at this one.
MIRROR = datetime(2000, 1, 1, tzinfo=UTC)
# Above every id.
MOST = 2**63 - 1


class Cursor(NamedTuple):
    """A keyset cursor: the sort key of a row."""

    level: int
    sort_at: datetime
    pk: int


def mirror_time(at: datetime) -> datetime:
    """Mirror the instant at the start of 2000, so that an ascending index lists the newest first."""
    return MIRROR - (at - MIRROR)


class Candidates(NamedTuple):
    """Ids of the people, companies and sites a text may denote, and the job number it may be."""

    people: Sequence[int] = ()
    companies: Sequence[int] = ()
    sites: Sequence[int] = ()
    # There may be more than these.
    is_cut: bool = False
    number: int | None = None


def _awaiting_first_contact() -> Q:
    """Return the condition for jobs without a first contact that are not overdue."""
    return untouched_condition() & Q(level__in=(Level.SOON, Level.OK), side="us")


class JobQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter the jobs a member may see (visibility.py)."""
        mine = limited_to(member)
        if mine is None:
            return self
        return self.filter(Q(member_id=mine) | Q(member_id__isnull=True))

    def meant_by(self, found: Candidates) -> Self:
        """Filter the jobs a search text matches: of the people, companies and sites found, or by number."""
        columns = {"person_id": found.people, "company_id": found.companies, "site_id": found.sites}
        ways = [Q((f"{column}__in", ids)) for column, ids in columns.items() if ids]
        if found.number is not None:
            ways.append(Q(number=found.number))
        if ways:
            return self.filter(reduce(or_, ways))
        return self.none()

    def ids_of_same_customer(self, job_ids: Collection[int]) -> dict[int, set[int]]:
        """Return the ids of other jobs of each job's customer, by the id of the job. One query."""
        people = self.filter(pk__in=job_ids, person_id__isnull=False).values("person_id")
        person_by_job = dict(self.filter(person_id__in=people).values_list("pk", "person_id"))
        return {
            job_id: {pk for pk, person_id in person_by_job.items() if person_id == person_by_job[job_id]} - {job_id}
            for job_id in job_ids
            if job_id in person_by_job
        }

    def open(self) -> Self:
        return self.filter(level__lt=Level.ENDED)

    def open_or_ended_since(self, since: datetime) -> Self:
        """Filter open jobs and those ended since an instant: the beginning of the list order."""
        return self.filter(_row_compare("<=", Cursor(Level.ENDED, mirror_time(since), MOST)))

    def needing_us(self) -> Self:
        """Filter jobs without status, overdue, or new and not contacted yet."""
        return self.filter(Q(level__lte=Level.LATE) | _awaiting_first_contact())

    def awaiting_first_contact(self) -> Self:
        """Filter new jobs without a first contact that are not overdue."""
        return self.filter(_awaiting_first_contact())

    def not_awaiting_first_contact(self) -> Self:
        return self.exclude(_awaiting_first_contact())

    def waiting(self) -> Self:
        """Filter jobs with a customer message that awaits a reply."""
        return self.filter(waiting_since__isnull=False)

    def with_own_field(self, key: str) -> Self:
        """Filter jobs with a value in a custom field. A partial index covers jobs with any custom field."""
        return self.filter(~Q(own_fields={}), own_fields__has_key=key)

    def in_list_order(self) -> Self:
        """Order by urgency: no status first, then by level, then by due date. One index, one keyset."""
        return self.order_by("level", "sort_at", "id")


def _row_compare(operator: str, cursor: Cursor) -> Any:
    # Django's OR chain for a keyset would not be one index condition; Postgres' row comparison is.
    return RawSQL(  # noqa: S611
        f'("jobs_job"."level", "jobs_job"."sort_at", "jobs_job"."id") {operator} (%s, %s, %s)',
        [cursor.level, cursor.sort_at, cursor.pk],
        output_field=models.BooleanField(),
    )
