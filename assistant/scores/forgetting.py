"""Delete the scores of a customer who objects to profiling."""

from assistant.models import LeadScore
from crm.jobs.models import Job
from crm.people.models import Person


def forget_scores(person: Person, **_extra: object) -> None:
    """Delete the scores of a person's leads, those set by hand among them."""
    LeadScore.objects.filter(job__in=Job.objects.filter(person=person)).delete()
