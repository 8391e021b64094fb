"""Insurance claims visible to a customer: their own, never those of a property's previous owner."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from crm.jobs.models import Job
from crm.people.models import Claim
from crm.platform.models import Event


def claims_of(jobs: Sequence[Job]) -> Any:
    """Return the claims of these jobs: all of a site with one customer, else only those linked to a job.

    A claim is a place's, and a place is sold: what was told at a job of another customer there is not theirs to read.
    """
    sites = {job.site_id for job in jobs if job.site_id}
    customers = defaultdict[int, set[int | None]](set)
    for site_id, person_id in Job.objects.filter(site_id__in=sites).order_by().values_list("site_id", "person_id"):
        customers[site_id].add(person_id)
    alone = [site_id for site_id in sites if len(customers[site_id]) == 1]
    noted_here = Event.objects.filter(kind="claim.noted", job_id__in=[job.pk for job in jobs]).values("subject_id")
    return Claim.objects.filter(Q(site_id__in=alone) | Q(pk__in=noted_here), site_id__in=sites).order_by("pk")
