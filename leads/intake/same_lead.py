"""Find the lead that a submission is about: by external ID, returning visitor, or open job.

Rule: docs/rules.md#k18.
"""

from crm.jobs.creation.same_job import JobIdentity, differences
from crm.jobs.creation.same_place import NOWHERE, JobPlace
from crm.jobs.models import Job
from crm.kernel.normalization import name_key
from crm.people.identity.names import names_agree
from crm.people.lookup import current_people, points_of_nobody
from crm.people.models import ContactPoint, Person
from leads.models import IntakeDoor, Lead, Submission
from leads.new_lead import NewLead

# So many open jobs of one customer are compared, the newest first.
MOST_JOBS = 20


def lead_of_id(external_id: str, new: NewLead, door: IntakeDoor) -> Lead | None:
    """Return the lead with the same ID by this endpoint, and the same name or contact point.

    Two services may count alike, and a form may send its own number as the ID: the ID alone proves nothing.
    """
    if not external_id:
        return None
    lead = Lead.objects.filter(external_id=external_id).select_related("job__person").first()
    if lead is None or not Submission.objects.filter(lead=lead, door=door).exists():
        return None
    person = lead.job.person
    values = [value for _kind, value, _note in new.points()]
    shares_point = person is not None and ContactPoint.objects.reached_at(*values).filter(person=person).exists()
    is_named = person is not None and name_key(person.name) == name_key(new.name)
    if shares_point or is_named:
        return lead
    return None


def find_customer(new: NewLead) -> Person | None:
    """Return the customer of that name who confirmed one of the points, or who gave it and has an open lead."""
    points = [(kind, value) for kind, value, _note in new.points()]
    points_there = (
        ContactPoint.objects.reached_at(*(value for _kind, value in points)).select_related("person").order_by("pk")
    )
    alike = [point for point in points_there if names_agree(new.name, point.person.name)]
    confirmed = next((point.person_id for point in alike if point.verified_at), None)
    if confirmed is None:
        shared = points_of_nobody(points, name=new.name)
        confirmed = _returning_visitor({point.person_id for point in alike if point.value not in shared}, new)
    if confirmed:
        return Person.objects.get(pk=current_people([confirmed])[confirmed])
    return None


def _returning_visitor(person_ids: set[int], new: NewLead) -> int | None:
    """Return which of these people submitted an open lead of the brand before."""
    mine = Submission.objects.filter(lead__job__person__in=person_ids, lead__job__in=Job.objects.open())
    sent = mine.filter(lead__job__brand=new.brand, joined=False).order_by("-pk")
    return sent.values_list("lead__job__person_id", flat=True).first()


def open_job(person: Person, new: NewLead, *, external_id: str, is_pipeline_named: bool) -> Job | None:
    """Return the customer's open lead that a message belongs to, unless something names another (docs/rules.md#k18)."""
    sent = JobIdentity(
        external_id=external_id,
        place=JobPlace(*new.address[:4]) if new.address else NOWHERE,
        pipeline_id=new.pipeline.pk if is_pipeline_named else None,
    )
    jobs = Job.objects.open().filter(person=person).select_related("site", "lead").order_by("-came_in_at", "-pk")
    return next((job for job in jobs[:MOST_JOBS] if not differences(sent, _facts_of(job))), None)


def _facts_of(job: Job) -> JobIdentity:
    lead = getattr(job, "lead", None)
    site = job.site
    if site:
        place = JobPlace(site.street, site.postcode, site.city, site.region)
    else:
        place = JobPlace(city=job.place)
    return JobIdentity(external_id=lead.external_id if lead else "", place=place, pipeline_id=job.pipeline_id)
