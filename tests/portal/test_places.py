"""Places: grouped by how far the work is; what may be theirs too is suggested to us, and confirmed by a person."""

import re
from datetime import timedelta

from django.test import Client

from comms.models import Message
from crm.documents.kinds import begin
from crm.documents.models import DocumentRequest
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.people.models import Claim, Person, Property
from crm.platform.tenancy.context import use_tenant
from portal.access.staff.invitation import invite
from portal.portfolio.staff_views import suggested_jobs
from tests.cast import Cast, House
from tests.documents.conftest import kind
from tests.markup import flat
from tests.portal.conftest import FIREFOX, Coming, point_of


def test_work_at_the_same_address_or_of_one_claim_is_linked_once_somebody_confirms_it(
    cast: Cast, portal_client: Coming
) -> None:
    house, staff = cast.house, Client()
    staff.force_login(house.mona.user)
    with use_tenant(house.tenant):
        nora = Person.objects.create(name="Nora Neighbour")
        same = Property.objects.create(
            street="2207 Bayshore CT.", city="Tampa", region="FL", postcode="33611", country="US"
        )
        elsewhere, far = (Property.objects.create(street=f"{n} Oak St", city="Tampa", country="US") for n in (1, 2))
        for site in (house.job.site, elsewhere):
            Claim.note(site, "Gulf Mutual", "HO-7781", by=None)
        jobs = [open_job(title=f"Nora {n}", person=nora, site=s, by=None) for n, s in enumerate((same, elsewhere, far))]
        found = {one.job.pk: str(one.why) for one in suggested_jobs(house.cora, house.mona)}
        assert found == {jobs[0].pk: "The same address", jobs[1].pk: "The same claim number"}
    base = f"/{house.tenant.slug}/portal/places/{house.cora.uid}/"
    assert "May be theirs too" in staff.get(base).content.decode()
    staff.post(f"{base}{jobs[0].number}/", {"role": "owner"})
    staff.post(f"{base}{jobs[1].number}/", {"no": "1"})
    assert staff.post(f"{base}{jobs[2].number}/", {"role": "owner"}).status_code == 404
    with use_tenant(house.tenant):
        assert suggested_jobs(house.cora, house.mona) == []
        house.job.finish(by=house.rita)
    page = flat(portal_client(house.cora).get(f"/my/{house.tenant.slug}/").content.decode())
    assert page.index("Being arranged") < page.index("2207 Bayshore CT.") < page.index("Finished")
    assert "Oak St" not in page


def test_the_list_says_of_each_place_what_comes_what_waits_and_what_is_unread(
    cast: Cast, portal_client: Coming
) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        second = open_job(title="Second", person=house.cora, by=None)
        begin()
        DocumentRequest.ask(second, "Roof plan", kind=kind("Permit"), by=house.rita)
        at = clock.now() + timedelta(days=30)
        Appointment.book(
            house.job, AppointmentType.objects.create(name="Roof visit"), at, [house.sam], by=house.sam, anyway=True
        )
        common = {"brand": house.job.brand, "job": house.job, "person": house.cora, "address": "cora@x.example"}
        Message.objects.create(
            **common, medium="email", direction="out", state="sent", text="We come", author=house.rita
        )
    client = portal_client(house.cora)
    page = flat(client.get(f"/my/{house.tenant.slug}/places/").content.decode())
    assert "Next: Roof visit" in page
    assert "1 new message" in page
    assert "1 for you to do" in page
    client.get(f"/my/{house.tenant.slug}/jobs/{house.job.number}/")
    assert "1 new message" not in flat(client.get(f"/my/{house.tenant.slug}/places/").content.decode())


def test_one_invitation_opens_all_places_with_a_code(writing_house: House) -> None:
    house = writing_house
    open_job(title="Second", person=house.cora, by=None)
    sent = invite(point_of(house.cora), house.job, by=house.rita)
    link = re.search(r"/my/\S+?/open/[^\s)\"]+", sent.text)
    assert link is not None
    page = Client(headers={"user-agent": FIREFOX}).get(link[0], follow=True)
    assert "/sign-in/?next=" in page.redirect_chain[-1][0]
    assert "Email me a code" in page.content.decode()
