"""The demo's doubles: a few customers who called again and were written down anew, for somebody to merge."""

from datetime import datetime, timedelta

from crm.jobs import likenesses
from crm.jobs.models import Job
from crm.people.models import ContactPoint, Person
from leads.quality import checking

MOST = 4


def lay_down(now: datetime) -> None:
    """Inside the tenant, after its jobs: records that hold one point of somebody known, under another spelling.

    What is wrong with the data is looked for too, so that a new demo shows it at once.
    """
    known = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE).order_by("person_id")
    people = []
    for point in known.select_related("person")[: 40 * MOST : 40]:
        person = Person.objects.create(name=_misheard(point.person.name), created_at=now - timedelta(days=2))
        ContactPoint.objects.create(person=person, kind=point.kind, value=point.value, created_at=person.created_at)
        people.append(person.pk)
    likenesses.look_at(people)
    likenesses.keep_looking()
    checking.check(list(Job.objects.open()))
    checking.keep_checking()


def _misheard(name: str) -> str:
    """As one writes down what was said on the phone: the first name short, a doubled letter single."""
    first, _, rest = name.partition(" ")
    for letter in "lnstrme":
        rest = rest.replace(letter * 2, letter)
    return f"{first[0]}. {rest}" if rest else first[:-1]
