"""Who may come into the customers' page: everybody whose work is sold, and the customer a visitor plays."""

from datetime import datetime, timedelta

from django.db.models import Q

from crm.jobs.models import Job, JobParty, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.models import ContactPoint, Person
from portal.models import PortalAccess

# Beside the customer a visitor plays: who else is part of their work.
OTHERS = {
    "suncoast": (("Lucia Salinas", "lucia.salinas@mail.example", "spouse"), ("Ray Dominguez", "", "adjuster")),
    "chargeline": (("Tom Hofman", "tom.hofman@mail.example", "spouse"),),
}


def create_access(slug: str, now: datetime) -> None:
    """Let them in; who is part of the played customer's newest work has a role in it."""
    setup = pipeline_setup()
    sold = [pk for pk in setup.stages if setup.is_sold(pk)]
    bought = Job.objects.filter(Q(state=JobState.DONE) | Q(state=JobState.OPEN, stage__in=sold), person__erased_at=None)
    people = set(bought.exclude(person=None).values_list("person_id", flat=True))
    played = ContactPoint.objects.filter(value=f"customer@{slug}.example").select_related("person").first()
    if played:
        people.add(played.person_id)
        _involve(played.person, slug)
    PortalAccess.objects.bulk_create(
        PortalAccess(person_id=pk, state=PortalAccess.State.INVITED, invited_at=now - timedelta(days=20))
        for pk in sorted(people)
    )


def _involve(customer: Person, slug: str) -> None:
    job = Job.objects.filter(person=customer).order_by("-pk").first()
    for name, address, role in OTHERS.get(slug, ()) if job else ():
        person = Person.objects.create(name=name)
        if address:
            ContactPoint.objects.create(person=person, kind=ContactPoint.PointKind.EMAIL, value=address)
        JobParty.objects.create(job=job, person=person, role=role)
