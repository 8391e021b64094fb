"""The page of a place: what it shows, of whom, and who may see it."""

import pytest
from django.urls import reverse

from crm.documents.kinds import begin
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Claim, Person
from crm.platform.tenancy.context import use_tenant
from service.models import Asset
from tests.cast import House
from tests.followups.conftest import Browser
from tests.queries import data_queries


@pytest.mark.django_db
def test_all_about_a_place(house: House, job: Job) -> None:
    begin()
    permit, photo = DocumentKind.objects.get(name="Permit"), DocumentKind.objects.get(name="Photo")
    passport = DocumentKind.objects.get(name="Passport")
    Claim.note(job.site, "State Farm", "59-B112-7342", by=house.rita)
    Asset.objects.create(site=job.site, job=job, name="Charcoal roof")
    other = open_job(
        title="Nora Neighbour", person=Person.objects.create(name="Nora"), by=house.mona, member=house.mona
    )
    Job.objects.filter(pk=other.pk).update(site=job.site)

    def paper(title: str, kind: DocumentKind, *, sent: bool = False) -> Document:
        made: Document = Document.objects.create(
            job=job,
            kind=kind,
            title=title,
            media_type="image/jpeg",
            size=9,
            taken_at=clock.now(),
            sent_by=house.cora if sent else None,
        )
        return made

    # A picture a customer sends keeps the kind it answers for, and stands among the photos: but nothing personal.
    hung = [paper("Roof", photo).in_gallery, paper("Permit", permit, sent=True).in_gallery]
    assert (hung, paper("Scan", permit).in_gallery) == ([True, True], False)
    assert not paper("Passport", passport, sent=True).in_gallery
    place = reverse("service:place", args=[house.tenant.slug, job.site.uid]).removeprefix(f"/{house.tenant.slug}/")
    rita, mona = Browser(house, house.rita), Browser(house, house.mona)
    page = rita.get(place)
    for told in ("2207 Bayshore Ct", "Cora Customer", "State Farm", "7342", "Charcoal roof", "Permit", "Roof"):
        assert told in page, told
    # Somebody else's job there stays theirs, and a claim's number is never whole.
    assert ("Nora" in page, "59-B112" in page, "Nora" in mona.get(place)) == (False, False, True)
    assert place in rita.get(f"leads/{job.number}/")
    with data_queries() as few:
        rita.get(place)
    with use_tenant(house.tenant):
        for number in range(3):
            paper(f"Again {number}", permit)
    with data_queries() as many:
        rita.get(place)
    assert len(many) == len(few)
