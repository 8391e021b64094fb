"""Visibility of places: those with a job the member sees or sold."""

from django.db.models import QuerySet

from crm.jobs.models import Job
from crm.people.models import Property
from crm.platform.models import Member
from service.projects.project_list import PROJECTS


def visible_places(member: Member) -> QuerySet[Property]:
    """Return the places visible to a member."""
    jobs = Job.objects.visible_to(member).order_by()
    sold = PROJECTS.visible(member).order_by()
    of_jobs = Property.objects.filter(pk__in=jobs.filter(site__isnull=False).values("site_id"))
    places: QuerySet[Property] = of_jobs | Property.objects.filter(
        pk__in=sold.filter(site__isnull=False).values("site_id")
    )
    return places
