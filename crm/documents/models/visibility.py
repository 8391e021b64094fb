"""Document visibility: staff only, or the customer too; and querysets limited to what a member may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member, TenantQuerySet


class DocumentVisibility(models.TextChoices):
    INTERNAL = "internal", _("Only us")
    CUSTOMER = "customer", _("The customer too")


class DocumentQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter documents a member may see: by their job, else their customer, else a job at their property."""
        if limited_to(member) is None:
            return self
        jobs = Job.objects.visible_to(member).order_by()
        return self.filter(
            Q(job_id__in=jobs.values("pk"))
            | Q(job=None, person_id__in=visible_people(member).order_by().values("pk"))
            | Q(job=None, person=None, site_id__in=jobs.filter(site__isnull=False).values("site_id"))
        )

    def live(self) -> Self:
        """Exclude archived documents."""
        return self.filter(archived_at=None)

    def for_customer(self) -> Self:
        """Filter documents the customer may see."""
        return self.live().filter(visibility=DocumentVisibility.CUSTOMER)

    def of_job(self, job: Job) -> Self:
        """Filter documents shown on a job: its own, its customer's and its property's."""
        condition = Q(job_id=job.pk)
        if job.person_id:
            condition |= Q(job=None, person_id=job.person_id)
        if job.site_id:
            condition |= Q(job=None, person=None, site_id=job.site_id)
        return self.filter(condition)


class OfJobQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter requests of jobs a member may see."""
        if limited_to(member) is None:
            return self
        return self.filter(job_id__in=Job.objects.visible_to(member).order_by().values("pk"))
