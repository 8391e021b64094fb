"""Create data quality problems in the demo: duplicate customers, missing and mistyped facts, to be corrected."""

from datetime import datetime, timedelta

from crm.jobs.models import Job
from crm.jobs.quality import checks
from crm.people.merging import duplicate_candidates
from crm.people.models import ContactPoint, Person, Property
from leads.models import Lead

MOST = 4


def create_flaws(now: datetime) -> None:
    """Create duplicates of known customers and mistyped facts, inside the tenant and after its jobs.

    What is wrong with the data is looked for too, so that a new demo shows it at once.
    """
    known = ContactPoint.objects.filter(kind=ContactPoint.PointKind.PHONE).order_by("person_id")
    people = []
    for point in known.select_related("person")[: 40 * MOST : 40]:
        person = Person.objects.create(name=_misheard(point.person.name), created_at=now - timedelta(days=2))
        ContactPoint.objects.create(person=person, kind=point.kind, value=point.value, created_at=person.created_at)
        people.append(person.pk)
    duplicate_candidates.look_at(people)
    duplicate_candidates.keep_looking()
    _slip()
    checks.check(list(Job.objects.open()))
    checks.keep_checking()


def _slip() -> None:
    """Remove or mistype facts of a few open leads, as happens on the telephone."""
    jobs = list(
        Job.objects.open().filter(person__isnull=False).order_by("number").values_list("pk", "person_id")[60:74]
    )
    without = [pk for pk, _person in jobs[:4]]
    Job.objects.filter(pk__in=without).update(source=None)
    # Nobody knows what was paid for a lead that nobody knows the source of.
    Lead.objects.filter(pk__in=without).update(campaign=None, cost=None)
    Job.objects.filter(pk__in=[pk for pk, _person in jobs[4:7]]).update(value=None)
    emails = ContactPoint.objects.filter(
        kind=ContactPoint.PointKind.EMAIL, person_id__in=[who for _pk, who in jobs[7:9]]
    )
    # Numbers go by when a lead came in, and so by the time of day: the demo's own customer may be among them.
    for point in emails.exclude(value__startswith="customer@"):
        point.value = f"{point.value.partition('@')[0]}@gmial.com"
        point.save(update_fields=["value"])
    for site in Property.objects.filter(pk__in=Job.objects.filter(pk__in=[pk for pk, _ in jobs[9:11]]).values("site")):
        site.postcode = site.postcode[:3]
        site.save()


def _misheard(name: str) -> str:
    """Misspell a name as if noted on the phone: the first name as an initial, doubled letters single."""
    first, _, rest = name.partition(" ")
    for letter in "lnstrme":
        rest = rest.replace(letter * 2, letter)
    return f"{first[0]}. {rest}" if rest else first[:-1]
