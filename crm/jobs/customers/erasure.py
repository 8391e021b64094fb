"""Personal data in jobs: titles, notes, texts of the next step, and addresses of places that only they use."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job, JobParty, Note
from crm.people.correction import set_own_fields
from crm.people.erasure import ErasureSubject, PersonalData, count_points, erase_points
from crm.people.models import Claim, Property
from crm.platform.models import ChangedRow

# What stands where words stood.
BLANK = "–"


def _jobs_of(people: frozenset[int]) -> "QuerySet[Job]":
    jobs: QuerySet[Job] = Job.objects.filter(person_id__in=people)
    return jobs


def _count_notes(people: frozenset[int]) -> int:
    return int(Note.objects.filter(job__in=_jobs_of(people)).count())


def _own_places(people: frozenset[int]) -> "QuerySet[Property]":
    """Return the properties that have no jobs of other people."""
    sites = set(_jobs_of(people).filter(site_id__isnull=False).values_list("site_id", flat=True))
    others = Job.objects.filter(site_id__in=sites).exclude(person_id__in=people).values_list("site_id", flat=True)
    places: QuerySet[Property] = Property.objects.filter(pk__in=sites - set(others))
    return places


def _count_places(people: frozenset[int]) -> int:
    return _own_places(people).count()


def _erase_jobs(subject: ErasureSubject) -> None:
    jobs = list(_jobs_of(subject.people).order_by("pk").values_list("pk", flat=True))
    Note.objects.filter(job_id__in=jobs).update(body=BLANK)
    Job.objects.filter(pk__in=jobs).update(title=subject.name, next_step_label="", own_fields={})
    # What an undo would put back.
    ChangedRow.objects.filter(model=Job._meta.label_lower, row_id__in=jobs).delete()
    JobParty.objects.filter(person_id__in=subject.people).exclude(job_id__in=jobs).delete()


def _erase_places(subject: ErasureSubject) -> None:
    places = list(_own_places(subject.people).order_by("pk"))
    Claim.objects.filter(site__in=places).delete()
    for place in places:
        # The event ends what triggers wait for by a date of the place.
        set_own_fields(place, {}, by=subject.by)
    blanks = {"street": BLANK, "postcode": "", "written": "", "address_key": BLANK}
    Property.objects.filter(pk__in=[place.pk for place in places]).update(**blanks)


DATA = [
    PersonalData(
        name="notes",
        label=_("Notes, and the titles of their leads"),
        count=_count_notes,
        erase=_erase_jobs,
    ),
    PersonalData(
        name="places",
        label=_("Addresses and claims of places that are theirs alone"),
        count=_count_places,
        erase=_erase_places,
    ),
    PersonalData(name="points", label=_("Name, addresses and numbers"), count=count_points, erase=erase_points),
]
