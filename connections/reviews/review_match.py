"""Find the lead that a review is about, by one rule; what the rule leaves is matched by a person.

A review belongs to the only customer with exactly the name of its author who bought within the year before it was
written: to the last lead that they bought. A name of one word matches none.
"""

from datetime import timedelta

from connections.models import Review
from crm.jobs.models import Job
from crm.kernel.normalization import name_key
from crm.people.models import Person
from leads.models import Lead

RECENT = timedelta(days=365)
# More customers of one name than these are not looked at: none of them is the only one.
_MOST = 20


def find_job(review: Review) -> Job | None:
    """Return the lead of a review by the rule; None if none or several customers fit."""
    key = name_key(review.author)[:200]
    if len(key.split()) < 2:
        return None
    people = list(Person.objects.distinct_ones().filter(name_key=key).values_list("pk", flat=True)[: _MOST + 1])
    if not people or len(people) > _MOST:
        return None
    jobs = Job.objects.filter(person__in=people).order_by()
    won = Lead.objects.filter(
        job__in=jobs.values("pk"), won_at__lte=review.written_at, won_at__gt=review.written_at - RECENT
    )
    leads = list(won.select_related("job").order_by("-won_at", "-pk"))
    if not leads or len({lead.job.person_id for lead in leads}) > 1:
        return None
    job: Job = leads[0].job
    return job
