"""CustomerMoney: a row about a customer's money, whose changes take the lock of that customer's money first."""

from typing import Any, Self

from django.db import connection
from django.db.models import Q

from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.platform.events import events
from crm.platform.models import CountedVersion, Member, TenantQuerySet
from crm.platform.tenancy.context import required_tenant_id
from service.models import HandOff


class MoneyQuerySet(TenantQuerySet[Any]):
    """Rows of a job, or of a customer whose job is not known."""

    def visible_to(self, member: Member) -> Self:
        """Filter the rows of jobs that the member may see or has sold; rows without a job need all jobs.

        By subqueries: a join would be read for each row of a list until a page is full.
        """
        mine = limited_to(member)
        if mine is None:
            return self
        jobs = Job.objects.visible_to(member).order_by().values("pk")
        sold = HandOff.objects.filter(seller_id=mine).order_by().values("pk")
        return self.filter(Q(job_id__in=jobs) | Q(job_id__in=sold))

    def of_payer(self, person_id: int | None, job_id: int | None) -> Self:
        """Filter the rows of one payer: a customer, or a job without one."""
        if person_id:
            return self.filter(person_id=person_id)
        return self.filter(person_id=None, job_id=job_id)


class CustomerMoney(CountedVersion):
    """A row about the money of a customer, or of a job without one."""

    # Set by the model.
    job: Any
    job_id: int | None
    person_id: int | None

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def payer(self) -> tuple[int | None, int | None]:
        """The id of the customer; without one, of the job."""
        return self.person_id, None if self.person_id else self.job_id

    def lock(self) -> None:
        """Lock the money of the customer, then the row."""
        lock_money(self.person_id, self.job_id)
        super().lock()

    def _record(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id)


def lock_money(person_id: int | None, job_id: int | None) -> None:
    """Let other transactions that change this payer's money wait for this one.

    A payment touches several invoices. With one lock for all of them no two payments deadlock or spend a credit twice.
    """
    _lock_names([_lock_name(person_id, job_id)])


def lock_payers(rows: "MoneyQuerySet") -> None:
    """Lock the money of many rows' payers, in one order, so that two who do it never deadlock."""
    payers = rows.order_by().values_list("person_id", "job_id")
    _lock_names(sorted({_lock_name(person_id, job_id) for person_id, job_id in payers}))


def _lock_name(person_id: int | None, job_id: int | None) -> str:
    payer = f"person:{person_id}" if person_id else f"job:{job_id}"
    return f"money:{required_tenant_id()}:{payer}"


def _lock_names(names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(%s::text[]) as name", [names]
        )
